import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { request } from 'undici'
import { onTestFinished } from 'vitest'
import { parseMoney } from '../../src/money.ts'
import type { Order } from '../../src/order.ts'
import { parseJson } from '../../src/shops/json.ts'
import { parsePhone } from '../../src/shops/phone.ts'
import type { Confirmation, ConfirmInput, ShopPlatform } from '../../src/shops/platform.ts'
import { platformNamed } from '../../src/shops/registry.ts'
import { bodyHash } from '../../src/shops/signature.ts'
import { anOrder } from '../rules/an-order.ts'
import { START, testWorld, type World, type WorldOptions } from './world.ts'

/** A made-up payment gateway: it signs nothing, notifies thinly by GET and POST, and answers when asked. */

export const PATH_SECRET = 'an-unguessable-part-of-the-address'
const KEY = 'toy-gateway-key-of-the-shop'
const TOKEN = 'a-session-token-the-api-hands-out'

export interface Payment {
  status: 'pending' | 'paid' | 'failed' | 'refunded'
  amount: string
  currency: string
  reference: string
}

export const PAYMENT: Payment = { status: 'paid', amount: '18000', currency: 'TZS', reference: 'INV-7' }

/** What `GET` and `POST` notifications say. */
export interface Notification {
  id: string
  amount?: string
  currency?: string
  reference?: string
}

export const toyPay: ShopPlatform = {
  name: 'toypay',
  unsigned: true,
  takesGet: true,
  verify: () => ({ ok: true }),
  deliveryKey: ({ body, query = '' }) => bodyHash(Buffer.concat([Buffer.from(`${query} `), body])),
  topic: () => null,
  read(body, { query }) {
    const parsed = query
      ? { ok: true as const, value: Object.fromEntries(new URLSearchParams(query)) }
      : parseJson(body)
    if (!parsed.ok) return [{ kind: 'ignored', reason: parsed.reason }]
    const { id, amount, currency = 'TZS', reference } = parsed.value as Notification
    const minor = amount === undefined ? null : (parseMoney(amount, currency) ?? null)
    const claim = { subject: `payment:${id}`, amount: minor, currency, reference: reference ?? null, occurredAt: null }
    return [{ kind: 'claim', claim }]
  },
  answer: () => ({ received: true }),
  confirmer: {
    apiUrl: 'http://127.0.0.1:9',
    credentials: [{ name: 'key', required: true, meaning: 'the key of the account' }],
    confirm: confirmPayment,
  },
  secretProblem: () => null,
  facts: { title: 'Toy Pay', headers: [], signed: 'nothing', digest: 'none', key: 'none', deliveryKey: 'the body' },
}

async function confirmPayment({ claim, credentials, api, options }: ConfirmInput): Promise<Confirmation> {
  const session = (await api.request({ method: 'POST', path: '/session', body: { key: credentials.key } })) as {
    token: string
  }
  const id = claim.subject.replace('payment:', '')
  const authorization = `Bearer ${session.token}`
  const found = await api.request({ method: 'GET', path: `/payments/${id}`, headers: { authorization } })
  if (found === null) return { kind: 'denied', reason: 'Toy Pay knows no such payment' }
  const payment = found as Payment & { phone: string }
  if (payment.status === 'pending') return { kind: 'undecided', reason: 'the customer has not entered the PIN' }
  if (payment.status === 'failed') return { kind: 'denied', reason: 'the payment failed' }
  const order = orderOf(id, payment, options.country)
  return { kind: 'confirmed', readings: [{ kind: 'order', order, occurredAt: null }] }
}

function orderOf(
  id: string,
  { status, amount, currency, reference, phone }: Payment & { phone: string },
  country: string,
): Order {
  const total = parseMoney(amount, currency) ?? 0
  const given = { id: 'all', reason: null, amount: total, at: START }
  return anOrder({
    id,
    number: reference,
    phone: parsePhone(phone, country),
    currency,
    lines: [{ name: reference, detail: null, sku: null, quantity: '1', total }],
    subtotal: total,
    total,
    createdAt: START,
    updatedAt: null,
    paidAt: START,
    refunds: status === 'refunded' ? [given] : [],
    refundedTotal: status === 'refunded' ? total : 0,
  })
}

