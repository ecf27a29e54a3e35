/** A token bucket over the program's clock: at most `perSecond` sends a second, with a second's worth of burst. */
export interface Rate {
  /** Takes up to `wanted` tokens and gives how many there were. */
  take(now: number, wanted: number): number
  giveBack(count: number): void
  /** Milliseconds until there is a token again. */
  waitMs(now: number): number
}

export function createRate(perSecond: number): Rate {
  let tokens = perSecond
  let filledAt = Number.NEGATIVE_INFINITY
  const refill = (now: number) => {
    if (now > filledAt) tokens = Math.min(perSecond, tokens + ((now - filledAt) / 1000) * perSecond)
    filledAt = Math.max(filledAt, now)
  }
  return {
    take(now, wanted) {
      refill(now)
      const taken = Math.max(0, Math.min(wanted, Math.floor(tokens)))
      tokens -= taken
      return taken
    },
    giveBack(count) {
      tokens = Math.min(perSecond, tokens + count)
    },
    waitMs(now) {
      refill(now)
      return Math.max(1, Math.ceil(((1 - tokens) / perSecond) * 1000))
    },
  }
}
