import type { ToyPlatform } from '../toy-shop.ts'
import type { Language } from './language.ts'

export interface Person {
  /** Digits. */
  number: string
  name: string
  /** What is going on with them, shown until they write. */
  note?: Record<Language, string>
}

/** Where the toy shop’s webhooks go, and what signs them. */
export interface ToyShopSettings {
  platform: ToyPlatform
  /** What its window says. */
  name: string
  url: string
  secret: string
}

/** What the pages under `/phone` show beside the chats themselves. */
export interface PhoneOptions {
  people?: Person[]
  /** Without one the page says how to set it up. */
  shop?: ToyShopSettings
  /** Where Risiti shows its side, and the token that opens it where that is no secret. */
  dashboard?: { url: string; token?: string }
  /** An IANA name; whose clock the chats show. */
  timeZone?: string
}

export const DEFAULT_PEOPLE: Person[] = [
  { number: '255712345678', name: 'Asha Mwinyi' },
  { number: '255754000123', name: 'Juma Ng’wanza' },
]
export const DEFAULT_TIME_ZONE = 'Africa/Dar_es_Salaam'
