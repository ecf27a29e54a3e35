import { type ToyPlatform, toyMessage, toyWebhook } from '../../src/sandbox/toy-shop.ts'
import { BENT, HARMLESS, MOVED } from './bend.ts'
import { apply, bytesOf, type Draft, draftOf, set } from './draft.ts'
import { BODIES, RARE_BODIES } from './mutate.ts'
import type { Random } from './random.ts'
import { SIGN, signWrongly } from './sign.ts'
import { API_TOKEN, paidOrder, SECRETS, SHOPS } from './target.ts'

export interface Case {
  bytes: Buffer
  /** `ok`: signed and well-formed, so 2xx. `nothing`: no secret was known, so no row. `any`: whatever, but no 5xx. */
  expect: 'ok' | 'nothing' | 'any'
  /** Whether 2xx would be wrong even without a row: the address itself asks for a signature or token. */
  refused: boolean
  /** An accepted shop delivery answers with its event. */
  delivery: boolean
  /** To an address under /v1, unless it was moved. */
  api: boolean
  what: string
}

const PLATFORMS = ['woocommerce', 'shopify', 'standard'] as const
const TOPICS = {
  woocommerce: ['order.updated', 'order.created', 'order.deleted'],
  shopify: ['orders/paid', 'orders/updated', 'orders/create', 'refunds/create'],
  standard: ['order.paid', 'order.updated', 'order.refunded'],
} as const

function shopDraft(platform: ToyPlatform, random: Random): Draft {
  const now = Date.now()
  const id = String(random.chance(0.1) ? random.below(1_000_000) : 4000 + random.below(50))
  const order = paidOrder('255754000111', now - random.below(100_000), id)
  const refunded = random.chance(0.15) ? { refunds: [{ id: '1', amount: 9_000_00, at: now }] } : {}
  const asMessage = platform === 'standard' && random.chance(0.25)
  const { headers, body } = asMessage
    ? toyMessage(SECRETS.standard, { from: '255754000222', text: 'Naomba bei', at: now - random.below(1000) })
    : toyWebhook(platform, SECRETS[platform], { ...order, ...refunded }, random.pick(TOPICS[platform]), now)
  return draftOf('POST', `/webhooks/${SHOPS[platform]}`, headers, body)
}

function karibuDraft(random: Random): Draft {
  const uuid = () => `${'0'.repeat(8)}-0000-4000-8000-${String(random.below(1e9)).padStart(12, '0')}`
  const event = random.pick([
    'whatsapp.sent',
    'whatsapp.delivered',
    'whatsapp.read',
    'whatsapp.failed',
    'whatsapp.received',
    'whatsapp.new',
  ])
  const data = { message_id: uuid(), provider_message_id: 'wamid.X', error_code: 131047, error_message: 'closed' }
  const body = { event, event_id: `wa_${random.below(1e9)}`, timestamp: new Date().toISOString(), data }
  return draftOf('POST', '/webhooks/karibu', { 'content-type': 'application/json' }, JSON.stringify(body))
}

const QUERIES = [
  '',
  '?limit=1',
  '?limit=0',
  '?limit=1e9',
  '?limit=-1',
  '?limit[]=2',
  '?cursor=x',
  '?cursor=bXNnX3g',
  '?status=sent',
  '?status=sent,x',
  '?since=2026-01-01',
  '?since=now',
  '?since=%00',
  '?q=%',
  '?q=%25%25%25',
  `?q=${'%5F'.repeat(60)}`,
  '?q=%ff',
  '?to=+255',
  '?to=255754000111',
  '?order=%F0%9F%A7%BE',
  '?unknown=1',
  '?__proto__=1',
  '?limit=1&limit=2',
  `?q=${'a'.repeat(5000)}`,
  '?since=+275760-09-13T00:00:00Z',
  '?error_code=',
] as const
const V1_READS = [
  '/v1/messages',
  '/v1/messages',
  '/v1/events',
  '/v1/conversations',
  '/v1/stats',
  '/v1/messages/msg_x',
  '/v1/messages/%00',
  '/v1/messages/%ff',
  '/v1/conversations/255754000111',
  '/v1/conversations/%F0%9F',
  '/v1/events/evt_x',
  `/v1/messages/${'m'.repeat(3000)}`,
  '/v1/conversations/__proto__',
] as const
const V1_ACTS = [
  '/v1/messages',
  '/v1/messages',
  '/v1/messages',
  '/v1/messages/msg_x/retry',
  '/v1/messages/msg_x/cancel',
  '/v1/events/evt_x/replay',
  '/v1/messages/%2e%2e/retry',
] as const

