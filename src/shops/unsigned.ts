import type { PlatformFacts, ShopPlatform } from './platform.ts'

/** Platforms that sign nothing: the secret in their address has been looked at before them, and nothing else can be. */
export const unsigned = {
  unsigned: true,
  verify: () => ({ ok: true }),
  topic: () => null,
  secretProblem: () => null,
} satisfies Partial<ShopPlatform>

export function unsignedFacts(title: string, deliveryKey: string): PlatformFacts {
  return {
    title,
    headers: [],
    signed: 'nothing',
    digest: 'none',
    key: 'none; the address holds a secret instead',
    deliveryKey,
  }
}
