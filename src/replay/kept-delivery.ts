import { TOO_OLD_TO_ANSWER } from '../intake/decide-inbound.ts'
import type { KeptDelivery } from '../intake/intake.ts'
import { isObject, parseJson } from '../karibu/answers.ts'
import { ORDER_EVENT_TYPES, type OrderEventType, type Reading } from '../order.ts'
import type { KeptStore } from '../store/kept.ts'
import type { EventRow } from '../store/records.ts'
import { inboundOf, keptItem } from '../tracking/inbound-message.ts'

/** What reading a kept event anew needs besides its row: never its headers, which are not kept. */
export async function readKept(
  event: EventRow,
  body: Uint8Array,
  store: Pick<KeptStore, 'findConversation'>,
): Promise<Pick<KeptDelivery, 'source' | 'topic' | 'toldAt' | 'readings' | 'inbound' | 'body'>> {
  const { source, topic, receivedAt: toldAt } = event
  const inbound = source === 'karibu' ? await inboundAgain(event, body, store) : null
  return { source, topic, toldAt, body, inbound, readings: confirmedReadings(event, body) }
}

/** What the event made true when it was first taken. */
export function toldBy({ trace }: EventRow): OrderEventType[] {
  return ORDER_EVENT_TYPES.filter((type) => trace.some(({ step }) => step === type))
}

async function inboundAgain(event: EventRow, body: Uint8Array, store: Pick<KeptStore, 'findConversation'>) {
  const item = keptItem(body)
  const row = event.conversationId === null ? undefined : await store.findConversation(event.conversationId)
  if (!item || !row) return null
  const { sender, phone, karibuId, name } = row
  const history = event.trace.some(({ text }) => text === TOO_OLD_TO_ANSWER)
  return inboundOf(item, { sender, phone, karibuId, name }, history)
}

/** What was confirmed is kept as what was made of it: its platform is not asked a second time. */
function confirmedReadings({ topic, deliveryKey }: EventRow, body: Uint8Array): Reading[] | null {
  if (topic !== 'confirmed' || !deliveryKey.startsWith('confirmed:')) return null
  const kept = parseJson(Buffer.from(body).toString('utf8'))
  return isObject(kept) && 'readings' in kept && areReadings(kept.readings) ? kept.readings : null
}

/** Written by us as we read them: their kind is enough to know them by. */
function areReadings(value: unknown): value is Reading[] {
  return Array.isArray(value) && value.every((one) => isObject(one) && 'kind' in one)
}
