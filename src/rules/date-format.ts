import type { Locale } from '../order.ts'
import { zonedTime } from '../zoned-time.ts'

/** Our own words, so that a caption does not change with the ICU of the Node that runs us. */
const WORDS: Record<Locale, { months: string[]; shortMonths: string[]; days: string[]; shortDays: string[] }> = {
  sw: {
    months: split('Januari Februari Machi Aprili Mei Juni Julai Agosti Septemba Oktoba Novemba Desemba'),
    shortMonths: split('Jan Feb Mac Apr Mei Jun Jul Ago Sep Okt Nov Des'),
    days: split('Jumapili Jumatatu Jumanne Jumatano Alhamisi Ijumaa Jumamosi'),
    shortDays: split('Jpl Jtt Jnn Jtn Alh Ijm Jms'),
  },
  en: {
    months: split('January February March April May June July August September October November December'),
    shortMonths: split('Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'),
    days: split('Sunday Monday Tuesday Wednesday Thursday Friday Saturday'),
    shortDays: split('Sun Mon Tue Wed Thu Fri Sat'),
  },
}

const NAMED_FORMATS: Record<string, string> = { short: '%d/%m/%Y', long: '%-d %B %Y', time: '%H:%M' }
export const DEFAULT_DATE_FORMAT = '%d %b %Y, %H:%M'

export interface DateOptions {
  /** IANA zone. */
  timezone: string
  locale: Locale
}

/** `format` is `short`, `long`, `time` or strftime's `%d %b %Y`; throws on a directive we do not know. */
export function formatDate(at: number, format: string, { timezone, locale }: DateOptions): string {
  const words = WORDS[locale]
  const { year, month, day, hour, minute, second } = zonedTime(at, timezone)
  const weekday = new Date(Date.UTC(year, month - 1, day)).getUTCDay()
  const values: Record<string, string> = {
    d: two(day),
    '-d': String(day),
    e: String(day).padStart(2, ' '),
    m: two(month),
    '-m': String(month),
    b: words.shortMonths[month - 1] ?? '',
    B: words.months[month - 1] ?? '',
    Y: String(year),
    y: two(year % 100),
    a: words.shortDays[weekday] ?? '',
    A: words.days[weekday] ?? '',
    H: two(hour),
    '-H': String(hour),
    I: two(hour % 12 || 12),
    '-I': String(hour % 12 || 12),
    M: two(minute),
    S: two(second),
    p: hour < 12 ? 'AM' : 'PM',
    F: `${year}-${two(month)}-${two(day)}`,
    T: `${two(hour)}:${two(minute)}:${two(second)}`,
    '%': '%',
  }
  const pattern = Object.hasOwn(NAMED_FORMATS, format) ? (NAMED_FORMATS[format] ?? '') : format
  return pattern.replace(/%(-?.?)/gsu, (directive, letter: string) => {
    const value = Object.hasOwn(values, letter) ? values[letter] : undefined
    if (value === undefined) throw new Error(`the date format knows no ${directive}`)
    return value
  })
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}

function split(text: string): string[] {
  return text.split(' ')
}
