import { z } from 'zod'
import { ORDER_EVENT_TYPES } from '../order.ts'

/**
 * Our own event format for shops without a platform of ours, documented field by field: the README prints these
 * descriptions. Unknown fields are allowed and not read; null means the same as leaving a field out.
 */

const AMOUNT_TEXT = /^\d{1,13}(\.\d{1,4})?$/
const SIGNED_TEXT = /^-?\d{1,13}(\.\d{1,4})?$/
const AMOUNT_HINT = 'an amount in major units: decimal text ("48000" or "48000.50") or a whole number'

const amount = z.union([z.string().regex(AMOUNT_TEXT), z.int().nonnegative()], { error: AMOUNT_HINT })
const signedAmount = z.union([z.string().regex(SIGNED_TEXT), z.int()], { error: AMOUNT_HINT })
const id = z.union([z.string().trim().min(1).max(64), z.int()], {
  error: 'text of 1 to 64 characters or a whole number',
})
const at = z.iso.datetime({ offset: true, error: 'an ISO 8601 time with its zone ("2026-11-20T08:04:41Z")' })
const short = z.string().max(300)
const quantity = z.union([z.string().regex(/^\d{1,9}(\.\d{1,6})?$/), z.number().nonnegative().max(1e9)], {
  error: 'a number or decimal text ("1.5")',
})
const phone = z.union([z.string().max(100), z.int()], { error: 'text' })

const item = z
  .object({
    name: short.min(1).describe('What was bought'),
    detail: short.nullish().describe('Variation or options: a second, quieter line'),
    sku: z.string().max(100).nullish().describe("The shop's article number"),
    quantity: quantity.describe('A number or decimal text; "1.5" for goods by weight'),
    total: amount.nullish().describe('What the buyer saw for the whole line before order discounts'),
    unit_price: amount.nullish().describe('Price of one; used when there is no total'),
  })
  .refine((line) => line.total != null || line.unit_price != null, {
    path: ['total'],
    error: 'each item needs a total or a unit_price',
  })

export const orderData = z.object({
  id: id.describe('The order, as the shop knows it; the same in all its events'),
  number: id.nullish().describe('The number people know; the id when left out'),
  currency: z
    .string()
    .regex(/^[A-Za-z]{3}$/, { error: 'an ISO 4217 code ("TZS")' })
    .describe('ISO 4217 code of all amounts'),
  total: amount.describe('All in: after discounts, with shipping, fees and tax'),
  items: z.array(item).max(1000).describe('The lines of the order'),
  customer: z
    .object({
      name: short.nullish().describe('Full name'),
      phone: phone.nullish().describe('WhatsApp number, best as +255…; a national one is read in `country`'),
      locale: z.string().max(35).nullish().describe('BCP 47 language, "sw" or "en-KE"'),
    })
    .nullish()
    .describe('Who bought'),
  country: z
    .string()
    .regex(/^[A-Za-z]{2}$/, { error: 'an ISO 3166 code of two letters ("TZ")' })
    .nullish()
    .describe("ISO 3166 alpha-2 of the customer; the shop's when left out"),
  subtotal: amount.nullish().describe('Sum of the lines; added up when left out'),
  discounts: z
    .array(z.object({ label: short.nullish(), amount }))
    .max(100)
    .nullish()
    .describe('What was taken off, each with its coupon or name'),
  shipping: z
    .union([amount, z.array(z.object({ label: short.nullish(), amount })).max(100)])
    .nullish()
    .describe('Delivery: one amount, or a list of `label` and `amount`'),
  fees: z
    .array(z.object({ label: short.nullish(), amount: signedAmount }))
    .max(100)
    .nullish()
    .describe('Other charges; may be negative'),
  taxes: z
    .array(z.object({ label: short.nullish(), rate: quantity.nullish(), amount }))
    .max(100)
    .nullish()
    .describe('Each tax with its `rate` in percent'),
  tax_included: z
    .boolean()
    .nullish()
    .describe('True when lines and total already hold the tax (default false: on top)'),
  refunds: z
    .array(z.object({ id: id.nullish(), amount, reason: short.nullish(), at: at.nullish() }))
    .max(100)
    .nullish()
    .describe('All that was given back so far'),
  payment: z
    .object({ method: short.nullish(), reference: short.nullish() })
    .nullish()
    .describe('How it was paid ("M-Pesa") and the transaction code'),
  url: z.string().max(2000).nullish().describe('A page where the customer sees the order'),
  claim_key: z
    .string()
    .max(300)
    .nullish()
    .describe("A secret of this order (9 characters or more) that opens its claim link on the shop's thank-you page"),
  test: z.boolean().nullish().describe('True: nobody is ever messaged about it'),
  created_at: at.nullish().describe('When it was ordered'),
  updated_at: at.nullish().describe("The order's last change; the event's timestamp when left out"),
  paid_at: at.nullish().describe('When it was paid; order.paid without it means at the timestamp'),
  fulfilled_at: at.nullish().describe('When it was shipped or handed over; likewise for order.fulfilled'),
  cancelled_at: at.nullish().describe('When it was cancelled; likewise for order.cancelled'),
  attributes: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
    .nullish()
    .describe('Free fields by name, such as a consent box'),
})

export const messageData = z
  .object({
    from: phone.nullish().describe("The customer's WhatsApp number in international form"),
    to: phone.nullish().describe('Our number they wrote to'),
    text: z.string().nullish().describe('What they wrote'),
    message_id: z.string().max(200).nullish().describe("The provider's id of the message"),
    conversation_id: z.string().max(200).nullish().describe("The provider's id of the conversation"),
    name: short.nullish().describe("The customer's profile name"),
    received_at: at.nullish().describe("When it was received; the event's timestamp when left out"),
  })
  .refine((message) => hasText(message.from) || hasText(message.conversation_id), {
    path: ['from'],
    error: 'a message needs from or conversation_id',
  })

export const envelope = z.object({
  type: z
    .string()
    .min(1)
    .max(100)
    .describe(`${ORDER_EVENT_TYPES.join(', ')} or message.received`),
  timestamp: at.describe('When it happened, ISO 8601 with its zone'),
  data: z.record(z.string(), z.unknown()).describe('The order or the message'),
})

export type OrderData = z.infer<typeof orderData>
export type MessageData = z.infer<typeof messageData>

function hasText(value: string | number | null | undefined): boolean {
  return value != null && String(value).trim() !== ''
}
