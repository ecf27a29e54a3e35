import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { Confirmation, PlatformApi, ShopPlatform } from '../../src/shops/platform.ts'
import { platforms } from '../../src/shops/registry.ts'
import { bytes, headers } from './bodies.ts'
import { claimIn, NOW } from './confirm-api.ts'
import {
  azampayCallback,
  clickpesaPayment,
  flutterwaveV3,
  flutterwaveV4,
  pesapalStatus,
  selcomCallback,
  selcomStatus,
} from './money-bodies.ts'
import { faultsOf, mutate, seeded } from './mutate.ts'

const { flutterwave, clickpesa, pesapal, azampay, selcom } = platforms

interface Gateway {
  name: string
  platform: ShopPlatform
  notification: unknown
  /** What its API says of that payment. */
  answer: unknown
  given: Record<string, string>
  total: number
}

const GATEWAYS: Gateway[] = [
  {
    name: 'flutterwave v3',
    platform: flutterwave,
    notification: flutterwaveV3(),
    answer: { status: 'success', data: flutterwaveV3().data },
    given: { secret_key: 'k' },
    total: 1_800_000,
  },
  {
    name: 'flutterwave v4',
    platform: flutterwave,
    notification: flutterwaveV4(),
    answer: { status: 'success', data: flutterwaveV4().data },
    given: { client_id: 'i', client_secret: 's' },
    total: 152_000,
  },
  {
    name: 'clickpesa',
    platform: clickpesa,
    notification: { event: 'PAYMENT RECEIVED', data: clickpesaPayment() },
    answer: [clickpesaPayment()],
    given: { client_id: 'i', api_key: 'k' },
    total: 1_800_000,
  },
  {
    name: 'pesapal',
    platform: pesapal,
    notification: { OrderTrackingId: 'a1b2-c3', OrderMerchantReference: 'DUKA-77' },
    answer: pesapalStatus(),
    given: { consumer_key: 'k', consumer_secret: 's' },
    total: 1_800_000,
  },
  {
    name: 'azampay',
    platform: azampay,
    notification: azampayCallback(),
    answer: { success: true, data: { status: 'success', amount: '18000', externalReferenceId: 'DUKA-77' } },
    given: { app_name: 'a', client_id: 'i', client_secret: 's' },
    total: 1_800_000,
  },
  {
    name: 'selcom',
    platform: selcom,
    notification: selcomCallback(),
    answer: selcomStatus(),
    given: { api_key: 'k', api_secret: 's' },
    total: 1_800_000,
  },
]

const ODD_TEXTS = [
  '',
  '{',
  '[]',
  'null',
  '"paid"',
  '1e999',
  '{"__proto__":{"status":"SUCCESS"}}',
  '%00',
  '\ufeff{}',
  '='.repeat(5000),
]

/** Every log-in is good; all else is answered with `answer`. */
function apiSaying(answer: unknown): PlatformApi {
  const token = { token: 't', access_token: 't', data: { accessToken: 't' } }
  return { request: ({ method }) => Promise.resolve(method === 'POST' ? token : answer) }
}

