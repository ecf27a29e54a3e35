import { currencyCode, type Fields, money, record, time, webAddress, word } from './fields.ts'
import type { FreeField } from './free-fields.ts'
import { parseJson } from './json.ts'
import { methodName } from './method-name.ts'
import { bearer, eastAfrican, freeFieldsOf, judge, noToken, type Payment } from './payment.ts'
import type { Confirmation, ConfirmInput, ShopPlatform } from './platform.ts'
import { ignored } from './reading.ts'
import { bodyHash } from './signature.ts'
import { isAtHost } from './test-account.ts'
import { unsigned, unsignedFacts } from './unsigned.ts'

const TITLE = 'Pesapal'

/**
 * Pesapal v3 (developer.pesapal.com, API 3.0): a notification by GET or POST names an order and nothing else, no status and no
 * amount, and is not signed. The status API is asked, and it wants its own words back as an answer.
 */
export const pesapal: ShopPlatform = {
  name: 'pesapal',
  ...unsigned,
  takesGet: true,
  answer(delivery) {
    const notice = noticeIn(delivery.body, delivery.query)
    return {
      orderNotificationType: notice.type ?? 'IPNCHANGE',
      orderTrackingId: notice.trackingId,
      orderMerchantReference: notice.reference,
      status: 200,
    }
  },
  // It tells of a payment, and of its reversal, in the same words; those are one delivery, asked about anew each time.
  deliveryKey: ({ body, query = '' }) => `${bodyHash(Buffer.from(query), 24)}:${bodyHash(body, 24)}`,
  read(body, { query }) {
    const { trackingId, reference } = noticeIn(body, query)
    if (trackingId === null) return [ignored('The notification names no order of Pesapal’s (OrderTrackingId).')]
    const claim = { subject: `order:${trackingId}`, amount: null, currency: null, reference, occurredAt: null }
    return [{ kind: 'claim', claim }]
  },
  confirmer: {
    apiUrl: 'https://pay.pesapal.com/v3',
    credentials: [
      { name: 'consumer_key', required: true, meaning: 'the consumer key Pesapal mailed' },
      { name: 'consumer_secret', required: true, meaning: 'its consumer secret' },
    ],
    isTestAccount: ({ apiUrl }) => isAtHost(apiUrl, ['cybqa.pesapal.com']),
    confirm,
  },
  facts: unsignedFacts(TITLE, 'hash of query and body'),
}

interface Notice {
  trackingId: string | null
  reference: string | null
  type: string | null
}

/** The same three names come in the address (GET) or in the body (POST), there as JSON or as a form. */
function noticeIn(body: Uint8Array, query = ''): Notice {
  const sources = [fieldsOf(body), new Map(new URLSearchParams(query))]
  const find = (name: string) => {
    for (const source of sources) {
      for (const [key, value] of source) if (key.toLowerCase() === name) return value
    }
    return undefined
  }
  const trackingId = word(find('ordertrackingid')) ?? ''
  return {
    trackingId: /^[\w-]+$/.test(trackingId) ? trackingId : null,
    reference: word(find('ordermerchantreference'), 100),
    type: word(find('ordernotificationtype')),
  }
}

function fieldsOf(body: Uint8Array): Map<string, unknown> {
  const parsed = parseJson(body)
  if (parsed.ok) return new Map(Object.entries(record(parsed.value)))
  return new Map<string, unknown>(new URLSearchParams(Buffer.from(body.slice(0, 4000)).toString('utf8')))
}

async function confirm({ api, claim, credentials, ...rest }: ConfirmInput): Promise<Confirmation> {
  const { consumer_key, consumer_secret } = credentials
  const login = record(
    await api.request({ method: 'POST', path: '/api/Auth/RequestToken', body: { consumer_key, consumer_secret } }),
  )
  const authorization = bearer(login['token'])
  if (authorization === null) return noToken(TITLE)
  const id = claim.subject.slice('order:'.length)
  const path = `/api/Transactions/GetTransactionStatus?orderTrackingId=${encodeURIComponent(id)}`
  const answer = await api.request({ method: 'GET', path, headers: { authorization } })
  if (answer === null) return { kind: 'denied', reason: `${TITLE} knows no such order.` }
  const status = record(answer)
  const answered = word(status['order_tracking_id'])
  if (answered !== null && answered.toLowerCase() !== id.toLowerCase())
    return { kind: 'undecided', reason: `${TITLE} answered about another order.` }
  return judge(TITLE, paymentOf(status), { api, claim, credentials, ...rest })
}

function paymentOf(status: Fields): Payment {
  const currency = currencyCode(status['currency'])
  const at = time(eastAfrican(status['created_date']))
  return {
    // 0, "invalid", is also what an order says that nobody has paid yet.
    state: STATES.get(word(status['status_code']) ?? '') ?? 'pending',
    reference: word(status['merchant_reference'], 100),
    amount: money(status['amount'], currency ?? ''),
    currency,
    createdAt: at,
    paidAt: at,
    method: methodName(status['payment_method']),
    receipt: word(status['confirmation_code'], 100),
    name: null,
    phone: phoneIn(status['payment_account']),
    attributes: ownFields(status['call_back_url']),
  }
}

const STATES = new Map<string, Payment['state']>([
  ['1', 'paid'],
  ['2', 'failed'],
  ['3', 'reversed'],
])

/** What the shop wrote into its own `callback_url`: the one place where a number for WhatsApp can be handed through. */
function ownFields(callbackUrl: unknown): FreeField[] {
  const address = webAddress(callbackUrl)
  if (address === null || !URL.canParse(address)) return []
  const fields = [...new URL(address).searchParams].filter(
    ([name]) => !/^order(trackingid|notificationtype|merchantreference)$/i.test(name),
  )
  return freeFieldsOf(Object.fromEntries(fields))
}

/** Masked (`2557xxxx0123`), as a rule: then the payer left no number, not a wrong one. Cards have digits that are none either. */
function phoneIn(account: unknown): unknown {
  const text = word(account) ?? ''
  return /^\+?[\d\s]+$/.test(text) && !/^\d{13,19}$/.test(text.replace(/\s/g, '')) ? text : null
}
