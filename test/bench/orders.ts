import { createHmac } from 'node:crypto'
import { type ToyRequest, toyWebhook } from '../../src/sandbox/toy-shop.ts'
import { SECRETS, SHOPS } from '../crash/orders.ts'

export interface SignedOrder {
  /** The whole HTTP request. */
  request: Buffer
  number: string
}

export interface OrderMaker {
  /** New orders, signed before they are needed; `phoneOf` names the customer, else it is somebody who never wrote. */
  make(count: number, phoneOf?: (index: number) => string | undefined): SignedOrder[]
  /** The same with a signature by nobody we know, each from an address of its own. */
  forge(count: number): Buffer[]
}

const PATH = `/webhooks/${SHOPS.woocommerce}`
/** As long as what stands in their place. */
const MARKS = { id: '7000000007', number: 'C-7000000007-B', phone: '255799999997' }
const MARK = new RegExp(Object.values(MARKS).join('|'))
const FIRST_ID = 1_000_000_000

/** A customer of this number has written and may get images. */
export const regularPhone = (index: number): string => `25575${1_000_000 + index}`
/** A customer who never wrote. */
const strangerPhone = (index: number): string => `25571${String(10_000_000 + index).slice(-7)}`
const numberOf = (index: number): string => `C-${FIRST_ID + index}-B`

/** Orders of WooCommerce as large as real ones (6 KB), all different, over all calls. */
export function createOrderMaker(now: number): OrderMaker {
  const { headers, body } = template(now)
  const parts = body.split(new RegExp(`(${MARK.source})`))
  let made = 0

  function fill(phoneOf: (index: number) => string | undefined) {
    const index = made++
    const values: Record<string, string> = {
      [MARKS.id]: String(FIRST_ID + index),
      [MARKS.number]: numberOf(index),
      [MARKS.phone]: phoneOf(index) ?? strangerPhone(index),
    }
    return { number: numberOf(index), text: Buffer.from(parts.map((part) => values[part] ?? part).join('')) }
  }

  function signed(text: Buffer, secret: string, more: Record<string, string> = {}): Buffer {
    const signature = createHmac('sha256', secret).update(text).digest('base64')
    return post(PATH, { ...headers, 'x-wc-webhook-signature': signature, ...more }, text)
  }

  return {
    make: (count, phoneOf = () => undefined) =>
      Array.from({ length: count }, () => {
        const { number, text } = fill(phoneOf)
        return { number, request: signed(text, SECRETS.woocommerce) }
      }),
    // Bad signatures are limited by address, as the proxy on this machine tells it.
    forge: (count) =>
      Array.from({ length: count }, (_, index) => {
        const address = `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`
        return signed(fill(strangerPhone).text, 'not the secret', { 'x-forwarded-for': address })
      }),
  }
}

/** Written to a socket as it is. */
export function post(path: string, headers: Record<string, string>, body: Buffer): Buffer {
  const lines = Object.entries({ ...headers, 'content-length': String(body.length) }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  )
  return Buffer.concat([Buffer.from(`POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n${lines.join('')}\r\n`), body])
}

export function get(path: string, token: string): Buffer {
  return Buffer.from(`GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${token}\r\n\r\n`)
}

const GOODS = [
  'Khanga ya pamba – Kilimanjaro',
  'Kitenge “Wax” 6 yd',
  'Sabuni & mafuta',
  'Viatu vya ngozi № 42',
  'Kahawa',
]

function template(now: number): ToyRequest {
  const plain = toyWebhook(
    'woocommerce',
    SECRETS.woocommerce,
    {
      id: MARKS.id,
      number: MARKS.number,
      customer: { name: 'Asha Mwinyi', phone: `+${MARKS.phone}`, locale: 'sw' },
      country: 'TZ',
      currency: 'TZS',
      items: GOODS.map((name, index) => ({ name, detail: 'bluu', quantity: 1 + index, price: 1_800_000 })),
      shipping: { label: 'Bodaboda', amount: 300_000 },
      tax: { label: 'VAT', rate: 18, amount: 450_000, inside: true },
      payment: { method: 'M-Pesa', reference: 'QK7X2P9LMN' },
      createdAt: now - 2000,
      updatedAt: now,
      paidAt: now,
    },
    'order.created',
    now,
  )
  const order = JSON.parse(plain.body) as { line_items: object[] }
  const lines = order.line_items.map((line, index) => ({ ...line, ...besidesLine(index) }))
  const body = JSON.stringify({ ...order, ...besides(now), line_items: lines })
  return { ...plain, body: body.replaceAll('/', '\\/') }
}

function besidesLine(index: number): object {
  return {
    tax_class: '',
    taxes: [{ id: 1, total: '2745.76', subtotal: '2745.76' }],
    image: {
      id: 310 + index,
      src: `https://duka.example/wp-content/uploads/2026/08/bidhaa-${310 + index}-768x1024.jpg`,
    },
    parent_name: null,
    global_unique_id: '',
    tax_status: 'taxable',
    backordered: false,
    weight: '0.45',
  }
}

/** What WooCommerce sends with an order that nobody reads. */
function besides(now: number): object {
  const agent =
    'Mozilla/5.0 (Linux; Android 14; Infinix X6833B) AppleWebKit/537.36 Chrome/138.0.0.0 Mobile Safari/537.36'
  const attribution = ['source_type', 'referrer', 'utm_source', 'utm_medium', 'session_entry', 'session_start_time']
  return {
    order_key: `wc_order_${'k'.repeat(13)}`,
    customer_ip_address: '196.249.97.14',
    customer_user_agent: agent,
    created_via: 'checkout',
    customer_note: 'Tafadhali piga simu kabla ya kuja — mlango wa nyuma.',
    cart_hash: 'd41d8cd98f00b204e9800998ecf8427e',
    currency_symbol: 'TSh',
    payment_url: `https://duka.example/checkout/order-pay/${MARKS.id}/?pay_for_order=true`,
    is_editable: false,
    needs_payment: false,
    needs_processing: true,
    date_completed: null,
    meta_data: attribution.map((name, index) => ({
      id: 5000 + index,
      key: `_wc_order_attribution_${name}`,
      value: `https://www.instagram.example/dukalamajaribio/?at=${now}&part=${index}`,
    })),
    _links: {
      self: [{ href: `https://duka.example/wp-json/wc/v3/orders/${MARKS.id}`, targetHints: { allow: ['GET'] } }],
      collection: [{ href: 'https://duka.example/wp-json/wc/v3/orders' }],
      customer: [{ href: 'https://duka.example/wp-json/wc/v3/customers/1042' }],
    },
  }
}
