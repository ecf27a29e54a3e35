import { DAY, HOUR, MINUTE, SECOND } from '../clock.ts'
import type { Language } from './words/language.ts'

/** Numbers and times as people write them in one language and one zone. */
export interface Say {
  number(value: number): string
  percent(share: number): string
  /** `20 Nov 2026, 12:00` */
  time(at: number): string
  /** `12:00` */
  clock(at: number): string
  /** `5 minutes ago`, `in 3 hours` */
  since(at: number): string
  /** `1.5 seconds`, `3 minutes` */
  span(ms: number): string
  bytes(count: number): string
}

const TAGS: Record<Language, string> = { en: 'en-GB', sw: 'sw-TZ' }
const STEPS: [unit: 'second' | 'minute' | 'hour' | 'day', ms: number][] = [
  ['day', DAY],
  ['hour', HOUR],
  ['minute', MINUTE],
  ['second', SECOND],
]

/** Making a formatter takes far longer than using one. */
const made = new Map<string, Omit<Say, 'since'> & { ago: Intl.RelativeTimeFormat }>()

export function sayIn(language: Language, timeZone: string, now: number): Say {
  const key = `${language} ${timeZone}`
  const known = made.get(key) ?? make(language, timeZone)
  made.set(key, known)
  const { ago, ...rest } = known
  return {
    ...rest,
    since(at) {
      const away = at - now
      const [unit, ms] = STEPS.find(([, step]) => Math.abs(away) >= step) ?? (['second', SECOND] as const)
      // Within a sentence, and Swahili's begin with a capital.
      return ago.format(Math.trunc(away / ms), unit).toLowerCase()
    },
  }
}

function make(language: Language, timeZone: string) {
  const tag = TAGS[language]
  const number = new Intl.NumberFormat(tag)
  const percent = new Intl.NumberFormat(tag, { style: 'percent', maximumFractionDigits: 0 })
  const time = new Intl.DateTimeFormat(tag, { timeZone, dateStyle: 'medium', timeStyle: 'short', hourCycle: 'h23' })
  const clock = new Intl.DateTimeFormat(tag, { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  const units = new Map(
    STEPS.map(([unit]) => [
      unit,
      new Intl.NumberFormat(tag, { style: 'unit', unit, unitDisplay: 'long', maximumFractionDigits: 1 }),
    ]),
  )
  return {
    ago: new Intl.RelativeTimeFormat(tag, { numeric: 'auto' }),
    number: (value: number) => number.format(value),
    percent: (share: number) => percent.format(share),
    time: (at: number) => time.format(at),
    clock: (at: number) => clock.format(at),
    span(ms: number) {
      const [unit, step] = STEPS.find(([, size]) => ms >= size) ?? (['second', SECOND] as const)
      return units.get(unit)?.format(ms / step) ?? ''
    },
    bytes(count: number) {
      const [size, name] = count >= 1e9 ? [1e9, 'GB'] : count >= 1e6 ? [1e6, 'MB'] : [1e3, 'kB']
      return `${new Intl.NumberFormat(tag, { maximumFractionDigits: 1 }).format(count / size)} ${name}`
    },
  }
}
