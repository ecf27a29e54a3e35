/** The smallest value that at least this part (0 to 1) of all are not above; NaN of none. */
export function percentile(values: Iterable<number>, part: number): number {
  const sorted = Float64Array.from(values).toSorted()
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? Number.NaN
}

export interface Spread {
  median: number
  /** The quartiles: half of all rounds lie between them. */
  low: number
  high: number
}

/** Between two neighbours their weighted mean, so that few rounds have quartiles too. */
export function spreadOf(values: Iterable<number>): Spread {
  const sorted = Float64Array.from(values).toSorted()
  const at = (part: number) => {
    const place = (sorted.length - 1) * part
    const below = sorted[Math.floor(place)] ?? Number.NaN
    const above = sorted[Math.ceil(place)] ?? Number.NaN
    return below + (above - below) * (place - Math.floor(place))
  }
  return { low: at(0.25), median: at(0.5), high: at(0.75) }
}

/** Round by round, so that what disturbs both alike cancels out. */
export function ratiosOf(values: number[], references: number[]): number[] {
  if (values.length !== references.length) throw new Error('a ratio needs both in every round')
  return values.map((value, round) => value / (references[round] ?? Number.NaN))
}
