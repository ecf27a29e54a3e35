import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { Reading } from '../../src/order.ts'
import type { ShopPlatform } from '../../src/shops/platform.ts'
import { platforms } from '../../src/shops/registry.ts'
import { bytes, headers } from './bodies.ts'
import { bigcommerce } from './corpus/bigcommerce.ts'
import type { Expected } from './corpus/expected.ts'
import { medusa } from './corpus/medusa.ts'
import { shopify } from './corpus/shopify.ts'
import { square } from './corpus/square.ts'
import { standard } from './corpus/standard.ts'
import { stripe } from './corpus/stripe.ts'
import { woocommerce } from './corpus/woocommerce.ts'

/**
 * Published samples and vectors of the shops, which are not ours to keep here: RISITI_CORPUS names their folder. It may be a
 * folder of anybody's recorded payloads too; those are read, must not throw, and are listed.
 */
const folder = process.env['RISITI_CORPUS'] ?? ''
const PAYLOADS: Expected[] = [...woocommerce, ...shopify, ...standard, ...stripe, ...square, ...bigcommerce, ...medusa]
const isOurs = existsSync(join(folder, 'payloads', 'SOURCES.md')) && folder !== ''

const vectorShape = z.object({
  secret: z.string(),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
  valid: z.boolean().nullable(),
  now: z.number().optional(),
  notification_url: z.string().optional(),
})

const SCHEMES: { prefix: string; platform: ShopPlatform; files: number }[] = [
  { prefix: 'shopify.', platform: platforms.shopify, files: 4 },
  { prefix: 'woocommerce.', platform: platforms.woocommerce, files: 4 },
  { prefix: 'standard-webhooks.', platform: platforms.standard, files: 4 },
  { prefix: 'standard-webhooks.', platform: platforms.medusa, files: 4 },
  { prefix: 'stripe.', platform: platforms.stripe, files: 4 },
  { prefix: 'square.', platform: platforms.square, files: 2 },
  { prefix: 'bigcommerce.', platform: platforms.bigcommerce, files: 1 },
]

describe.skipIf(!isOurs)('vectors', () => {
  const vectors = isOurs ? readdirSync(join(folder, 'vectors')) : []
  for (const { prefix, platform, files } of SCHEMES) {
    const own = vectors.filter((file) => file.startsWith(prefix))
    test(`there are some for ${platform.name}`, () => {
      expect(own.length).toBeGreaterThanOrEqual(files)
    })
    test.each(own)(`${platform.name}: %s`, (file) => {
      const vector = vectorShape.parse(JSON.parse(readFileSync(join(folder, 'vectors', file), 'utf8')))
      const url = vector.notification_url
      const delivery = { headers: headers(vector.headers), body: bytes(vector.body), ...(url && { url }) }
      const verdict = platform.verify(delivery, [vector.secret], (vector.now ?? 0) * 1000)
      // Arithmetically right with an empty secret is still refused: anybody could sign so.
      const expected = vector.valid === null ? 'ping' : vector.valid && vector.secret !== ''
      expect(verdict.ok).toBe(expected)
    })
  }
})

describe.skipIf(!isOurs)('payloads', () => {
  test('every one of ours has an expectation', () => {
    const folders = new Set(PAYLOADS.map(({ file }) => file.split('/')[0] ?? ''))
    const stored = [...folders].flatMap((shop) =>
      readdirSync(join(folder, 'payloads', shop)).map((file) => `${shop}/${file}`),
    )
    expect(PAYLOADS.map(({ file }) => file).toSorted()).toEqual(stored.toSorted())
  })

  test.each(PAYLOADS)('$file', async (expected) => {
    const body = readFileSync(join(folder, 'payloads', expected.file))
    const [reading, ...more] = await readingsOf(expected, body)
    expect(more).toEqual([])
    const reason = reading?.kind === 'ignored' ? reading.reason : ''
    expect(reason).toMatch(expected.ignored ?? /^$/)
    expect(reading).toMatchObject(wanted(expected))
  })
})

function wanted({ order, claim, privacy }: Expected) {
  if (order) return { kind: 'order', order }
  if (claim) return { kind: 'claim', claim }
  return privacy ? { kind: 'privacy', request: privacy } : { kind: 'ignored' }
}

/** What the file itself says, or, of an API's answer, what asking for it says. */
async function readingsOf({ platform: name, topic, asked }: Expected, body: Uint8Array): Promise<Reading[]> {
  const platform: ShopPlatform = platforms[name]
  const options = { topic, country: 'TZ' }
  if (asked === undefined) return platform.read(body, options)
  const { subject, path, credentials } = asked
  const answer: unknown = JSON.parse(Buffer.from(body).toString('utf8'))
  const claim = { subject, amount: null, currency: null, reference: null, occurredAt: null }
  const api = { request: (call: { path: string }) => Promise.resolve(call.path === path ? answer : null) }
  const at = { api, now: 0 }
  const confirmation = await platform.confirmer?.confirm({ claim, body: bytes({}), options, credentials, ...at })
  return confirmation?.kind === 'confirmed' ? confirmation.readings : []
}

describe.skipIf(folder === '')('anybody’s payloads', () => {
  const known = new Set(PAYLOADS.map(({ file }) => join('payloads', file)))
  const strangers = (folder === '' ? [] : filesIn(folder)).filter((file) => !known.has(file))

  test('each is read by every platform without a throw', () => {
    const rows = strangers.map((file) => {
      const body = readFileSync(join(folder, file))
      const kinds = Object.entries<ShopPlatform>(platforms).flatMap(([name, platform]) => {
        const readings = platform.read(body, { topic: null, country: 'TZ' })
        const told = readings.filter(({ kind }) => kind !== 'ignored').map(({ kind }) => kind)
        return told.length === 0 ? [] : [`${name}: ${told.join(', ')}`]
      })
      return `${file}: ${kinds.join('; ') || 'ignored by all'}`
    })
    if (rows.length > 0) console.info(rows.join('\n'))
    expect(rows).toHaveLength(strangers.length)
  })
})

function filesIn(root: string): string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .map((file) => relative(root, join(root, file)))
    .filter((file) => !file.endsWith('.md') && statSync(join(root, file)).isFile())
}
