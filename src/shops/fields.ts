import { parseMoney } from '../money.ts'

/** Readers for bodies nobody promised the types of: each takes anything and gives a value or says there is none. */

export type Fields = Record<string, unknown>

/** Rows of one list that are kept: more is not an order a person placed. */
export const MOST_LINES = 1000

/** So large that a thousand of them still add up exactly (2^53 is 9.007e15). */
const LARGEST_AMOUNT = 9e12

export function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function record(value: unknown): Fields {
  return isRecord(value) ? value : {}
}

/** The objects of a list. PHP writes an array with a gap in its keys as `{"0":…,"2":…}`: also a list. */
export function list(value: unknown, max = MOST_LINES): Fields[] {
  if (Array.isArray(value)) return value.slice(0, max).filter(isRecord)
  if (!isRecord(value)) return []
  const entries = Object.entries(value).slice(0, max)
  return entries.every(([key]) => /^\d{1,6}$/.test(key)) ? entries.map(([, item]) => item).filter(isRecord) : []
}

/** ASCII words with single spaces between them. */
const TIDY = /^[!-~]+(?: [!-~]+)*$/

/** Text for people on one line: no control or direction-changing characters, no half characters; null when empty. */
export function plain(value: unknown, max = 300): string | null {
  const text = scalar(value, max * 4)
  if (text === null) return null
  // Most values are, and the expressions below cost several times as much.
  if (TIDY.test(text)) return clip(text, max)
  const tidy = text
    .replace(/[\s\p{Cc}\u2028\u2029]+/gu, ' ')
    .replace(/[\p{Cs}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu, '')
    .trim()
  return tidy === '' ? null : clip(tidy, max)
}

/** An id, code or number as text; null when it is missing, empty or too long to be one. */
export function word(value: unknown, max = 64): string | null {
  const text = plain(value, max + 1)
  return text !== null && text.length <= max ? text : null
}

/** Text, a number or a yes/no, as text cut to `max`; null for anything else. */
export function scalar(value: unknown, max: number): string | null {
  if (typeof value === 'string') return value.slice(0, max)
  if (typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))) return String(value)
  return null
}

/** Minor units; undefined when it is missing, not a plain decimal, or larger than any real order. */
export function money(value: unknown, currency: string): number | undefined {
  if (typeof value === 'string' && value.length > 40) return undefined
  const minor = parseMoney(value, currency)
  return minor !== undefined && Math.abs(minor) <= LARGEST_AMOUNT ? minor : undefined
}

/** A whole number an API writes as one or as digits; undefined when it is not, or larger than any real order. */
export function wholeNumber(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^-?\d{1,16}$/.test(value) ? Number(value) : value
  const isWhole = typeof number === 'number' && Number.isSafeInteger(number)
  return isWhole && Math.abs(number) <= LARGEST_AMOUNT ? number + 0 : undefined
}

/** Upper-cased ISO 4217 code. */
export function currencyCode(value: unknown): string | null {
  const code = typeof value === 'string' ? value.trim().toUpperCase() : ''
  return /^[A-Z]{3}$/.test(code) ? code : null
}

/** Upper-cased ISO 3166 alpha-2. */
export function countryCode(value: unknown): string | null {
  const code = typeof value === 'string' ? value.trim().toUpperCase() : ''
  return /^[A-Z]{2}$/.test(code) ? code : null
}

/** `sw`, `pt-BR`; `sw_TZ`, as PHP plugins write it, becomes `sw-TZ`. */
export function localeCode(value: unknown): string | null {
  const code = typeof value === 'string' ? value.trim().replaceAll('_', '-') : ''
  return /^[a-z]{2,3}(-[a-z0-9]{1,8}){0,3}$/i.test(code) ? code : null
}

/** Epoch milliseconds of an ISO 8601 time. One without a zone is read as UTC; null when it is not a time. */
export function time(value: unknown): number | null {
  if (typeof value !== 'string' || value.length > 40) return null
  const match = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:?\d\d)?$/i.exec(value.trim())
  if (!match) return null
  const at = Date.parse(`${match[1]}T${match[2]}${match[3] ?? 'Z'}`)
  return Number.isFinite(at) && at > 0 ? at : null
}

/** Epoch milliseconds of whole seconds since 1970; null when they are none. */
export function unixTime(value: unknown): number | null {
  const seconds = wholeNumber(value)
  return seconds !== undefined && seconds > 0 && seconds < 1e11 ? seconds * 1000 : null
}

/** Epoch milliseconds of an RFC 2822 time with its zone as a number: `Wed, 10 Jan 2018 21:05:30 +0000`. */
export function mailTime(value: unknown): number | null {
  const text = typeof value === 'string' ? value.trim() : ''
  if (!/^[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d [+-]\d{4}$/.test(text)) return null
  const at = Date.parse(text)
  return Number.isFinite(at) && at > 0 ? at : null
}

/** A quantity as the shop wrote it; "1" when it wrote none that can be read. */
export function quantity(value: unknown): string {
  const text = word(value, 20) ?? ''
  return /^\d+(\.\d+)?$/.test(text) ? text : '1'
}

export function webAddress(value: unknown): string | null {
  const text = typeof value === 'string' && value.length <= 2000 ? value.trim() : ''
  return /^https?:\/\/[^\s\p{Cc}\p{Cs}"<>]+$/iu.test(text) ? text : null
}

export function clip(text: string, max: number): string {
  if (text.length <= max) return text
  // Never half of a surrogate pair.
  return `${text.slice(0, max - 1).replace(/[\ud800-\udbff]$/, '')}…`
}

export function sumOf(amounts: readonly { amount: number }[]): number {
  return amounts.reduce((sum, { amount }) => sum + amount, 0)
}