export interface ToyGateway {
  url: string
  payments: Map<string, Payment>
  /** Requests for a payment so far. */
  asked: number
  keyWorks: boolean
  /** Answers the next request for a payment with this instead. */
  next(answer: { status: number; headers?: Record<string, string>; body?: string }): void
  /** From now on requests for a payment wait, until the returned function is called. */
  hold(): () => void
  stop(): Promise<void>
  /** Listens again, on the same port. */
  start(): Promise<void>
}

export async function toyGateway(): Promise<ToyGateway> {
  const queued: { status: number; headers?: Record<string, string>; body?: string }[] = []
  let held: (() => void)[] | null = null
  let port = 0
  const reply = (res: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}) =>
    res
      .writeHead(status, { 'content-type': 'application/json', ...headers })
      .end(typeof body === 'string' ? body : JSON.stringify(body))

  const server = createServer((req, res) => {
    const chunks: Buffer[] = []
    req.on('data', (chunk: Buffer) => chunks.push(chunk))
    req.on('end', () => {
      if (req.url === '/session') {
        const { key } = JSON.parse(Buffer.concat(chunks).toString()) as { key: string }
        if (!gateway.keyWorks || key !== KEY) return reply(res, 401, { message: 'the key 255712345678 is not known' })
        return reply(res, 200, { token: TOKEN })
      }
      gateway.asked++
      const answerNow = () => {
        const other = queued.shift()
        if (other) return reply(res, other.status, other.body ?? '{}', other.headers)
        if (req.headers.authorization !== `Bearer ${TOKEN}`) return reply(res, 401, {})
        const id = req.url?.replace('/payments/', '') ?? ''
        const payment = gateway.payments.get(id)
        return payment ? reply(res, 200, { id, phone: '0712 345 678', ...payment }) : reply(res, 404, {})
      }
      if (held) held.push(answerNow)
      else answerNow()
    })
  })
  const gateway: ToyGateway = {
    url: '',
    payments: new Map(),
    asked: 0,
    keyWorks: true,
    next: (answer) => void queued.push(answer),
    hold() {
      const waiting: (() => void)[] = []
      held = waiting
      return () => {
        held = null
        for (const answer of waiting) answer()
      }
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
    start: () => new Promise((resolve) => server.listen(port, '127.0.0.1', resolve)),
  }
  await gateway.start()
  port = (server.address() as AddressInfo).port
  gateway.url = `http://127.0.0.1:${port}`
  onTestFinished(async () => {
    if (server.listening) await gateway.stop()
  })
  return gateway
}

type Settings = Parameters<NonNullable<WorldOptions['change']>>[0]

/** The usual world with one shop more, `malipo`, whose platform is the toy gateway. */
export async function gatewayWorld(
  options: WorldOptions = {},
): Promise<{ world: World; gateway: ToyGateway; settings: Settings }> {
  const gateway = await toyGateway()
  let settings: Settings | undefined
  const world = await testWorld({
    ...options,
    platformNamed: (name) => (name === 'toypay' ? toyPay : platformNamed(name)),
    change(given) {
      settings = given
      const { config, secrets } = given
      const like = config.shops.mtandao
      if (!like) throw new Error('the world has no shop mtandao')
      config.shops.malipo = { ...like, id: 'malipo', platform: 'toypay', apiUrl: gateway.url }
      secrets.shops.malipo = { signing: [], path: [PATH_SECRET], credentials: { key: KEY } }
    },
  })
  if (!settings) throw new Error('the world was not told its settings')
  return { world, gateway, settings }
}

export interface Notified {
  status: number
  body: { event_id?: string; duplicate?: boolean; received?: boolean; error?: { code: string } }
}

/** Posts a notification as the gateway does; `settle` false leaves what follows under way. */
export async function notify(
  world: World,
  notification: Notification,
  { secret = `/${PATH_SECRET}`, settle = true } = {},
): Promise<Notified> {
  const answer = await request(`${world.url}/webhooks/malipo${secret}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(notification),
  })
  const body = (await answer.body.json()) as Notified['body']
  if (settle) await world.settle()
  return { status: answer.statusCode, body }
}
