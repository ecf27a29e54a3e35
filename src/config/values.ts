import { parseQuietHours } from '../quiet-hours.ts'
import { nearest } from '../rules/nearest.ts'
import { parseDuration } from './duration.ts'
import { parseSize } from './size.ts'

/** What is wrong with a value and how to mend it, or undefined. */
export type Check = (value: string) => string | undefined

export const ID_PATTERN = '^[a-z0-9][a-z0-9_-]{0,62}$'
export const COLOR_PATTERN = '^#[0-9A-Fa-f]{6}$'
export const COUNTRY_PATTERN = '^[A-Z]{2}$'
export const QUIET_HOURS_PATTERN = '^([01]\\d|2[0-3]):[0-5]\\d-([01]\\d|2[0-3]):[0-5]\\d$'
export const SILENCE_PATTERN = '^(\\d{1,9}(ms|s|m|h|d)|auto|off)$'
export const CURRENCY_PATTERN = '^[A-Z]{3}$'

/** Names in CLDR that are no country a phone number can belong to, or not its ISO code. */
const NO_COUNTRIES = new Set(['EU', 'EZ', 'UN', 'QO', 'XA', 'XB', 'ZZ', 'SU', 'DD', 'YU', 'ZR', 'TP', 'AN', 'CS'])

export function filled(value: string): string | undefined {
  return value.trim() === '' ? 'is empty: give it a value' : undefined
}

export function idFault(value: string): string | undefined {
  if (new RegExp(ID_PATTERN).test(value)) return undefined
  return 'use small letters, digits, - and _ only (at most 63, the first a letter or digit)'
}

export function durationFault(min: string, max: string): Check {
  return (value) => {
    const ms = parseDuration(value)
    if (ms === undefined) return 'must be a number and a unit, like 30s, 10m, 72h or 7d'
    if (ms < (parseDuration(min) ?? 0)) return `must be at least ${min}`
    return ms > (parseDuration(max) ?? 0) ? `must be at most ${max}` : undefined
  }
}

export function keepFault(min: string): Check {
  const fault = durationFault(min, '36500d')
  return (value) => {
    if (value === 'forever') return undefined
    return parseDuration(value) === undefined ? 'must be a number and a unit, like 30d, or forever' : fault(value)
  }
}

export function silenceFault(value: string): string | undefined {
  if (value === 'auto' || value === 'off') return undefined
  const fault = durationFault('1h', '90d')
  return parseDuration(value) === undefined ? 'must be auto, off, or a number and a unit, like 12h' : fault(value)
}

export function quietHoursFault(value: string): string | undefined {
  return parseQuietHours(value) ? undefined : 'must be two times of the day, like "21:00-07:00" (in quotes)'
}

export function sizeFault(value: string): string | undefined {
  return parseSize(value) === undefined ? 'must be a number and a unit, like 200MB or 2GB' : undefined
}

export function webAddressFault(value: string): string | undefined {
  const url = URL.canParse(value) ? new URL(value) : undefined
  if (!url || !/^https?:$/.test(url.protocol)) return 'must be a web address, like https://risiti.duka.example'
  if (url.username || url.password) return 'must not hold a user name or password'
  if (/[?#]/.test(value)) return 'must not hold ? or #'
  if (url.protocol === 'http:' && !isLoopback(url.hostname))
    return 'must begin with https:// (http:// is for this machine only: localhost, 127.0.0.1)'
  return undefined
}

/** As `webAddressFault`, but for what follows `?`: it belongs to the address. */
export function targetUrlFault(value: string): string | undefined {
  return webAddressFault(value.replace(/\?[^#]*/, ''))
}

/** Without a slash at the end. */
export function plainUrl(value: string): string {
  const { origin, pathname } = new URL(value)
  return `${origin}${pathname}`.replace(/\/+$/, '')
}

/** `host` as a URL writes it. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host)
}

export function senderFault(value: string): string | undefined {
  const digits = senderDigits(value)
  if (digits.startsWith('0')) return 'must begin with the country code, like "255712345678" instead of "0712345678"'
  if (/^[1-9]\d{5,63}$/.test(digits)) return undefined
  return 'must be a WhatsApp number with its country code, like "255712345678", or its phone_number_id'
}

export function domainFault(value: string): string | undefined {
  if (/^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}$/i.test(value)) return undefined
  return 'must be a domain without https:// and path, like x.myshopify.com'
}

export function senderDigits(value: string): string {
  return value.replace(/^\+/, '').replace(/[\s().-]/g, '')
}

export function timezoneFault(value: string): string | undefined {
  if (/^[A-Za-z]/.test(value) && isZone(value)) return undefined
  const suggestion = nearest(value, ['Africa/Dar_es_Salaam', 'UTC', ...Intl.supportedValuesOf('timeZone')])
  return `must be a time zone like Africa/Dar_es_Salaam${suggestion ? `; did you mean ${suggestion}?` : ''}`
}

function isZone(value: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: value }))
  } catch {
    return false
  }
}

export function countryFault(value: string): string | undefined {
  const wanted = value.toUpperCase()
  if (wanted === 'UK') return 'must be GB for the United Kingdom'
  const hasName = /^[A-Z]{2}$/.test(wanted) && !NO_COUNTRIES.has(wanted) && regions.of(wanted) !== undefined
  if (hasName && value === wanted) return undefined
  return `must be a country's two capital letters${hasName ? `: write ${wanted}` : ', like TZ, KE or UG'}`
}

const regions = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' })

export function currencyFault(value: string): string | undefined {
  const known = Intl.supportedValuesOf('currency')
  if (known.includes(value)) return undefined
  const wanted = known.includes(value.toUpperCase()) ? `: write ${value.toUpperCase()}` : ', like TZS, KES or USD'
  return `must be a currency's three capital letters${wanted}`
}

export function colorFault(value: string): string | undefined {
  return new RegExp(COLOR_PATTERN).test(value) ? undefined : 'must be a colour like "#0f766e" (in quotes)'
}

export function amountFault(value: string): string | undefined {
  return /^\d{1,12}(\.\d{1,4})?$/.test(value) ? undefined : 'must be an amount like 1000 or "1000.50"'
}

export function templateNameFault(value: string): string | undefined {
  if (/^[a-z0-9_]{1,512}$/.test(value)) return undefined
  return "must be the template's name at WhatsApp: small letters, digits and _"
}

/** A yes to news and offers is none to messages about an order on WhatsApp. */
export function consentFieldFault(value: string): string | undefined {
  if (!/marketing|newsletter|promotion|email_opt_?in/i.test(value) || /whatsapp/i.test(value)) return filled(value)
  return 'is consent to marketing, not to WhatsApp: ask for that in a field of its own'
}
