import { Liquid } from 'liquidjs'
import { formatMoney, parseMoney } from '../money.ts'
import { type DateOptions, DEFAULT_DATE_FORMAT, formatDate } from './date-format.ts'

/** Tags that reach for other files. */
const FILE_TAGS = ['include', 'render', 'layout', 'block']
/** Filters that read the machine's clock, zone or chance. */
const IMPURE_FILTERS = ['date_to_xmlschema', 'date_to_rfc822', 'date_to_string', 'date_to_long_string', 'sample']

/** Encodes what a template prints into a url, so that "#1042" does not become a fragment. */
export function createEngine(options: { encode: boolean }): Liquid {
  const engine = new Liquid({
    strictVariables: true,
    strictFilters: true,
    ownPropertyOnly: true,
    // What a shop did not tell is "" here, so {% if order.url %} must mean "if there is one".
    jsTruthy: true,
    // An empty set of templates stands in for the file system.
    templates: {},
    relativeReference: false,
    parseLimit: 20_000,
    memoryLimit: 1_000_000,
    // The first rendering pays for Intl's start: under half a second fails on a slow machine.
    renderLimit: 2_000,
    ...(options.encode ? { outputEscape: encodeValue } : {}),
  })
  for (const tag of FILE_TAGS) delete engine.tags[tag]
  for (const filter of IMPURE_FILTERS) engine.unregisterFilter(filter)
  engine.registerFilter('money', function (value: unknown, currency?: unknown) {
    return money(
      value,
      typeof currency === 'string' ? currency : textAt(this.context.environments, 'order', 'currency'),
    )
  })
  engine.registerFilter('date', function (value: unknown, format?: unknown) {
    const scope = this.context.environments
    return date(value, typeof format === 'string' ? format : DEFAULT_DATE_FORMAT, {
      timezone: textAt(scope, 'shop', 'timezone') ?? 'UTC',
      locale: textAt(scope, 'locale') === 'en' ? 'en' : 'sw',
    })
  })
  return engine
}

/** Major units as a number or decimal text. What is no amount is shown as it is: a receipt goes out all the same. */
function money(value: unknown, currency: string | undefined): unknown {
  if (!currency) throw new Error("money needs a currency here: {{ 5000 | money: 'TZS' }}")
  const minor = parseMoney(value, currency)
  return minor === undefined ? value : formatMoney(minor, currency)
}

function date(value: unknown, format: string, options: DateOptions): unknown {
  if (value === 'now' || value === 'today') throw new Error(`the date filter does not know "${value}"`)
  // Also when there is no time to show: a wrong format is found at start-up, not on the first order that has one.
  formatDate(0, format, options)
  if (typeof value === 'number') return isTime(value) ? formatDate(value, format, options) : value
  if (typeof value !== 'string') return value
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(value)
  if (!isDay && !/^\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d{2}:?\d{2})$/.test(value)) return value
  const at = Date.parse(value)
  if (!isTime(at)) return value
  // A day without an hour is that day everywhere.
  return formatDate(at, format, isDay ? { ...options, timezone: 'UTC' } : options)
}

function isTime(at: number): boolean {
  return Math.abs(at) <= 8.64e15
}

function encodeValue(value: unknown): string {
  const text = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''
  // A half surrogate pair cannot be encoded.
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\uFFFD'))
}

/** The text of a `RuleContext` under this path, if it is there. */
function textAt(scope: unknown, ...path: string[]): string | undefined {
  let value = scope
  for (const name of path) {
    if (typeof value !== 'object' || value === null) return undefined
    value = Object.getOwnPropertyDescriptor(value, name)?.value
  }
  return typeof value === 'string' ? value : undefined
}
