import { type Clock, MINUTE } from '../clock.ts'
import type { KaribuClient } from '../karibu/client.ts'
import { namesOf } from '../karibu/sender-probe.ts'
import type { Sender } from '../karibu/wire.ts'

/** Karibu names a sender by uuid in its threads; the configuration by number or phone_number_id. */
export type SenderName = (senderId: string | null) => Promise<string | null>

const KEEP_MS = 10 * MINUTE

/** Gives the sender as our configuration writes it, else its digits; null when it cannot be told. */
export function createSenderNames(
  karibu: Pick<KaribuClient, 'listSenders'>,
  configured: string[],
  clock: Clock,
): SenderName {
  let known: Sender[] = []
  let readAt = Number.NEGATIVE_INFINITY
  return async function senderName(senderId) {
    const only = configured.length === 1 ? (configured[0] ?? null) : null
    if (senderId === null) return only
    const isKnown = known.some((sender) => sender.id === senderId)
    if (clock.now() - readAt > KEEP_MS || (!isKnown && clock.now() - readAt > MINUTE)) {
      known = await karibu.listSenders()
      readAt = clock.now()
    }
    const sender = known.find((one) => one.id === senderId)
    if (!sender) return configured.includes(senderId) ? senderId : only
    const names = namesOf(sender)
    const match = configured.find((name) => names.includes(name) || names.includes(name.replace(/\D/g, '')))
    return match ?? names[0] ?? null
  }
}
