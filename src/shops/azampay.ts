import type { Reading } from '../order.ts'
import { currencyCode, type Fields, isRecord, money, record, word } from './fields.ts'
import { methodName } from './method-name.ts'
import { bearer, claimedAmount, fieldsIn, freeFieldsOf, judge, noToken, type Payment } from './payment.ts'
import type { Confirmation, ConfirmInput, ShopPlatform } from './platform.ts'
import { ignored, readObject } from './reading.ts'
import { bodyHash } from './signature.ts'
import { isAtHost } from './test-account.ts'
import { unsigned, unsignedFacts } from './unsigned.ts'

const TITLE = 'AzamPay'
/** Its checkout takes no other. */
const CURRENCY = 'TZS'

/**
 * AzamPay (Tanzania, developerdocs.azampay.co.tz): one callback address per application, nothing signed. Its status API
 * (`/azampay/gettransactionstatus`) is asked about its own reference and answers with a bare word: an amount or reference is
 * compared where it names one, and is else the callback's, which only who knows the address can send.
 */
export const azampay: ShopPlatform = {
  name: 'azampay',
  ...unsigned,
  deliveryKey: ({ body }) => bodyHash(body),
  read: (body) => readObject(body, readCallback),
  confirmer: {
    apiUrl: 'https://checkout.azampay.co.tz',
    credentials: [
      { name: 'app_name', required: true, meaning: 'the name of the application' },
      { name: 'client_id', required: true, meaning: 'its client id' },
      { name: 'client_secret', required: true, meaning: 'its client secret' },
      { name: 'api_key', required: false, meaning: 'its token, where the account has one (X-API-Key)' },
    ],
    isTestAccount: ({ apiUrl }) => isAtHost(apiUrl, ['sandbox.azampay.co.tz']),
    confirm,
  },
  facts: unsignedFacts(TITLE, 'hash of the body'),
}

/** Its callbacks spelled their keys in several ways over the years (`utilityref`, `utilityRef`). */
function caseless(fields: Fields): (...names: string[]) => unknown {
  const values = new Map(Object.entries(fields).map(([key, value]) => [key.toLowerCase(), value]))
  return (...names) => names.map((name) => values.get(name)).find((value) => value !== undefined && value !== null)
}

function readCallback(body: Fields): Reading {
  const get = caseless(body)
  if (stateOf(get('transactionstatus', 'status')) !== 'paid')
    return ignored('The payment is not said to have succeeded.')
  const id = idOf(get)
  const reference = word(get('utilityref', 'externalid'), 100)
  const amount = claimedAmount(get('amount'), CURRENCY)
  if (id === null) return ignored('The callback has no reference AzamPay could be asked about.')
  if (reference === null) return ignored('The callback has no reference of the shop (utilityref).')
  if (amount == null) return ignored('The callback has no amount that can be read.')
  return {
    kind: 'claim',
    claim: { subject: `transaction:${id}`, amount, currency: CURRENCY, reference, occurredAt: null },
  }
}

function idOf(get: ReturnType<typeof caseless>): string | null {
  const id = word(get('reference', 'transid', 'transactionid')) ?? ''
  return /^[\w-]+$/.test(id) ? id : null
}

async function confirm(input: ConfirmInput): Promise<Confirmation> {
  const { api, claim, credentials } = input
  const { app_name: appName, client_id: clientId, client_secret: clientSecret, api_key: apiKey } = credentials
  const login = await api.request({
    method: 'POST',
    base: loginUrl,
    path: '/AppRegistration/GenerateToken',
    body: { appName, clientId, clientSecret },
  })
  const authorization = bearer(record(record(login)['data'])['accessToken'])
  if (authorization === null) return noToken(TITLE)
  const told = caseless(fieldsIn(input.body))
  const id = claim.subject.slice('transaction:'.length)
  const query = new URLSearchParams({ pgReferenceId: id, bankName: word(told('operator')) ?? '' })
  const answer = await api.request({
    method: 'GET',
    path: `/azampay/gettransactionstatus?${query.toString()}`,
    headers: { authorization, ...(apiKey === undefined ? {} : { 'x-api-key': apiKey }) },
  })
  // Right after the callback its status may not know the payment yet.
  if (answer === null) return { kind: 'undecided', reason: `${TITLE} does not know this payment yet.` }
  return judge(TITLE, paymentOf(record(answer), told, input), input)
}

/** The log-in has a host of its own beside the live one and beside the sandbox; a simulated API answers it itself. */
function loginUrl(apiUrl: string): string {
  if (apiUrl === 'https://sandbox.azampay.co.tz') return 'https://authenticator-sandbox.azampay.co.tz'
  return apiUrl.replace(/^https:\/\/checkout\.azampay\.co\.tz$/, 'https://authenticator.azampay.co.tz')
}

/** `success` of the answer only says that the question was understood; the payment's state is in `data`. */
function paymentOf(answer: Fields, told: ReturnType<typeof caseless>, { claim }: ConfirmInput): Payment {
  const data = answer['data']
  const get = caseless(record(data))
  const currency = currencyCode(get('currency')) ?? CURRENCY
  const amount = get('amount')
  const utility = isRecord(data) ? get('utilityref', 'externalreferenceid', 'externalid') : undefined
  return {
    state: stateOf(isRecord(data) ? get('transactionstatus', 'status') : data),
    reference: utility === undefined ? claim.reference : word(utility, 100),
    amount: amount === undefined ? (claim.amount ?? undefined) : money(amount, currency),
    currency,
    createdAt: null,
    paidAt: null,
    method: methodName(told('operator')),
    receipt: word(told('fspreferenceid'), 100) ?? idOf(told),
    name: null,
    phone: told('msisdn'),
    attributes: freeFieldsOf(told('additionalproperties')),
  }
}

function stateOf(value: unknown): Payment['state'] {
  const status = (word(value) ?? '').toLowerCase()
  if (/^(success|successful|completed|paid)$/.test(status)) return 'paid'
  return /^(fail|failed|failure|cancelled|canceled|rejected|expired)$/.test(status) ? 'failed' : 'pending'
}
