import { TOO_OLD_TO_ANSWER } from '../intake/decide-inbound.ts'
import type { KeptDelivery } from '../intake/deliveries.ts'
import { isObject, parseJson } from '../karibu/answers.ts'
import { ORDER_EVENT_TYPES, type OrderEventType, type Reading } from '../order.ts'
import type { KeptStore } from '../store/kept.ts'
import { CLAIM_RECEIVED, confirmationOf } from '../store/questions.ts'
import type { EventRow } from '../store/records.ts'
import { inboundOf, keptItem } from '../tracking/inbound-message.ts'

/** What reading a kept event anew needs besides its row: never its headers, which are not kept. */
export async function readKept(
  event: EventRow,
  body: Uint8Array,
  store: Pick<KeptStore, 'findConversation' | 'findClaimQuery'>,
): Promise<Omit<KeptDelivery, 'id' | 'deliveryKey' | 'receivedAt' | 'contentType' | 'first'>> {
  const { source, topic, receivedAt: toldAt } = event
  const inbound = source === 'karibu' ? await inboundAgain(event, body, store) : null
  const claimed = event.type === CLAIM_RECEIVED
  const query = (claimed ? await store.findClaimQuery(event.id) : undefined) ?? ''
  return { source, topic, toldAt, body, inbound, claimed, query, readings: confirmedReadings(event, body) }
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

/** What was confirmed is kept as what was made of it: its platform neither reads it nor is asked a second time. */
function confirmedReadings({ topic, deliveryKey }: EventRow, body: Uint8Array): Reading[] | null {
  if (topic !== 'confirmed' || confirmationOf(deliveryKey) === null) return null
  const kept = parseJson(Buffer.from(body).toString('utf8'))
  if (isObject(kept) && 'readings' in kept && areReadings(kept.readings)) return kept.readings
  return [{ kind: 'ignored', reason: 'what was confirmed then cannot be read any more' }]
}

/** Written by us as we read them: their kind is enough to know them by. */
function areReadings(value: unknown): value is Reading[] {
  return Array.isArray(value) && value.every((one) => isObject(one) && 'kind' in one)
}