describe.each(GATEWAYS)('$name', ({ platform, notification, answer, given, total }) => {
  const options = { topic: null, country: 'TZ', credentials: Object.keys(given), query: '' }
  const body = bytes(notification)

  async function ask(said: unknown): Promise<Confirmation | undefined> {
    const claim = claimIn(platform.read(body, options))
    const input = { claim, body, options, credentials: given, api: apiSaying(said), now: NOW }
    return await platform.confirmer?.confirm(input)
  }

  test('no change to its notification makes reading throw or give something insane', () => {
    const random = seeded(20_261_125)
    const faults: string[] = []
    for (let round = 0; round < 150; round++) {
      const mutated = bytes(mutate(notification, random))
      faults.push(...platform.read(mutated, options).flatMap(faultsOf))
      // Without credentials some are believed at once.
      faults.push(...platform.read(mutated, { ...options, credentials: [] }).flatMap(faultsOf))
      platform.answer?.({ headers: headers({}), body: mutated, query: '%' })
    }
    expect(faults).toEqual([])
  })

  test('neither does any cut or flipped byte, nor what is no notification at all', () => {
    const random = seeded(11)
    const bodies = ODD_TEXTS.map((text) => bytes(text))
    for (let round = 0; round < 150; round++) {
      const cut = Uint8Array.from(body.slice(0, Math.ceil(random() * body.length)))
      if (round % 2 === 0) cut[Math.floor(random() * cut.length)] = Math.floor(random() * 256)
      bodies.push(cut)
    }
    expect(bodies.flatMap((odd) => platform.read(odd, options)).flatMap(faultsOf)).toEqual([])
    expect(bodies.slice(0, ODD_TEXTS.length).flatMap((odd) => platform.read(odd, options))).toEqual(
      ODD_TEXTS.map(() => ({ kind: 'ignored', reason: expect.any(String) })),
    )
  })

  test('verifying them never throws, and nothing odd is signed', () => {
    const random = seeded(5)
    for (let round = 0; round < 40; round++) {
      const mutated = bytes(mutate(notification, random))
      for (const header of ['', 'x', '\u0000', 'é'.repeat(40), 'a'.repeat(64)]) {
        const odd = { get: () => header }
        const verdict = platform.verify({ headers: odd, body: mutated }, ['a-secret', ''], NOW)
        expect(verdict.ok === true).toBe(platform.unsigned === true)
      }
    }
  })

  test('a true answer confirms the payment as it is', async () => {
    const confirmation = await ask(answer)
    expect(confirmation).toMatchObject({ kind: 'confirmed', readings: [{ kind: 'order', order: { total } }] })
  })

  test('no change to the answer confirms another amount, or makes asking throw', async () => {
    const random = seeded(31)
    const faults: string[] = []
    let confirmed = 0
    for (let round = 0; round < 150; round++) {
      const confirmation = await ask(mutate(answer, random))
      if (confirmation?.kind !== 'confirmed') continue
      confirmed++
      faults.push(...confirmation.readings.flatMap(faultsOf))
      for (const reading of confirmation.readings) {
        // Pesapal's notification names no amount, so its own word is the only one.
        const right = reading.kind === 'order' && (reading.order.total === total || platform === pesapal)
        if (!right) faults.push(JSON.stringify(reading).slice(0, 300))
      }
    }
    expect(faults).toEqual([])
    expect(confirmed).toBeGreaterThan(0)
  })

  test.each([null, undefined, 'ok', 7, [], [null], {}, { data: null }, { data: [] }, { status: 'success' }])(
    'the answer %j proves nothing',
    async (said) => {
      expect(['denied', 'undecided']).toContain((await ask(said))?.kind)
    },
  )
})

test('keys of the prototype are no status, name or way of paying', async () => {
  for (const status of ['constructor', '__proto__', 'toString', 'hasOwnProperty']) {
    const said = { data: flutterwaveV3({ status }).data }
    const claim = claimIn(flutterwave.read(bytes(flutterwaveV3()), { topic: null, country: 'TZ' }))
    const input = { claim, body: bytes(''), options: { topic: null, country: 'TZ' }, credentials: { secret_key: 'k' } }
    expect(await flutterwave.confirmer?.confirm({ ...input, api: apiSaying(said), now: NOW })).toMatchObject({
      kind: 'undecided',
    })
    const payment = clickpesaPayment({ channel: status })
    const body = bytes({ event: 'PAYMENT RECEIVED', data: payment })
    expect(clickpesa.read(body, { topic: null, country: 'TZ' })).toMatchObject([
      { order: { payment: { method: status } } },
    ])
  }
})

test('a checksum over three thousand keys is found; a body larger than any payment is refused before it is put in order', () => {
  const signed = (count: number) => {
    const keys = Array.from({ length: count }, (_, index) => `k${(index * 7919) % count}`)
    const text = `{"data":{${keys
      .toSorted()
      .map((key) => `"${key}":1`)
      .join(',')}}}`
    const checksum = createHmac('sha256', 'key').update(text).digest('hex')
    const data = Object.fromEntries(keys.map((key) => [key, 1]))
    return { headers: headers({}), body: bytes({ checksum, data }) }
  }
  expect(clickpesa.verify(signed(3_000), ['key'], NOW)).toEqual({ ok: true })
  expect(clickpesa.verify(signed(20_000), ['key'], NOW)).toMatchObject({ ok: false, code: 'signature.missing' })
})
