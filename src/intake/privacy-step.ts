import type { ShopConfig } from '../config/types.ts'
import type { PrivacyRequest } from '../order.ts'
import type { Step } from '../store/intake.ts'

export interface PrivacyInput {
  shop: ShopConfig
  /** All that are configured. */
  shops: ShopConfig[]
  eventId: string
  erasureId: string
}

/** Pure: what a shop's request about people makes us do. Only what this shop told and sent is ever touched. */
export function privacyStep(request: PrivacyRequest, { shop, shops, eventId, erasureId }: PrivacyInput): Step {
  const { type, phone, email, orderIds } = request
  // One app may be in several shops, whose requests all carry its signature.
  if (shop.domain !== null && shop.domain !== request.domain)
    return { kind: 'ignored', reason: 'the request is about another shop of this app: only `domain` is served here' }
  const shared = shops.some(({ id, sender }) => id !== shop.id && sender === shop.sender)
  const target = {
    shop: shop.id,
    phone,
    email,
    orderIds,
    wholeShop: type === 'privacy.redact_shop',
    ownSender: shared ? null : shop.sender,
    eventId,
  }
  const erasure = type === 'privacy.data_request' ? null : { id: erasureId, target }
  return { kind: 'privacy', type, trace: [{ step: type, text: whatIsAsked(request) }], erasure }
}

function whatIsAsked({ type, phone, orderIds }: PrivacyRequest): string {
  if (type === 'privacy.redact_shop') return 'everything of this shop is to be forgotten; that is under way'
  const count = `${orderIds.length} order${orderIds.length === 1 ? '' : 's'}`
  if (type === 'privacy.redact_customer') return `a customer with ${count} is to be forgotten; that is under way`
  const orders = orderIds.length === 0 ? 'no orders' : `the orders ${orderIds.join(', ')}`
  const how =
    phone === null ? 'no number is named: take it from these orders' : 'the number stands in this event’s body'
  return `a customer asks what is stored about them and ${orders}: run risiti person with their number (${how}) and give the shop what it prints`
}
