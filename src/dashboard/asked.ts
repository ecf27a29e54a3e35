import { type RawFilter, refuseUnknown } from '../query/filters.ts'

/** What a list was asked for, without what was left empty; only these filters and a cursor are known. */
export function askedOf(query: Record<string, string>, filters: readonly string[]): RawFilter {
  const given = Object.entries(query).filter(([, value]) => value.trim() !== '')
  refuseUnknown(
    given.map(([name]) => name),
    [...filters, 'cursor'],
  )
  return Object.fromEntries(given)
}
