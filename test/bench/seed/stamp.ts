export type Value = string | number | Buffer | null
export type Row = Record<string, Value>

export interface Stamp {
  columns: string[]
  /** The sampled row with other words in place of the marks, at another time. */
  print(words: ReadonlyMap<string, string>, at: number): Row
}

/** Epoch milliseconds, and nothing else a row holds, are this large. */
const TIMES_FROM = Date.parse('2020-01-01')

/** Makes a pattern of a real row: its marks may be replaced, and its times are moved as far as `at` is from `sampledAt`. */
export function createStamp(row: Row, marks: Iterable<string>, sampledAt: number): Stamp {
  // The longer ones first: a mark may hold another.
  const longestFirst = [...marks].toSorted((a, b) => b.length - a.length)
  const pattern = new RegExp(`(${longestFirst.map((mark) => mark.replace(/[^\w-]/g, '\\$&')).join('|')})`)
  const columns = Object.keys(row)
  const printers = Object.entries(row).map(([name, value]) => {
    if (typeof value === 'number' && value > TIMES_FROM) {
      return (out: Row, _: ReadonlyMap<string, string>, at: number) => void (out[name] = value + at - sampledAt)
    }
    const parts = typeof value === 'string' ? value.split(pattern) : []
    if (parts.length < 2) return (out: Row) => void (out[name] = value)
    return (out: Row, words: ReadonlyMap<string, string>) =>
      void (out[name] = parts.map((part) => words.get(part) ?? part).join(''))
  })
  return {
    columns,
    print(words, at) {
      const out: Row = {}
      for (const print of printers) print(out, words, at)
      return out
    },
  }
}
