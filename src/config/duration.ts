import { DAY, HOUR, MINUTE, SECOND } from '../clock.ts'

const UNITS: Record<string, number> = { ms: 1, s: SECOND, m: MINUTE, h: HOUR, d: DAY }

/** A duration, or never. */
export const KEEP_PATTERN = '^(\\d{1,9}(ms|s|m|h|d)|forever)$'
export const DURATION_PATTERN = '^\\d{1,9}(ms|s|m|h|d)$'

/** `30s`, `10m`, `72h`, `7d` → milliseconds; undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d{1,9})(ms|s|m|h|d)$/.exec(text)
  return match ? Number(match[1]) * (UNITS[match[2] ?? ''] ?? 0) : undefined
}
