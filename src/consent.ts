import type { ConsentConfig } from './config/types.ts'
import type { Order } from './order.ts'

/** Whether the order holds the yes its shop asks for; a shop that asks for none has it. */
export function hasConsent(order: Order, consent: ConsentConfig | null): boolean {
  if (!consent?.required) return true
  const answer = order.attributes[consent.field]
  return answer !== undefined && consent.values.includes(answer.trim().toLowerCase())
}
