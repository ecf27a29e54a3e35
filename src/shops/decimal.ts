/** Exact sums and products of decimal text, so that parts are added before anything is rounded to the currency. */

interface Decimal {
  units: bigint
  /** Digits after the point that `units` holds. */
  scale: number
}

/** Undefined when one of them is not a plain decimal. */
export function addDecimals(values: readonly unknown[]): string | undefined {
  let sum: Decimal = { units: 0n, scale: 0 }
  for (const value of values) {
    const next = parse(value)
    if (!next) return undefined
    const scale = Math.max(sum.scale, next.scale)
    sum = { units: widen(sum, scale) + widen(next, scale), scale }
  }
  return format(sum)
}

/** Undefined when one of them is not a plain decimal. */
export function multiplyDecimals(left: unknown, right: unknown): string | undefined {
  const a = parse(left)
  const b = parse(right)
  return a && b ? format({ units: a.units * b.units, scale: a.scale + b.scale }) : undefined
}

function parse(value: unknown): Decimal | undefined {
  const text = typeof value === 'number' ? String(value) : value
  if (typeof text !== 'string' || text.length > 40) return undefined
  const match = /^\s*([+-]?)(\d+)(?:\.(\d*))?\s*$/.exec(text)
  if (!match) return undefined
  const fraction = match[3] ?? ''
  const units = BigInt((match[2] ?? '') + fraction)
  return { units: match[1] === '-' ? -units : units, scale: fraction.length }
}

function widen(decimal: Decimal, scale: number): bigint {
  return decimal.units * 10n ** BigInt(scale - decimal.scale)
}

function format({ units, scale }: Decimal): string {
  const digits = String(units < 0n ? -units : units).padStart(scale + 1, '0')
  const whole = digits.slice(0, digits.length - scale)
  const sign = units < 0n ? '-' : ''
  return scale === 0 ? `${sign}${whole}` : `${sign}${whole}.${digits.slice(-scale)}`
}
