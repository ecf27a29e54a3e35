import { timingSafeEqual } from 'node:crypto'
import { claimUrl, hashSecret } from '../claim-code.ts'
import type { Clock } from '../clock.ts'
import type { ShopConfig } from '../config/types.ts'
import { AppError } from '../errors.ts'
import { wentOut } from '../intake/decide-claims.ts'
import { type Order, orderIsGone } from '../order.ts'
import type { ClaimLinkStore } from '../store/claim-links.ts'
import type { ReadStore } from '../store/reads.ts'

export interface ClaimLink {
  code: string
  /** Opens WhatsApp with the code written already. */
  link: string
  expiresAt: number
  /** When it was written; then it is spent. */
  claimedAt: number | null
}

/** The link while it is good, or what has become of it. */
export type OpenedLink = { kind: 'good'; link: string } | { kind: 'spent' | 'expired' | 'none' }

export interface ClaimLinks {
  /** Undefined when the shop or the order is unknown, and for an order nobody is messaged about. */
  claimLinkOf(order: { shop: string; orderId: string }): Promise<ClaimLink | undefined>
  /** For the API: the order by its id or number, and why its code lets nothing go now; throws when there can be no link. */
  find(shop: string, idOrNumber: string): Promise<ClaimLink & { whyNot: string | null }>
  /** For whoever knows the shop's own key of the order; undefined for everybody else. */
  open(shop: string, orderId: string, key: string): Promise<OpenedLink | undefined>
}

export interface ClaimLinksDeps {
  shops: Record<string, ShopConfig>
  store: ClaimLinkStore & Pick<ReadStore, 'findOrder' | 'listMessages'>
  clock: Clock
}

/** Compared with when there is no link, so that the time taken tells nothing; the hash of no key. */
const NO_KEY = '0'.repeat(64)

export function createClaimLinks({ shops, store, clock }: ClaimLinksDeps): ClaimLinks {
  /** `none` says why nobody can claim its receipt. */
  async function linkOf(
    id: string,
    orderId: string,
  ): Promise<{ order: Order; none: string | null; claim: ClaimLink } | undefined> {
    const shop = shops[id]
    const now = clock.now()
    const fresh = shop && { now, expiresAt: now + shop.claimExpiresAfterMs }
    const found = fresh && (await store.claimLinkOf({ shop: id, orderId }, fresh))
    if (!shop || !found) return undefined
    const { order, code, link } = found
    const claim = {
      code,
      link: claimUrl(shop.claimNumber ?? shop.sender, code),
      expiresAt: link.expiresAt,
      claimedAt: link.claimedAt,
    }
    return { order, none: whyNone(order), claim }
  }

  function endOf({ claimedAt, expiresAt }: ClaimLink): string | null {
    if (claimedAt !== null) return 'it was used: a code is good once'
    return expiresAt <= clock.now() ? 'it has expired' : null
  }

  async function sentBefore(shop: string, { id, paidAt }: Order): Promise<string | null> {
    const { rows } = await store.listMessages({ shop, order: id }, { before: undefined, limit: 200 })
    const ofOrder = rows.filter(({ orderId }) => orderId === id)
    return wentOut(ofOrder, paidAt !== null) ? 'the receipt has gone out, and nothing is sent twice' : null
  }

  return {
    async claimLinkOf({ shop, orderId }) {
      const found = await linkOf(shop, orderId)
      return found?.none === null ? found.claim : undefined
    },

    async find(shop, idOrNumber) {
      if (!shops[shop]) throw new AppError('shop.unknown', 'no shop of this name is configured')
      const order = await store.findOrder(shop, idOrNumber)
      const found = order && (await linkOf(shop, order.id))
      if (!found) throw new AppError('order.unknown', 'this shop has no order of that id or number')
      const { none, claim } = found
      if (none !== null) throw new AppError('claim.not_possible', `no receipt can be claimed: ${none}`)
      return { ...claim, whyNot: endOf(claim) ?? (await sentBefore(shop, order)) }
    },

    async open(id, orderId, key) {
      const known = await store.findClaimLink(id, orderId)
      const given = Buffer.from(hashSecret(key))
      const hashes = known && known.keyHashes.length > 0 ? known.keyHashes : [NO_KEY]
      // Every one is compared, so that the time taken tells nothing.
      const fits = hashes.filter((hash) => timingSafeEqual(Buffer.from(hash), given)).length > 0
      if (!known || !fits) return undefined
      if (known.claimedAt !== null) return { kind: 'spent' }
      const found = await linkOf(id, orderId)
      if (!found) return undefined
      if (found.none !== null) return { kind: 'none' }
      return known.expiresAt <= clock.now() ? { kind: 'expired' } : { kind: 'good', link: found.claim.link }
    },
  }
}

function whyNone(order: Order): string | null {
  if (order.test) return 'it is a test order'
  const gone = orderIsGone(order)
  if (gone === null) return null
  return gone === 'order_refunded' ? 'the order was refunded in full' : 'the order was cancelled'
}
