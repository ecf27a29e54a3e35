import type { Reading } from '../order.ts'
import { currencyCode, type Fields, list, money, record, time, word } from './fields.ts'
import { methodName } from './method-name.ts'
import { claimedAmount, eastAfrican, fieldsIn, judge, type Payment } from './payment.ts'
import type { Confirmation, ConfirmInput, ShopPlatform } from './platform.ts'
import { ignored, readObject } from './reading.ts'
import { selcomHeaders } from './selcom-sign.ts'
import { bodyHash } from './signature.ts'
import { isAtHost } from './test-account.ts'
import { unsigned, unsignedFacts } from './unsigned.ts'

const TITLE = 'Selcom'
/** Neither its callbacks nor its status name one: its checkout collects shillings. */
const CURRENCY = 'TZS'

/**
 * Selcom Checkout (Tanzania, developers.selcommobile.com): the callback goes to the address the shop named with the order
 * (`webhook`, base64). Whether Selcom signs it is not written down, so it counts as unsigned, and the order's status is asked.
 */
export const selcom: ShopPlatform = {
  name: 'selcom',
  ...unsigned,
  deliveryKey: ({ body }) => bodyHash(body),
  read: (body) => readObject(body, readCallback),
  confirmer: {
    apiUrl: 'https://apigw.selcommobile.com/v1',
    credentials: [
      { name: 'api_key', required: true, meaning: 'the API key of the vendor account' },
      { name: 'api_secret', required: true, meaning: 'its API secret' },
    ],
    isTestAccount: ({ apiUrl }) => isAtHost(apiUrl, ['apigwtest.selcommobile.com']),
    confirm,
  },
  facts: unsignedFacts(TITLE, 'hash of the body'),
}

function readCallback(body: Fields): Reading {
  if (!saysPaid(body)) return ignored('The order is not said to be paid.')
  const reference = word(body['order_id'])
  const currency = currencyCode(body['currency']) ?? CURRENCY
  const amount = claimedAmount(body['amount'], currency)
  if (reference === null) return ignored('The callback has no order id.')
  if (amount === undefined) return ignored('The callback has no amount that can be read.')
  return { kind: 'claim', claim: { subject: `order:${reference}`, amount, currency, reference, occurredAt: null } }
}

/** Some callbacks leave the status out and say only that all went well. */
function saysPaid(body: Fields): boolean {
  const result = word(body['result'])?.toUpperCase() ?? null
  if (body['payment_status'] == null) return result === 'SUCCESS'
  return stateOf(body) === 'paid' && (result === null || result === 'SUCCESS')
}

async function confirm(input: ConfirmInput): Promise<Confirmation> {
  const { api, claim, credentials, now } = input
  const fields = { order_id: claim.reference ?? '' }
  const { api_key: apiKey = '', api_secret: apiSecret = '' } = credentials
  const answer = await api.request({
    method: 'GET',
    path: `/checkout/order-status?${new URLSearchParams(fields).toString()}`,
    headers: selcomHeaders({ apiKey, apiSecret, fields, now }),
  })
  const order = list(record(answer)['data'])[0]
  if (order === undefined) return { kind: 'denied', reason: `${TITLE} knows no such order.` }
  return judge(TITLE, paymentOf(order, fieldsIn(input.body)), input)
}

function paymentOf(order: Fields, told: Fields): Payment {
  const currency = currencyCode(order['currency']) ?? CURRENCY
  return {
    state: stateOf(order),
    reference: word(order['order_id']),
    amount: money(order['amount'], currency),
    currency,
    // When the order was made, not when it was paid.
    createdAt: time(eastAfrican(order['creation_date'])),
    paidAt: null,
    method: methodName(order['channel'] ?? told['channel']),
    receipt: word(order['reference'] ?? told['reference'] ?? order['transid'] ?? told['transid'], 100),
    name: word(order['buyer_name'] ?? told['buyer_name'], 200),
    phone: order['msisdn'] ?? order['phone'] ?? told['msisdn'] ?? told['phone'],
    attributes: [],
  }
}

function stateOf(order: Fields): Payment['state'] {
  const status = (word(order['payment_status']) ?? '').toUpperCase()
  if (status === 'COMPLETED') return 'paid'
  return /^(CANCELLED|USERCANCELLED|REJECTED|FAILED|EXPIRED)$/.test(status) ? 'failed' : 'pending'
}
