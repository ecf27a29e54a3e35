import type { Reading } from '../order.ts'
import { checksumOf, signedText, wronglySigned } from './clickpesa-checksum.ts'
import { currencyCode, type Fields, isRecord, money, record, time, word } from './fields.ts'
import { methodName } from './method-name.ts'
import { bearer, claimedAmount, fieldsIn, judge, noToken, otherOfPair, type Payment, readingOf } from './payment.ts'
import type { Confirmation, ConfirmInput, ReadOptions, ShopPlatform, Verdict } from './platform.ts'
import { ignored, readObject } from './reading.ts'
import { bodyHash, refused, sameText, writtenForm } from './signature.ts'
import { isAtHost } from './test-account.ts'

const TITLE = 'ClickPesa'

/**
 * ClickPesa (Tanzania): everything is inside `data`, and the checksum is a field of the body, there once checksums are switched
 * on in the dashboard (docs.clickpesa.com/home/webhooks, /home/checksum). One payment is told as SUCCESS and later as SETTLED.
 * The checksum proves the whole body, so it is believed where the shop sets no credentials; with them the API is asked as well.
 */
export const clickpesa: ShopPlatform = {
  name: 'clickpesa',
  verify: ({ body }, secrets) => verifyChecksum(body, secrets),
  // Of what is signed: white space, the order of the keys and the checksum's own letters could be changed by anybody.
  deliveryKey: ({ body }) => bodyHash(Buffer.from(signedText(body)?.text ?? '')),
  topic: () => null,
  read: (body, options) => readObject(body, (fields) => readEvent(fields, options)),
  secretProblem: (secret) => (secret.trim() === '' ? 'is empty' : null),
  slips({ body }, secret) {
    const given = signedText(body)?.checksum
    return wronglySigned(body)
      .filter(({ text }) => given === checksumOf(secret, text))
      .map(({ means }) => means)
  },
  confirmer: {
    apiUrl: 'https://api.clickpesa.com',
    credentials: [
      { name: 'client_id', required: false, meaning: 'the client id of the dashboard’s application' },
      { name: 'api_key', required: false, meaning: 'its API key' },
    ],
    lacking: (given) => otherOfPair(given, ['client_id', 'api_key']),
    isTestAccount: ({ apiUrl }) => isAtHost(apiUrl, ['api-sandbox.clickpesa.com', 'sandbox.clickpesa.com']),
    confirm,
  },
  facts: {
    title: TITLE,
    headers: ['checksum (a field of the body)'],
    signed: 'the body without checksum and checksumMethod, its keys sorted at every depth, as JSON without white space',
    digest: 'HMAC-SHA256, hex',
    key: 'the checksum key of the dashboard, not the API key',
    deliveryKey: 'hash of what is signed',
  },
}

function verifyChecksum(body: Uint8Array, secrets: readonly string[]): Verdict {
  const signed = signedText(body)
  if (signed === undefined) return refused('signature.missing', 'the body is no JSON object that could hold a checksum')
  const given = typeof signed.checksum === 'string' ? signed.checksum.trim() : ''
  if (given === '') {
    return refused('signature.missing', 'the body has no checksum: switch checksums on in ClickPesa’s dashboard')
  }
  const keys = secrets.filter((secret) => secret.trim() !== '')
  if (keys.length === 0) return refused('signature.invalid', 'no secret is set for this shop')
  if (!/^[0-9a-f]{64}$/i.test(given)) {
    return refused('signature.invalid', `checksum is not a hex HMAC-SHA256 (64 characters); ${writtenForm(given)}`)
  }
  // Every key is tried, so that the answer's time does not tell which one was right.
  const matches = keys.filter((key) => sameText(given.toLowerCase(), checksumOf(key, signed.text)))
  if (matches.length > 0) return { ok: true }
  return refused('signature.invalid', 'checksum does not match the body under any secret of this shop')
}

function readEvent(body: Fields, options: ReadOptions): Reading {
  const event = (word(body['event']) ?? '').toUpperCase()
  if (event !== 'PAYMENT RECEIVED')
    return ignored('Only payments that were received are read: this event is about another thing.')
  const data = record(body['data'])
  if (stateOf(data) !== 'paid') return ignored('The payment is not said to have succeeded.')
  const reference = word(data['orderReference'])
  const currency = currencyCode(data['collectedCurrency'])
  const amount = claimedAmount(data['collectedAmount'], currency)
  if (reference === null) return ignored('The payment has no order reference.')
  if (currency === null) return ignored('The payment has no currency.')
  if (amount == null) return ignored('The payment has no amount that can be read.')
  if ((options.credentials ?? []).length === 0)
    return readingOf(paymentOf(data, data), { reference, amount, currency }, options)
  const occurredAt = time(data['updatedAt']) ?? time(data['createdAt'])
  return { kind: 'claim', claim: { subject: `payment:${reference}`, amount, currency, reference, occurredAt } }
}

async function confirm(input: ConfirmInput): Promise<Confirmation> {
  const { api, claim, credentials } = input
  const { client_id: clientId, api_key: apiKey } = credentials
  const told = record(fieldsIn(input.body)['data'])
  if (clientId === undefined || apiKey === undefined)
    return { kind: 'undecided', reason: `${TITLE} cannot be asked: the shop’s settings lack its credentials.` }
  const headers = { 'client-id': clientId, 'api-key': apiKey }
  const login = await api.request({ method: 'POST', path: '/third-parties/generate-token', headers })
  const authorization = bearer(record(login)['token'])
  if (authorization === null) return noToken(TITLE)
  const path = `/third-parties/payments/${encodeURIComponent(claim.reference ?? '')}`
  const answer = await api.request({ method: 'GET', path, headers: { authorization } })
  const payment = onePayment(answer, told)
  if (payment === null) return { kind: 'denied', reason: `${TITLE} knows no such payment.` }
  return judge(TITLE, paymentOf(payment, told), input)
}

/** The answer lists every try at paying for this order: the one the notification is about, else one that was paid. */
function onePayment(answer: unknown, told: Fields): Fields | null {
  const payments = (Array.isArray(answer) ? answer.slice(0, 200) : [answer]).filter(isRecord)
  const same = (key: string) =>
    payments.find((payment) => word(payment[key]) !== null && word(payment[key]) === word(told[key]))
  return (
    same('id') ?? same('paymentReference') ?? payments.find((one) => stateOf(one) === 'paid') ?? payments[0] ?? null
  )
}

function paymentOf(data: Fields, told: Fields): Payment {
  const currency = currencyCode(data['collectedCurrency'])
  const customer = record(data['customer'])
  return {
    state: stateOf(data),
    reference: word(data['orderReference']),
    amount: money(data['collectedAmount'], currency ?? ''),
    currency,
    createdAt: time(data['createdAt']),
    paidAt: time(data['updatedAt']) ?? time(data['createdAt']),
    method: methodName(data['channel'] ?? told['channel']),
    receipt: word(data['paymentReference'], 100),
    name: word(customer['customerName'], 200),
    phone: customer['customerPhoneNumber'] ?? data['paymentPhoneNumber'],
    attributes: [],
  }
}

function stateOf(data: Fields): Payment['state'] {
  const status = (word(data['status']) ?? '').toUpperCase()
  if (status === 'SUCCESS' || status === 'SETTLED') return 'paid'
  return status === 'FAILED' ? 'failed' : 'pending'
}
