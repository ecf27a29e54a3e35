import { createHmac } from 'node:crypto'
import type { ToyPlatform } from '../../src/sandbox/toy-shop.ts'
import { type Draft, set } from './draft.ts'
import type { Random } from './random.ts'

const hmac = (key: string | Buffer, body: Buffer | string, form: 'base64' | 'hex') =>
  createHmac('sha256', key).update(body).digest(form)

type Signer = (draft: Draft, secret: string, random: Random) => void

/** As the platform signs the body as it now is. */
export const SIGN: Record<ToyPlatform | 'karibu', Signer> = {
  woocommerce: (draft, secret) => set(draft, 'x-wc-webhook-signature', hmac(secret, draft.body, 'base64')),
  shopify: (draft, secret) => set(draft, 'x-shopify-hmac-sha256', hmac(secret, draft.body, 'base64')),
  standard(draft, secret, random) {
    const id = `msg_${random.below(1e9)}`
    const timestamp = String(Math.floor(Date.now() / 1000))
    const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
    const signed = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), draft.body])
    set(draft, 'webhook-id', id)
    set(draft, 'webhook-timestamp', timestamp)
    set(draft, 'webhook-signature', `v1,${hmac(key, signed, 'base64')}`)
  },
  karibu: (draft, secret) => set(draft, 'x-briq-signature', `sha256=${hmac(secret, draft.body, 'hex')}`),
}
const SIGNATURE = {
  woocommerce: 'x-wc-webhook-signature',
  shopify: 'x-shopify-hmac-sha256',
  standard: 'webhook-signature',
  karibu: 'x-briq-signature',
} as const

/** Whatever is done here, no secret is used. */
export function signWrongly(draft: Draft, kind: ToyPlatform | 'karibu', random: Random): void {
  SIGN[kind](draft, `whsec_${Buffer.from('somebody else knows this one').toString('base64')}`, random)
  const name = SIGNATURE[kind]
  const given = draft.headers.find(([header]) => header === name)?.[1] ?? ''
  const wrong = random.pick([
    given,
    given,
    null,
    '',
    ' ',
    given.slice(0, -1),
    `${given}=`,
    given.toLowerCase(),
    given.replace('v1,', 'v2,').replace('sha256=', 'sha1='),
    'A'.repeat(44),
    '0'.repeat(64),
    `sha256=${'0'.repeat(64)}`,
    'x'.repeat(7000),
    '\xff\xfe\x80',
    `${given}, ${given}`,
    'v1,AAAA '.repeat(500),
    'null',
    'undefined',
    '[object Object]',
    '${SECRET}',
  ])
  draft.headers = draft.headers.filter(([header]) => header !== name)
  if (wrong !== null) draft.headers.push([name, wrong])
}
