export interface Bucket {
  tokens: number
  at: number
}

/** Takes one token from a bucket that holds `burst` and gets one back every `everyMs`. */
export function takeToken(
  bucket: Bucket | undefined,
  limit: { burst: number; everyMs: number },
  now: number,
): { bucket: Bucket; taken: boolean } {
  const before = bucket ?? { tokens: limit.burst, at: now }
  const tokens = Math.min(limit.burst, before.tokens + Math.max(0, now - before.at) / limit.everyMs)
  if (tokens < 1) return { bucket: { tokens, at: now }, taken: false }
  return { bucket: { tokens: tokens - 1, at: now }, taken: true }
}
