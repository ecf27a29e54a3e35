import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { ShopPlatform } from '../../src/shops/platform.ts'
import { platforms } from '../../src/shops/registry.ts'
import { bytes, headers, orderIn, reasonIn } from './bodies.ts'
import { claimIn, confirm, simulatedApi } from './confirm-api.ts'

/** Gateways of mobile money in the corpus RISITI_CORPUS names; it is not ours to keep here. */
const folder = process.env['RISITI_CORPUS'] ?? ''
const { flutterwave, clickpesa, pesapal, azampay, selcom } = platforms

const vectorShape = z.object({ secret: z.string(), headers: z.record(z.string(), z.string()), body: z.string() })

const VECTORS: Record<string, { platform: ShopPlatform; verdict: boolean | string }> = {
  'clickpesa.01-checksum.json': { platform: clickpesa, verdict: true },
  'flutterwave-v3.01-verif-hash.json': { platform: flutterwave, verdict: true },
  'flutterwave-v3.02-missing-header.json': { platform: flutterwave, verdict: 'signature.missing' },
}

const PAID_AT = Date.UTC(2026, 10, 20, 8, 4, 41)
const TZS_48000 = { currency: 'TZS', amount: 4_800_000 }

const json = (file: string): unknown => JSON.parse(readFileSync(join(folder, file), 'utf8'))
const read = (platform: ShopPlatform, file: string, credentials: string[] = []) =>
  platform.read(readFileSync(join(folder, 'payloads', file)), { topic: null, country: 'TZ', credentials })

describe.skipIf(folder === '')('vectors of gateways', () => {
  test('every one has an expectation', () => {
    const stored = readdirSync(join(folder, 'vectors')).filter((file) => /^(flutterwave|clickpesa)/.test(file))
    expect(Object.keys(VECTORS).toSorted()).toEqual(stored.toSorted())
  })

  test.each(Object.entries(VECTORS))('%s', (file, { platform, verdict }) => {
    const vector = vectorShape.parse(json(join('vectors', file)))
    const delivery = { headers: headers(vector.headers), body: bytes(vector.body) }
    const given = platform.verify(delivery, [vector.secret], 0)
    expect(given.ok === false ? given.code : given.ok).toBe(verdict)
    expect(platform.verify(delivery, [`${vector.secret}x`], 0).ok).toBe(false)
  })
})

