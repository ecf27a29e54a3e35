import type { Gate } from '../gates.ts'
import type { Sender } from '../state.ts'
import type { Language } from './language.ts'
import type { Person } from './options.ts'
import type { Till } from './till.ts'
import type { Times } from './times.ts'
import type { ChatRow, ChatView } from './view.ts'
import type { Words } from './words.ts'

/** What one page is drawn from. */
export interface Scene {
  language: Language
  words: Words
  times: Times
  /** Which half a narrow screen shows. */
  show: 'phone' | 'shop'
  people: { person: Person; row: ChatRow }[]
  chat: Chat | null
  shop: Shop | null
  dashboard: { url: string; token?: string } | null
  /** Said at the form it is about. */
  fault: { about: 'person' | 'basket'; text: string } | null
}

export interface Chat {
  person: Person
  sender: Sender
  otherSenders: Sender[]
  view: ChatView
}

export interface Shop {
  name: string
  sales: ReturnType<Till['sales']>
  windowOf(phone: string): Gate
  nameOf(phone: string): string
}

/** `to` is named only where there is a choice. */
export function chatPath({ person, sender, otherSenders }: Chat, rest = ''): string {
  return `/phone/${person.number}${rest}${otherSenders.length > 0 ? `?to=${sender.number}` : ''}`
}
