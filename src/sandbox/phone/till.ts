import { AppError, messageOf } from '../../errors.ts'
import { remember } from '../capped.ts'
import type { Sim } from '../sim.ts'
import { type ToyOrder, totalOf } from '../toy-order.ts'
import { postToy, type ToyPlatform, toyWebhook } from '../toy-shop.ts'
import { type Basket, CURRENCY, linesOf } from './goods.ts'
import type { Language } from './language.ts'
import type { ToyShopSettings } from './options.ts'

/** One webhook, and what Risiti said to it. */
export interface Posted {
  topic: string
  at: number
  /** Null when nobody answered. */
  status: number | null
  eventId: string | null
  duplicate: boolean
  /** The answer in words where it was no yes. */
  trouble: string | null
}

export interface Sale {
  order: ToyOrder
  /** Digits. */
  phone: string
  state: 'unpaid' | 'paid' | 'refunded'
  /** Oldest first. */
  posted: Posted[]
}

export interface Purchase {
  phone: string
  name: string
  basket: Basket
  payment: string
  /** False leaves it to be paid later. */
  paid: boolean
  language: Language
}

/** The till of the toy shop: every change of an order goes to Risiti as that platform’s signed webhook. */
export interface Till {
  buy(purchase: Purchase): Promise<Sale>
  pay(id: string): Promise<Sale>
  refund(id: string): Promise<Sale>
  /** Posts the last webhook again, as platforms do. */
  repeat(id: string): Promise<Sale>
  /** Newest first. */
  sales(): Sale[]
}

const TOPICS: Record<ToyPlatform, { created: string; paid: string; refunded: string }> = {
  woocommerce: { created: 'order.created', paid: 'order.updated', refunded: 'order.updated' },
  shopify: { created: 'orders/create', paid: 'orders/paid', refunded: 'orders/updated' },
  standard: { created: 'order.created', paid: 'order.paid', refunded: 'order.refunded' },
}
const MOST_SALES = 50
const COUNTRIES: Record<string, string> = { '254': 'KE', '256': 'UG', '250': 'RW' }

export function createTill(sim: Sim, shop: ToyShopSettings): Till {
  const sales = new Map<string, Sale>()
  let lastId = 0

  /** Of the second, so that a till opened anew over a Risiti that remembers does not take up old orders. */
  function nextId(now: number): string {
    lastId = Math.max(lastId + 1, Math.floor(now / 1000))
    return String(lastId)
  }

  async function post(sale: Sale, step: keyof (typeof TOPICS)[ToyPlatform]): Promise<Sale> {
    const topic = TOPICS[shop.platform][step]
    const at = sim.clock.now()
    const said = await ask(shop, toyWebhook(shop.platform, shop.secret, sale.order, topic, at))
    sale.posted.push({ topic, at, ...said })
    sale.posted.splice(0, sale.posted.length - 20)
    return sale
  }

  function find(id: string, ...states: Sale['state'][]): Sale {
    const sale = sales.get(id)
    if (sale && states.includes(sale.state)) return sale
    throw new AppError('sandbox.not_found', 'there is no such order to do this with')
  }

  /** Shops count time in seconds: what follows within one is dated to the next. */
  const later = (order: ToyOrder) => Math.max(sim.clock.now(), order.updatedAt + 1000)

  async function takePayment(sale: Sale, paidAt: number, method: string): Promise<Sale> {
    sale.order = { ...sale.order, payment: { method, reference: reference(sim) }, paidAt, updatedAt: paidAt }
    sale.state = 'paid'
    return await post(sale, 'paid')
  }

  return {
    async buy({ phone, name, basket, payment, paid, language }) {
      const lines = linesOf(basket)
      if (lines.length === 0) throw new AppError('sandbox.invalid', 'the basket is empty')
      const now = sim.clock.now()
      const id = nextId(now)
      const order: ToyOrder = {
        id,
        number: `T${id.slice(-6)}`,
        customer: { name, phone: `+${phone}`, locale: language },
        country: COUNTRIES[phone.slice(0, 3)] ?? 'TZ',
        currency: CURRENCY,
        items: lines.map(({ good, quantity }) => ({
          name: good.name,
          detail: good.detail[language],
          quantity,
          price: good.price,
        })),
        createdAt: now - 2000,
        updatedAt: now - 2000,
      }
      const sale: Sale = { order, phone, state: 'unpaid', posted: [] }
      remember(sales, id, sale, MOST_SALES)
      await post(sale, 'created')
      return paid ? await takePayment(sale, now, payment) : sale
    },
    async pay(id) {
      const sale = find(id, 'unpaid')
      return await takePayment(sale, later(sale.order), 'M-Pesa')
    },
    async refund(id) {
      const sale = find(id, 'paid')
      const at = later(sale.order)
      const refund = { id: `${id}1`, amount: totalOf(sale.order), at }
      sale.order = { ...sale.order, refunds: [refund], updatedAt: at }
      sale.state = 'refunded'
      return await post(sale, 'refunded')
    },
    async repeat(id) {
      const sale = find(id, 'unpaid', 'paid', 'refunded')
      return await post(sale, ({ unpaid: 'created', paid: 'paid', refunded: 'refunded' } as const)[sale.state])
    },
    sales: () => [...sales.values()].toReversed(),
  }
}

function reference(sim: Sim): string {
  return sim.newHex().slice(0, 10).toUpperCase()
}

async function ask(
  shop: ToyShopSettings,
  webhook: ReturnType<typeof toyWebhook>,
): Promise<Omit<Posted, 'topic' | 'at'>> {
  const nothing = { eventId: null, duplicate: false, trouble: null }
  try {
    const { status, body } = await postToy(shop.url, webhook)
    const { event_id: eventId, duplicate, error } = readAnswer(body)
    if (status < 300) return { ...nothing, status, eventId: eventId ?? null, duplicate: duplicate ?? false }
    return { ...nothing, status, trouble: error?.message ?? null }
  } catch (error) {
    return { ...nothing, status: null, trouble: messageOf(error) }
  }
}

function readAnswer(body: unknown): { event_id?: string; duplicate?: boolean; error?: { message?: string } } {
  return typeof body === 'object' && body !== null ? body : {}
}
