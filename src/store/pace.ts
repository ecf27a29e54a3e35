/**
 * A token bucket that is one number in the database and so survives a restart: the time at which everything sent so far
 * would have been paid for at the steady rate (generic cell rate algorithm). Times are epoch milliseconds.
 */
export interface Pace {
  /** Milliseconds one message costs. */
  everyMs: number
  /** How many may go out at once after a rest. */
  burst: number
}

/** How many may go out now. */
export function allowance(paidUntil: number, now: number, { everyMs, burst }: Pace): number {
  if (everyMs <= 0) return Number.MAX_SAFE_INTEGER
  const ahead = Math.max(0, paidUntil - now)
  return Math.max(0, Math.floor((burst * everyMs - ahead) / everyMs))
}

/** The number after sending `count` more. */
export function charge(paidUntil: number, now: number, count: number, { everyMs }: Pace): number {
  return Math.max(paidUntil, now) + count * everyMs
}

/** The earliest time at which one may go out. */
export function freeAt(paidUntil: number, { everyMs, burst }: Pace): number {
  return paidUntil - (burst - 1) * everyMs
}
