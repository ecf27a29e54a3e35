import { getSupportedRegionCodes, parsePhoneNumber } from 'awesome-phonenumber'
import type { Phone } from '../order.ts'

/** Zeros of the digit sets people type here besides ASCII and full width: Arabic-Indic, Persian, N'Ko, Devanagari. */
const ZEROS = [0x660, 0x6f0, 0x7c0, 0x966]
const MOBILE = new Set<string | undefined>(['mobile', 'fixed-line-or-mobile'])
/** Longer than any number with its remarks; a cut one could turn into somebody else's. */
const LONGEST = 100
const MOST_PARTS = 5
const REGIONS = new Set(getSupportedRegionCodes())

export interface PhoneCandidate {
  raw: unknown
  /** ISO 3166 alpha-2 whose national numbers these are. */
  region: string
}

/**
 * The first valid number a mobile phone can have, of several written in one field (`0754… / 0688…`). A national number
 * is tried in its own region alone: one that parses for the wrong country gives the receipt to a stranger.
 */
export function parsePhone(raw: unknown, region: string): Phone {
  return parseEach(raw, (part) => mobileNumber(part, region))
}

/**
 * The number of somebody who wrote to us on WhatsApp: any kind of line, and bare digits are read as international
 * first, since that is how WhatsApp names people.
 */
export function parseSender(raw: unknown, region: string): Phone {
  return parseEach(raw, (part) => {
    const digits = compact(part)
    if (digits === null) return null
    const international = /^[1-9]\d{7,14}$/.test(digits) ? validNumber(`+${digits}`, region) : null
    return (international ?? validNumber(digits, region))?.e164 ?? null
  })
}

/** The first valid one, with the candidate it came from. Without any, what was typed and that it cannot be used. */
export function choosePhone<C extends PhoneCandidate>(candidates: readonly C[]): { phone: Phone; from: C | null } {
  let unusable: Phone | null = null
  for (const candidate of candidates) {
    const phone = parsePhone(candidate.raw, candidate.region)
    if (phone.e164 !== null) return { phone, from: candidate }
    if (phone.raw !== null) unusable ??= phone
  }
  return { phone: unusable ?? NO_PHONE, from: null }
}

export const NO_PHONE: Phone = Object.freeze({ raw: null, e164: null, problem: 'no_phone' })

/** The first of these countries whose numbers are known; an address may hold a code nobody assigned. */
export function regionOf(codes: readonly (string | null)[], fallback: string): string {
  return codes.find((code) => code !== null && REGIONS.has(code)) ?? fallback
}

function parseEach(raw: unknown, read: (part: string) => string | null): Phone {
  const text = typeof raw === 'number' ? String(raw) : raw
  if (typeof text !== 'string' || text.trim() === '') return NO_PHONE
  const kept = text.slice(0, LONGEST).replace(/[\p{Cs}\0]/gu, '')
  const parts = text.length > LONGEST ? [] : split(text)
  for (const part of parts) {
    const e164 = read(part)
    if (e164 !== null) return { raw: kept, e164, problem: null }
  }
  return { raw: kept, e164: null, problem: 'invalid_phone' }
}

function split(text: string): string[] {
  return asciiDigits(text.replace(/[\r\n]+/g, ';').replaceAll('\t', ' '))
    .normalize('NFKC')
    .replace(/[\p{Cf}\p{Cc}]/gu, '')
    .split(/[/,;|]|\bor\b|\bau\b/i)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .slice(0, MOST_PARTS)
}

function asciiDigits(text: string): string {
  return text.replace(/\p{Nd}/gu, (digit) => {
    const code = digit.codePointAt(0) ?? 0
    const zero = ZEROS.find((start) => code >= start && code <= start + 9)
    return zero === undefined ? digit : String(code - zero)
  })
}

/** `+` and digits alone; null when anything but digits and the marks between them is there (letters, `*150#`, `2.5E+11`). */
function compact(part: string): string | null {
  const text = part.replace(/\(\s*0\s*\)/g, '').trim()
  if (!/^\+?[\d\s().\p{Pd}·]+$/u.test(text)) return null
  const digits = text.replace(/[^\d+]/g, '')
  if (!/[1-9]/.test(digits)) return null
  // People dial 00 where the official prefix is 000 (TZ, KE, UG), so no library knows it.
  return /^00[1-9]/.test(digits) ? `+${digits.slice(2)}` : digits
}

function mobileNumber(part: string, region: string): string | null {
  const digits = compact(part)
  if (digits === null) return null
  const national = validNumber(digits, region)
  if (national) return national.mobile ? national.e164 : null
  if (!/^[1-9]\d{10,14}$/.test(digits) || startsWithNationalMobile(digits, region)) return null
  const international = validNumber(`+${digits}`, region)
  return international?.mobile ? international.e164 : null
}

/** A national mobile number with a digit too many is a slip, not a number abroad. */
function startsWithNationalMobile(digits: string, region: string): boolean {
  return [8, 9, 10].some((length) => {
    const start = parsePhoneNumber(digits.slice(0, length), { regionCode: region })
    return start.valid && start.type === 'mobile'
  })
}

function validNumber(digits: string, region: string): { e164: string; mobile: boolean } | null {
  const parsed = parsePhoneNumber(digits, { regionCode: region })
  return parsed.valid ? { e164: parsed.number.e164.slice(1), mobile: MOBILE.has(parsed.type) } : null
}

/** The country's code and the rest of an E.164 number; without a known country all is the rest. */
export function partsOf(e164: string): { countryCode: string; national: string } {
  const { valid, countryCode, number } = parsePhoneNumber(`+${e164}`)
  const national = number?.significant
  return valid && national ? { countryCode: String(countryCode), national } : { countryCode: '', national: e164 }
}
