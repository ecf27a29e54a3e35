import type { ConsentConfig } from './config/types.ts'
import type { Order } from './order.ts'

/** Whether the order holds the yes its shop asks for; a shop that asks for none has it. */
export function hasConsent(order: Order, consent: ConsentConfig | null): boolean {
  if (!consent?.required) return true
  const answer = Object.hasOwn(order.attributes, consent.field) ? order.attributes[consent.field] : undefined
  return answer !== undefined && consent.values.some((value) => plainAnswer(value) === plainAnswer(answer))
}

/** Case, width, edges and the dress of a tick (U+FE0F asks for a coloured one) change no answer. */
function plainAnswer(text: string): string {
  return text.normalize('NFKC').replaceAll('\ufe0f', '').trim().toLowerCase()
}
