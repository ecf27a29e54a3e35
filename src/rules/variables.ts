import type { EventType } from '../order.ts'

/** `texts` is a group with free names, all of them text. */
export type VariableType = 'text' | 'number' | 'texts'

export interface Variable {
  name: string
  type: VariableType
  /** Which events have it. */
  on: 'all' | 'order' | 'message'
  meaning: string
}

function variables(on: Variable['on'], rows: [name: string, type: VariableType, meaning: string][]): Variable[] {
  return rows.map(([name, type, meaning]) => ({ name, type, on, meaning }))
}

/** Everything a caption, an image url, an invitation's variables and `if` can name. What is not known is "". */
export const VARIABLES: readonly Variable[] = [
  ...variables('all', [
    ['event.type', 'text', 'What happened: `order.paid`, `message.received` …'],
    ['locale', 'text', 'The language of this message: `sw` or `en`'],
    ['shop.id', 'text', 'The name of the shop in the configuration'],
    ['shop.name', 'text', '`brand.name`'],
    ['shop.phone', 'text', '`brand.phone`'],
    ['shop.address', 'text', '`brand.address`'],
    ['shop.timezone', 'text', 'The zone `date` shows times in'],
    ['customer.name', 'text', 'The whole name'],
    ['customer.first_name', 'text', 'The first name'],
    ['customer.phone_last4', 'text', 'The last four digits of the WhatsApp number'],
  ]),
  ...variables('order', [
    ['order.id', 'text', "The shop's own id"],
    ['order.number', 'text', 'The number people know, as the shop shows it'],
    ['order.currency', 'text', 'ISO 4217, like `TZS`'],
    ['order.total', 'number', 'What was charged; `{{ order.total | money }}` writes it out'],
    ['order.subtotal', 'number', 'Before discounts, delivery and fees'],
    ['order.refunded_total', 'number', 'What was given back so far'],
    ['order.refund_amount', 'number', 'What the newest refund gave back; 0 without one'],
    ['order.items_count', 'number', 'How many items; a line sold by weight counts as one'],
    ['order.created_at', 'text', 'When it was placed (ISO 8601, UTC); `{{ order.created_at | date }}` writes it out'],
    ['order.paid_at', 'text', 'When it was paid (ISO 8601, UTC)'],
    ['order.payment_method', 'text', 'As the shop calls it: `M-Pesa`'],
    ['order.payment_reference', 'text', "The payment provider's reference"],
    ['order.country', 'text', "ISO 3166 of the customer's address"],
    ['order.url', 'text', "The customer's page of the order"],
    ['order.attributes', 'texts', 'Free fields of the shop, like `order.attributes.table`'],
  ]),
  ...variables('message', [
    ['message.text', 'text', 'What the customer wrote'],
    ['message.name', 'text', "The customer's name on WhatsApp"],
  ]),
]

/** The variables an event of this type has, by name. */
export function variablesOn(type: EventType): Map<string, Variable> {
  const kind = type === 'message.received' ? 'message' : 'order'
  return new Map(VARIABLES.filter(({ on }) => on === 'all' || on === kind).map((v) => [v.name, v]))
}