describe.skipIf(folder === '')('payloads of gateways', () => {
  test('every one is asserted by name below', () => {
    const stored = ['flutterwave', 'clickpesa', 'pesapal', 'azampay', 'selcom', 'mpesa-daraja'].flatMap((shop) =>
      readdirSync(join(folder, 'payloads', shop)).map((file) => `${shop}/${file}`),
    )
    expect(stored.toSorted()).toEqual([
      'azampay/constructed.callback.success.json',
      'clickpesa/constructed.payment-received.json',
      'flutterwave/constructed.v3.charge.completed.mobilemoneytz.json',
      'mpesa-daraja/constructed.stk-callback.success.json',
      'pesapal/constructed.v3.get-transaction-status.completed.json',
      'pesapal/constructed.v3.ipn.json',
      'selcom/constructed.checkout-webhook.completed.json',
    ])
  })

  test('flutterwave/constructed.v3.charge.completed.mobilemoneytz.json claims a transaction, confirmed by its like', async () => {
    const file = 'flutterwave/constructed.v3.charge.completed.mobilemoneytz.json'
    expect(claimIn(read(flutterwave, file))).toEqual({
      ...TZS_48000,
      subject: 'transaction:1189042771',
      reference: 'DUKA-1042',
      occurredAt: PAID_AT,
    })
    // The API's answer about a transaction has the notification's `data` under `data`.
    const notification = json(join('payloads', file))
    const { api } = await simulatedApi({ 'GET /v3/transactions/1189042771/verify': notification })
    const confirmation = await confirm(flutterwave, notification, api, { secret_key: 'FLWSECK-1' })
    expect(orderIn(confirmation.kind === 'confirmed' ? confirmation.readings : [])).toMatchObject({
      id: 'DUKA-1042',
      paidAt: PAID_AT,
      total: 4_800_000,
      customer: { name: 'Asha Mwinyi', firstName: 'Asha' },
      phone: { raw: '0754000123', e164: '255754000123', problem: null },
      payment: { method: 'Mobile money', reference: 'FLWMM3F9A1C2B1764000000' },
    })
  })

  test('clickpesa/constructed.payment-received.json is a paid order, and only a claim where its API can be asked', () => {
    const file = 'clickpesa/constructed.payment-received.json'
    expect(orderIn(read(clickpesa, file))).toMatchObject({
      id: 'DUKA1042',
      number: 'DUKA1042',
      createdAt: Date.UTC(2026, 10, 20, 8, 4, 12),
      paidAt: PAID_AT,
      total: 4_800_000,
      currency: 'TZS',
      customer: { name: 'ASHA MWINYI' },
      phone: { raw: '255754000123', e164: '255754000123', problem: null },
      payment: { method: 'M-Pesa', reference: 'CPPAY000001' },
    })
    expect(claimIn(read(clickpesa, file, ['client_id', 'api_key']))).toEqual({
      ...TZS_48000,
      subject: 'payment:DUKA1042',
      reference: 'DUKA1042',
      occurredAt: PAID_AT,
    })
    // Its body carries no checksum.
    const delivery = { headers: headers({}), body: readFileSync(join(folder, 'payloads', file)) }
    expect(clickpesa.verify(delivery, ['a-checksum-key'], 0)).toMatchObject({ ok: false, code: 'signature.missing' })
  })

  test('pesapal/constructed.v3.ipn.json claims an order, which get-transaction-status.completed.json confirms', async () => {
    expect(claimIn(read(pesapal, 'pesapal/constructed.v3.ipn.json'))).toEqual({
      subject: 'order:7e6b62d9-883e-440f-a63e-e1105bbfadc3',
      amount: null,
      currency: null,
      reference: 'DUKA-1042',
      occurredAt: null,
    })
    const status = json('payloads/pesapal/constructed.v3.get-transaction-status.completed.json')
    const id = '7e6b62d9-883e-440f-a63e-e1105bbfadc3'
    const { api } = await simulatedApi({
      'POST /api/Auth/RequestToken': { token: 'jw.t', status: '200' },
      [`GET /api/Transactions/GetTransactionStatus?orderTrackingId=${id}`]: status,
    })
    const notification = json('payloads/pesapal/constructed.v3.ipn.json')
    const keys = { consumer_key: 'key', consumer_secret: 'secret' }
    const confirmation = await confirm(pesapal, notification, api, keys)
    expect(orderIn(confirmation.kind === 'confirmed' ? confirmation.readings : [])).toMatchObject({
      id: 'DUKA-1042',
      paidAt: PAID_AT + 330,
      total: 4_800_000,
      currency: 'TZS',
      // Pesapal masks the payer, so nobody is messaged unless the shop hands a number through.
      phone: { raw: null, e164: null, problem: 'no_phone' },
      payment: { method: 'M-Pesa', reference: '8QK40X2L1' },
    })
  })

  test('pesapal/constructed.v3.get-transaction-status.completed.json is an answer: sent to us it is nothing', () => {
    const status = read(pesapal, 'pesapal/constructed.v3.get-transaction-status.completed.json')
    expect(reasonIn(status)).toMatch(/OrderTrackingId/)
  })

  test('azampay/constructed.callback.success.json claims a payment, confirmed by a word', async () => {
    const file = 'azampay/constructed.callback.success.json'
    const reference = '019be9446ac770a2a65c6243434f61d8'
    expect(claimIn(read(azampay, file))).toEqual({
      ...TZS_48000,
      subject: `transaction:${reference}`,
      reference: 'DUKA-1042',
      occurredAt: null,
    })
    const { api } = await simulatedApi({
      'POST /AppRegistration/GenerateToken': { data: { accessToken: 'jw.t' }, success: true },
      [`GET /azampay/gettransactionstatus?pgReferenceId=${reference}&bankName=Mpesa`]: {
        success: true,
        data: 'success',
      },
    })
    const keys = { app_name: 'duka', client_id: 'id', client_secret: 'secret' }
    const confirmation = await confirm(azampay, json(join('payloads', file)), api, keys)
    expect(orderIn(confirmation.kind === 'confirmed' ? confirmation.readings : [])).toMatchObject({
      id: 'DUKA-1042',
      total: 4_800_000,
      phone: { raw: '255754000123', e164: '255754000123', problem: null },
      payment: { method: 'M-Pesa', reference: '8QK40X2L1' },
      attributes: { orderId: '4522' },
    })
  })

  test('selcom/constructed.checkout-webhook.completed.json claims an order, confirmed by its status', async () => {
    const file = 'selcom/constructed.checkout-webhook.completed.json'
    expect(claimIn(read(selcom, file))).toEqual({
      ...TZS_48000,
      subject: 'order:DUKA-1042',
      reference: 'DUKA-1042',
      occurredAt: null,
    })
    const notification = json(join('payloads', file))
    const { api } = await simulatedApi({
      'GET /checkout/order-status?order_id=DUKA-1042': { result: 'SUCCESS', data: [notification] },
    })
    const confirmation = await confirm(selcom, notification, api, { api_key: 'key', api_secret: 'secret' })
    expect(orderIn(confirmation.kind === 'confirmed' ? confirmation.readings : [])).toMatchObject({
      id: 'DUKA-1042',
      total: 4_800_000,
      phone: { raw: '255754000123', e164: '255754000123', problem: null },
      payment: { method: 'M-Pesa', reference: '0281121212' },
    })
  })

  // Daraja is Safaricom's own API and signs nothing, Ecwid signs two fields of its body: neither is a platform here.
  describe.each(['mpesa-daraja/constructed.stk-callback.success.json', 'ecwid/constructed.order.updated.paid.json'])(
    '%s',
    (file) => {
      test.each([
        ['flutterwave', /no status/],
        ['clickpesa', /another thing/],
        ['pesapal', /OrderTrackingId/],
        ['azampay', /succeeded/],
        ['selcom', /paid/],
        ['standard', /cannot be read/],
      ] as const)('is ignored by %s with a reason', (name, reason) => {
        expect(reasonIn(read(platforms[name], file))).toMatch(reason)
      })
    },
  )

  test.each(['flutterwave', 'clickpesa', 'standard', 'shopify', 'woocommerce'] as const)(
    'ecwid.01-event-signature.json is refused by %s',
    (name) => {
      const vector = vectorShape.parse(json('vectors/ecwid.01-event-signature.json'))
      const delivery = { headers: headers(vector.headers), body: bytes(vector.body) }
      expect(platforms[name].verify(delivery, [vector.secret], 0)).toMatchObject({ ok: false })
    },
  )
})
