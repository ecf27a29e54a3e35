import type { Order, Reading } from '../../src/order.ts'

const NASTY: unknown[] = [
  null,
  true,
  -1,
  1e308,
  0.1,
  '',
  'x'.repeat(100_000),
  '9'.repeat(500),
  '\ud800\u0000\u202e',
  '2026-99-99T99:99:99Z',
  [],
  {},
  [[[[]]]],
  { toString: 1, valueOf: 1 },
  { '0': null },
  { presentment_money: { amount: [], currency_code: {} } },
  Array.from({ length: 3000 }, () => ({ name: 'a', quantity: 1, total: '1', subtotal: '89999999999', price: '1' })),
  Array.from({ length: 50 }, (_, index) => ({ key: `phone${index}`, name: `phone${index}`, value: '1/2/3/4/5/6' })),
]

/** mulberry32: the same mutations on every run. */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Replaces, drops or adds something at a few places of the tree. */
export function mutate(value: unknown, random: () => number): unknown {
  const copy: unknown = structuredClone(value)
  for (let count = 1 + Math.floor(random() * 4); count > 0; count--) mutateOnce(copy, random)
  return copy
}

function mutateOnce(root: unknown, random: () => number): void {
  let at = root
  for (;;) {
    if (typeof at !== 'object' || at === null) return
    const keys = Object.keys(at)
    const key = keys[Math.floor(random() * keys.length)]
    if (key === undefined) return
    const child: unknown = Reflect.get(at, key)
    if (typeof child === 'object' && child !== null && random() < 0.7) {
      at = child
      continue
    }
    if (random() < 0.15) Reflect.deleteProperty(at, key)
    else Reflect.set(at, key, structuredClone(NASTY[Math.floor(random() * NASTY.length)]))
    return
  }
}

/** What must hold of anything a reader gives; each fault as a word. */
export function faultsOf(reading: Reading): string[] {
  if (reading.kind === 'ignored') return reading.reason.length < 600 ? [] : ['reason']
  if (reading.kind === 'claim') return reading.claim.subject === '' ? ['nothing to ask about'] : []
  if (reading.kind === 'message') {
    const { from, conversationId } = reading.message
    return (from?.e164 ?? conversationId) ? [] : ['nobody wrote']
  }
  if (reading.kind === 'privacy') return reading.request.orderIds.every((id) => id !== '') ? [] : ['order ids']
  const { order } = reading
  const texts = [order.number, order.customer.name ?? '', ...Object.values(order.attributes)]
  const holds: Record<string, boolean> = {
    id: order.id.length > 0,
    currency: /^[A-Z]{3}$/.test(order.currency),
    total: order.total >= 0,
    amounts: amountsOf(order).every(Number.isSafeInteger),
    lines: order.lines.length <= 1000 && order.lines.every((line) => line.name.length <= 300),
    size: JSON.stringify({ ...order, lines: [] }).length < 120_000,
    phone: (order.phone.e164 === null) === (order.phone.problem !== null),
    texts: texts.every((text) => !/[\0\u202e]|\p{Cs}/u.test(text)),
  }
  return Object.keys(holds).filter((name) => holds[name] !== true)
}

function amountsOf(order: Order): number[] {
  const parts = [order.discounts, order.shipping, order.fees, order.taxes, order.refunds]
  const lines = order.lines.map((line) => line.total)
  return [order.total, order.subtotal, order.refundedTotal, ...parts.flat().map(({ amount }) => amount), ...lines]
}
