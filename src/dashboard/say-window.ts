import type { ConversationRow } from '../store/records.ts'
import { windowAt } from '../window/window.ts'
import type { When } from './when.ts'
import { conversationsWords } from './words/conversations.ts'
import type { Language } from './words/language.ts'

export interface WindowSaid {
  open: boolean
  text: string
  /** Null unless the customer asked to get no more messages. */
  optedOut: string | null
}

/** Whether a picture may go to this customer now, until when, and why. */
export function sayWindow(
  row: ConversationRow,
  now: number,
  marginMs: number,
  language: Language,
  when: When,
): WindowSaid {
  const words = conversationsWords(language)
  const window = windowAt(row, now, marginMs)
  const wrote = row.lastInboundAt === null ? '' : when.time(row.lastInboundAt)
  const texts = {
    open: () => words.openUntil(window.closesAt === null ? '' : when.time(window.closesAt - marginMs), wrote),
    never_wrote: () => words.never_wrote,
    expired: () => words.expired(wrote),
    provider_says_closed: () =>
      words.provider_says_closed(row.closedVerdictAt === null ? '' : when.time(row.closedVerdictAt)),
  }
  return {
    open: window.open,
    text: sentence(texts[window.why]()),
    optedOut: row.optedOutAt === null ? null : sentence(words.optedOutSince(when.time(row.optedOutAt))),
  }
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}
