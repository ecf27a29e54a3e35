import type { Order } from '../order.ts'
import type { ClaimSnapshot } from '../store/claim-links.ts'
import type { ClaimLinkRow, ConversationRow, MessageRow } from '../store/records.ts'

/** The links of orders whose codes these are the hashes of, as they are stored. */
export type FindLinks = (codeHashes: string[]) => Promise<ClaimLinkRow[]>

export interface StagedClaims {
  /** What is known of these codes by now. */
  read(
    codeHashes: string[],
    known: (shop: string, orderId: string) => { order: Order; messages: MessageRow[] } | null,
  ): Promise<ClaimSnapshot[]>
  take(orders: { shop: string; orderId: string }[], by: ConversationRow, now: number): void
  /** Who wrote the order's code. */
  claimantOf(shop: string, orderId: string): ConversationRow | null
}

const keyOf = (shop: string, orderId: string) => JSON.stringify([shop, orderId])

/** Codes as the store knows them, none of them written yet: who writes one in the rehearsal has it. */
export function createStagedClaims(findLinks: FindLinks): StagedClaims {
  const taken = new Map<string, { at: number; by: ConversationRow }>()

  return {
    async read(codeHashes, known) {
      if (codeHashes.length === 0) return []
      const links = await findLinks(codeHashes)
      return links.flatMap((link) => {
        const about = known(link.shop, link.orderId)
        if (!about) return []
        const claim = taken.get(keyOf(link.shop, link.orderId))
        return [{ ...about, link: { ...link, claimedAt: claim?.at ?? null, claimedBy: claim?.by.id ?? null } }]
      })
    },
    take(orders, by, now) {
      for (const { shop, orderId } of orders) taken.set(keyOf(shop, orderId), { at: now, by })
    },
    claimantOf: (shop, orderId) => taken.get(keyOf(shop, orderId))?.by ?? null,
  }
}
