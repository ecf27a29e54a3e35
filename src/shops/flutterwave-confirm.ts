import { currencyCode, type Fields, isRecord, money, record, time, word } from './fields.ts'
import { methodName } from './method-name.ts'
import { bearer, fieldsIn, freeFieldsOf, judge, noToken, otherOfPair, type Payment } from './payment.ts'
import type { Confirmation, Confirmer, ConfirmInput } from './platform.ts'
import { isAtHost } from './test-account.ts'

const TITLE = 'Flutterwave'
const V3_URL = 'https://api.flutterwave.com'
const V4_URL = 'https://f4bexperience.flutterwave.com'

/** v3 takes its secret key as a bearer token; v4 gives one for ten minutes to a client's id and secret. */
export const flutterwaveConfirmer: Confirmer = {
  apiUrl: V3_URL,
  credentials: [
    { name: 'secret_key', required: false, meaning: 'v3: the secret key, FLWSECK-…' },
    { name: 'client_id', required: false, meaning: 'v4: the client id' },
    { name: 'client_secret', required: false, meaning: 'v4: the client secret' },
  ],
  lacking(given) {
    if (given.length === 0) return 'credentials.secret_key (v3), or client_id and client_secret (v4)'
    return otherOfPair(given, ['client_id', 'client_secret'])
  },
  // v3 has one address, and test keys (FLWSECK_TEST-…); v4 has an address of its own for tests.
  isTestAccount({ apiUrl, credentials, subject }) {
    const byKey = subject?.startsWith('transaction:') && credentials['secret_key']?.startsWith('FLWSECK_TEST')
    return byKey === true || isAtHost(apiUrl, ['developersandbox-api.flutterwave.com'])
  },
  confirm(input) {
    const [kind, id = ''] = input.claim.subject.split(':')
    return kind === 'charge' ? confirmCharge(id, input) : confirmTransaction(id, input)
  },
}

/** The oldest events are flat: what others have under `data` stands at the top. */
export function dataIn(body: Fields): Fields {
  return isRecord(body['data']) ? body['data'] : body
}

async function confirmTransaction(id: string, input: ConfirmInput): Promise<Confirmation> {
  const key = input.credentials['secret_key']
  if (key === undefined) return cannotAsk('v3', 'credentials.secret_key')
  const path = `/v3/transactions/${encodeURIComponent(id)}/verify`
  const answer = await input.api.request({ method: 'GET', path, headers: { authorization: `Bearer ${key}` } })
  return judgeAnswer(answer, id, input)
}

async function confirmCharge(id: string, input: ConfirmInput): Promise<Confirmation> {
  const { client_id: clientId, client_secret: clientSecret } = input.credentials
  if (clientId === undefined || clientSecret === undefined)
    return cannotAsk('v4', 'credentials.client_id and client_secret')
  const form = { client_id: clientId, client_secret: clientSecret, grant_type: 'client_credentials' }
  const login = await input.api.request({
    method: 'POST',
    base: loginUrl,
    path: '/realms/flutterwave/protocol/openid-connect/token',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form).toString(),
  })
  const authorization = bearer(record(login)['access_token'])
  if (authorization === null) return noToken(TITLE)
  const path = `/charges/${encodeURIComponent(id)}`
  return judgeAnswer(
    await input.api.request({ method: 'GET', base: chargesUrl, path, headers: { authorization } }),
    id,
    input,
  )
}

/** One log-in serves both the live API and the sandbox (developersandbox-api); a simulated API answers it itself. */
function loginUrl(apiUrl: string): string {
  return /^https:\/\/[\w-]+\.flutterwave\.com$/.test(apiUrl) ? 'https://idp.flutterwave.com' : apiUrl
}

/** Live, v4 is at another address than v3. */
function chargesUrl(apiUrl: string): string {
  return apiUrl === V3_URL ? V4_URL : apiUrl
}

function judgeAnswer(answer: unknown, id: string, input: ConfirmInput): Confirmation {
  if (answer === null) return { kind: 'denied', reason: `${TITLE} knows no such payment.` }
  const data = record(record(answer)['data'])
  if (word(data['id']) !== id) return { kind: 'undecided', reason: `${TITLE} answered about another payment.` }
  return judge(TITLE, paymentOf(data, dataIn(fieldsIn(input.body))), input)
}

function paymentOf(data: Fields, told: Fields): Payment {
  const currency = currencyCode(data['currency'])
  const details = record(data['payment_method_details'] ?? data['payment_method'])
  const wallet = record(details['mobile_money'])
  const payer = payerOf(data)
  const named = payerOf(told)
  const at = time(data['created_at'] ?? data['created_datetime'])
  return {
    state: STATES.get((word(data['status']) ?? '').toLowerCase()) ?? 'pending',
    reference: word(data['tx_ref'] ?? data['reference'], 100),
    // `charged_amount` may hold fees the shop did not ask for.
    amount: money(data['amount'], currency ?? ''),
    currency,
    createdAt: at,
    paidAt: at,
    method: methodName(wallet['network'] ?? data['payment_type'] ?? details['type']),
    receipt: word(data['flw_ref'] ?? data['id'], 100),
    name: payer.name ?? named.name,
    phone: payer.phone ?? named.phone ?? wallet['phone_number'],
    attributes: freeFieldsOf(data['meta']),
  }
}

const STATES = new Map<string, Payment['state']>([
  ['successful', 'paid'],
  ['succeeded', 'paid'],
  ['failed', 'failed'],
  ['cancelled', 'failed'],
  ['voided', 'failed'],
])

function cannotAsk(version: string, missing: string): Confirmation {
  return { kind: 'undecided', reason: `${TITLE} ${version} cannot be asked: the shop’s settings lack ${missing}.` }
}

/** What Flutterwave calls who gave no name. */
const NOBODY = /^(anonymous( customer)?)?$/i

/** The payer, in the API's words or the notification's. */
function payerOf(data: Fields): { name: string | null; phone: unknown } {
  const customer = record(data['customer'])
  const name = isRecord(customer['name'])
    ? [word(customer['name']['first'], 100), word(customer['name']['last'], 100)].filter(Boolean).join(' ')
    : word(customer['name'] ?? customer['fullName'], 200)
  const phone = customer['phone'] ?? customer['phone_number']
  return {
    name: name === null || NOBODY.test(name) ? null : name,
    phone: isRecord(phone) ? internationalPhone(phone) : phone,
  }
}

/** v4 writes `{ country_code: "255", number: "754000123" }`. */
function internationalPhone(phone: Fields): string | null {
  const [country, number] = [word(phone['country_code'], 4), word(phone['number'], 40)]
  return number === null || country === null ? number : `+${country.replace(/^\+/, '')} ${number}`
}
