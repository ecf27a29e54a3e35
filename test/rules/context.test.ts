import { expect, test } from 'vitest'
import { captionContext } from '../../src/rules/context.ts'
import { variablesOn } from '../../src/rules/variables.ts'
import { aMessage, anOrder, orderContext, SHOP } from './an-order.ts'

function names(value: object, prefix = ''): string[] {
  return Object.entries(value).flatMap(([key, part]) => {
    const name = `${prefix}${key}`
    return typeof part === 'object' && name !== 'order.attributes' ? names(part, `${name}.`) : [name]
  })
}

test('an order gives exactly the documented variables', () => {
  expect(names(orderContext()).toSorted()).toEqual([...variablesOn('order.paid').keys()].toSorted())
})

test('a message gives exactly the documented variables', () => {
  const context = captionContext({
    event: { type: 'message.received' },
    order: null,
    message: aMessage('habari'),
    shop: SHOP,
    locale: 'sw',
  })
  expect(names(context).toSorted()).toEqual([...variablesOn('message.received').keys()].toSorted())
  expect(context.customer).toEqual({ name: 'Neema', first_name: 'Neema', phone_last4: '5678' })
})

test('what the shop did not tell is an empty text, never missing', () => {
  const context = orderContext(
    anOrder({
      customer: { name: null, firstName: null },
      phone: { raw: null, e164: null, problem: 'no_phone' },
      country: null,
      paidAt: null,
      createdAt: Number.NaN,
      payment: { method: null, reference: null },
    }),
  )
  expect(context.customer).toEqual({ name: '', first_name: '', phone_last4: '' })
  expect(context.order).toMatchObject({ country: '', url: '', paid_at: '', created_at: '', payment_method: '' })
  expect(context.shop.address).toBe('')
})

test('amounts are major units, the first name comes out of the whole one, weighed goods count once', () => {
  const context = orderContext(anOrder({ total: 90_050 }))
  expect(context.order).toMatchObject({
    total: 900.5,
    subtotal: 48_000,
    items_count: 3,
    paid_at: '2026-08-31T21:05:00.000Z',
  })
  expect(context.customer).toEqual({ name: 'Neema Mushi', first_name: 'Neema', phone_last4: '5678' })
})

test('a free field named like a part of JavaScript is only a field', () => {
  const attributes: Record<string, string> = JSON.parse('{"__proto__": "x", "constructor": "y"}')
  const context = orderContext(anOrder({ attributes }))
  expect(Object.entries(context.order?.attributes ?? {})).toEqual([
    ['__proto__', 'x'],
    ['constructor', 'y'],
  ])
})