function apiDraft(random: Random): Draft {
  if (random.chance(0.5)) return draftOf('GET', random.pick(V1_READS) + random.pick(QUERIES), {}, '')
  const body = {
    to: '255754000333',
    sender: '255700000001',
    shop: 'duka',
    order_id: '4001',
    caption: 'Habari',
    image: random.chance(0.5) ? 'receipt' : { url: 'http://127.0.0.1:1/x.png' },
    image_url: 'http://127.0.0.1:1/x.png',
    when_closed: 'hold',
  }
  const headers = { 'content-type': 'application/json', 'idempotency-key': `k${random.below(100)}` }
  return draftOf('POST', random.pick(V1_ACTS), headers, JSON.stringify(body))
}

const TOKENS = [
  null,
  '',
  'Bearer',
  'Bearer ',
  'Bearer wrong',
  `Bearer ${API_TOKEN}x`,
  `Basic ${API_TOKEN}`,
  `Bearer ${'x'.repeat(6000)}`,
  'Bearer \xff',
  `Bearer ${API_TOKEN.toUpperCase()}`,
  `bearer\t${API_TOKEN}z`,
  'Bearer null',
] as const

/** One mutated request. `trusted` is whether it may know the secret or token. */
export function makeCase(random: Random, trusted: boolean): Case {
  const kind = random.pick([
    'woocommerce',
    'shopify',
    'standard',
    'woocommerce',
    'shopify',
    'standard',
    'karibu',
    'karibu',
    'api',
    'api',
  ] as const)
  const draft = kind === 'api' ? apiDraft(random) : kind === 'karibu' ? karibuDraft(random) : shopDraft(kind, random)
  draft.what.push(kind, trusted ? 'trusted' : 'untrusted')
  for (let count = random.below(3); count > 0; count--) {
    apply(BODIES, draft, random, random.chance(0.97) ? RARE_BODIES : new Set())
  }
  if (kind === 'api') {
    const token = trusted ? `Bearer ${API_TOKEN}` : random.pick(TOKENS)
    if (token !== null) draft.headers.push(['authorization', token])
  } else if (trusted) SIGN[kind](draft, SECRETS[kind], random)
  else signWrongly(draft, kind, random)
  if (draft.body.length > 0 || draft.method === 'POST') set(draft, 'content-length', String(draft.body.length))
  set(draft, 'connection', 'close')
  if (random.chance(0.35)) apply(HARMLESS, draft, random)
  if (random.chance(0.15)) {
    apply(BENT, draft, random)
    draft.bent = true
  }
  if (random.chance(0.1)) {
    apply(MOVED, draft, random)
    draft.moved = true
  }
  const straight = !draft.bent && !draft.moved && draft.body.length <= 2 * 1024 * 1024
  return {
    bytes: bytesOf(draft),
    expect: !trusted ? 'nothing' : straight && kind !== 'api' ? 'ok' : 'any',
    refused: !trusted && !draft.moved,
    api: kind === 'api',
    delivery: PLATFORMS.some((platform) => platform === kind),
    what: `${draft.method} ${draft.path.slice(0, 60)} ${draft.what.join(' ')} body ${draft.body.length}`,
  }
}
