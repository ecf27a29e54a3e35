import { SECOND } from '../clock.ts'
import type { MessageFacts } from '../store/words.ts'
import { whenIn } from './when.ts'
import type { Language } from './words/language.ts'
import { reasonIn } from './words/reasons.ts'
import { saysWords } from './words/says.ts'

export interface Saying {
  message: MessageFacts
  /** The customer's conversation; null where there is none. */
  contact: { lastInboundAt: number | null } | null
  /** Since when Karibu refuses to show what customers write. */
  blindSince: number | null
  now: number
  zone: string
  language: Language
}

/** What is due this soon goes out in a moment. */
const MOMENT_MS = 5 * SECOND

/** What is so of a message and why, in one sentence for whoever sells: from stored facts alone. */
export function sayMessage(saying: Saying): string {
  const text = partsOf(saying)
    .filter((part) => part !== null)
    .join('; ')
  const sentence = `${text.charAt(0).toUpperCase()}${text.slice(1)}`
  return /[.!?…]$/.test(sentence) ? sentence : `${sentence}.`
}

function partsOf({ message, contact, blindSince, now, zone, language }: Saying): (string | null)[] {
  const words = saysWords(language)
  const when = whenIn(language, zone, now)
  const said = (at: number | null) => (at === null ? words.unknownTime : when.time(at))
  const ahead = (at: number | null, say: (time: string) => string) => (at === null ? null : say(when.time(at)))
  const { status, nextAttemptAt } = message
  const why = reasonIn(language, status, message.reason ?? '')
  switch (status) {
    case 'held': {
      const last = contact?.lastInboundAt ?? null
      const silent = last === null ? words.neverWrote : words.notSince(when.day(last))
      return [
        message.reason === 'window_closed' ? silent : why,
        ahead(message.expiresAt, words.expires),
        ahead(blindSince, words.blind),
      ]
    }
    case 'queued':
      if (message.reason === 'quiet_hours') return [why, ahead(nextAttemptAt, words.goesAt)]
      if (nextAttemptAt === null || nextAttemptAt <= now + MOMENT_MS) return [words.goesNow]
      if (message.errorCode !== null) return [words.triesAgain(when.time(nextAttemptAt)), message.errorDetail]
      return [words.goesAt(when.time(nextAttemptAt))]
    case 'sending':
      return [words.onItsWay]
    case 'uncertain':
      return [why, ahead(nextAttemptAt, words.nextLook)]
    case 'pending':
      return [words.takenOn(said(message.acceptedAt))]
    case 'sent':
      return [words.sentAt(said(message.sentAt ?? message.acceptedAt))]
    case 'delivered':
      return [words.deliveredAt(said(message.deliveredAt))]
    case 'read':
      return [words.readAt(said(message.readAt))]
    case 'failed':
      return [words.failedAt(said(message.failedAt), message.errorDetail ?? words.noReason)]
    case 'expired':
      return [why, ahead(message.expiresAt, words.expiredAt)]
    case 'skipped':
    case 'cancelled':
      return [why]
  }
}
