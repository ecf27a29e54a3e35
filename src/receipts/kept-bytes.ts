/** The newest pictures in memory: WhatsApp fetches one within seconds of its making, often twice. */
export interface KeptBytes {
  keep(token: string, bytes: Buffer): void
  find(token: string): Buffer | undefined
  forget(token: string): void
}

export function createKeptBytes(most: number): KeptBytes {
  const kept = new Map<string, Buffer>()
  let total = 0

  function forget(token: string): void {
    total -= kept.get(token)?.length ?? 0
    kept.delete(token)
  }

  return {
    keep(token, bytes) {
      forget(token)
      kept.set(token, bytes)
      total += bytes.length
      for (const oldest of kept.keys()) {
        if (total <= most) break
        forget(oldest)
      }
    },
    find: (token) => kept.get(token),
    forget,
  }
}
