import { expect, test } from 'vitest'
import { platforms } from '../../src/shops/registry.ts'
import { isAtHost } from '../../src/shops/test-account.ts'
import { orderIn } from './bodies.ts'
import { byGet, confirm, simulatedApi } from './confirm-api.ts'
import {
  azampayCallback,
  clickpesaPayment,
  flutterwaveV3,
  flutterwaveV4,
  pesapalStatus,
  selcomCallback,
  selcomStatus,
} from './money-bodies.ts'
import { squareEvent, squareOrder } from './square-bodies.ts'

interface Sale {
  told: unknown
  /** By `GET /path`. */
  answers: Record<string, unknown>
  keys: Record<string, string>
}

const SALES = {
  square: {
    told: squareEvent('order.updated', { order_updated: { order_id: 'ORD1' } }),
    answers: byGet({ '/v2/orders/ORD1': { order: squareOrder() } }),
    keys: { access_token: 'tok' },
  },
  pesapal: {
    told: { OrderTrackingId: 'a1b2-c3', OrderMerchantReference: 'DUKA-77' },
    answers: {
      'POST /api/Auth/RequestToken': { token: 'jw.t' },
      'GET /api/Transactions/GetTransactionStatus?orderTrackingId=a1b2-c3': pesapalStatus(),
    },
    keys: { consumer_key: 'key-1', consumer_secret: 'secret-1' },
  },
  azampay: {
    told: azampayCallback(),
    answers: {
      'POST /AppRegistration/GenerateToken': { data: { accessToken: 'jw.t' } },
      'GET /azampay/gettransactionstatus?pgReferenceId=019be9446ac770a2&bankName=Airtel': { data: 'success' },
    },
    keys: { app_name: 'duka', client_id: 'id-1', client_secret: 'secret-1' },
  },
  selcom: {
    told: selcomCallback(),
    answers: byGet({ '/checkout/order-status?order_id=DUKA-77': selcomStatus() }),
    keys: { api_key: 'key-1', api_secret: 'secret-1' },
  },
  clickpesa: {
    told: { event: 'PAYMENT RECEIVED', data: clickpesaPayment() },
    answers: {
      'POST /third-parties/generate-token': { token: 'Bearer jw.t' },
      'GET /third-parties/payments/DUKA77': [clickpesaPayment()],
    },
    keys: { client_id: 'duka', api_key: 'key-1' },
  },
  flutterwave: {
    told: flutterwaveV3(),
    answers: byGet({ '/v3/transactions/408136545/verify': { data: flutterwaveV3().data } }),
    keys: { secret_key: 'FLWSECK-1' },
  },
} satisfies Record<string, Sale>

const V4 = {
  told: flutterwaveV4(),
  answers: {
    'POST /realms/flutterwave/protocol/openid-connect/token': { access_token: 'tok.en' },
    'GET /charges/chg_QK7X2P9L': { data: flutterwaveV4().data },
  },
  keys: { client_id: 'duka', client_secret: 'client-secret' },
}

async function isTestOrder(name: keyof typeof SALES, apiUrl: string | undefined, sale: Sale): Promise<boolean> {
  const { api } = await simulatedApi(sale.answers)
  const options = apiUrl === undefined ? {} : { apiUrl }
  const confirmation = await confirm(platforms[name], sale.told, api, sale.keys, options)
  return orderIn(confirmation.kind === 'confirmed' ? confirmation.readings : []).test
}

test.each([
  ['square', 'https://connect.squareupsandbox.com'],
  ['pesapal', 'https://cybqa.pesapal.com/pesapalv3'],
  ['azampay', 'https://sandbox.azampay.co.tz'],
  ['selcom', 'https://apigwtest.selcommobile.com/v1'],
  ['clickpesa', 'https://api-sandbox.clickpesa.com'],
  ['flutterwave', 'https://developersandbox-api.flutterwave.com'],
] as const)('%s: what is confirmed at %s is a test order, what is confirmed live is none', async (name, sandbox) => {
  expect(await isTestOrder(name, sandbox, SALES[name])).toBe(true)
  expect(await isTestOrder(name, undefined, SALES[name])).toBe(false)
})

test('Flutterwave’s test key of v3 makes test orders, and says nothing of what v4’s keys confirmed', async () => {
  const secret_key = 'FLWSECK_TEST-0f3a-X'
  expect(await isTestOrder('flutterwave', undefined, { ...SALES.flutterwave, keys: { secret_key } })).toBe(true)
  const both = { ...V4, keys: { ...V4.keys, secret_key } }
  expect(await isTestOrder('flutterwave', undefined, both)).toBe(false)
  expect(await isTestOrder('flutterwave', 'https://developersandbox-api.flutterwave.com', V4)).toBe(true)
})

test('a host is met in full or below it, however it is written', () => {
  const at = (url: string) => isAtHost(url, ['cybqa.pesapal.com'])
  for (const url of ['https://cybqa.pesapal.com', 'https://CYBQA.pesapal.com.:443/x', 'http://eu.cybqa.pesapal.com/v3'])
    expect(at(url)).toBe(true)
  const others = ['https://pay.pesapal.com', 'https://notcybqa.pesapal.com', 'https://x.example/cybqa.pesapal.com', '']
  for (const url of others) expect(at(url)).toBe(false)
})
