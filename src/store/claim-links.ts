import { createHmac } from 'node:crypto'
import { and, eq, inArray, isNull, sql } from 'drizzle-orm'
import { codeOf, hashCode } from '../claim-code.ts'
import type { Order } from '../order.ts'
import type { Db } from './db.ts'
import { findOrMakeKey } from './keys.ts'
import type { OpenDatabase } from './open.ts'
import { prepared } from './prepared.ts'
import type { ClaimLinkRow, MessageRow } from './records.ts'
import { addDoubt } from './restored.ts'
import { claimLinks, messages, orders } from './schema.ts'

const KEY = 'claim_links'
/** What a new link needs to be told. */
export interface NewClaimLink {
  expiresAt: number
  /** Hashes of the shop's own keys of the order, as this delivery names them. */
  keyHashes: string[]
  /** For the very first link, which all codes are made with. */
  newKey(): string
}

/** What the codes in a message lead to. */
export interface ClaimsOutcome {
  /** Messages that go out now, to whoever wrote. */
  grants: { id: string; change: Partial<MessageRow>; doubtSince: number | null }[]
  /** Orders whose code is spent by this. */
  taken: { shop: string; orderId: string }[]
  codesForgivenAt: number
}

/** What is known of a code that somebody wrote. */
export interface ClaimSnapshot {
  link: ClaimLinkRow
  order: Order
  messages: MessageRow[]
}

export interface ClaimLinkStore {
  /** The link of an order with its code, made if there is none yet; undefined when there is no such order. */
  claimLinkOf(
    order: { shop: string; orderId: string },
    fresh: { now: number; expiresAt: number },
  ): Promise<{ order: Order; link: ClaimLinkRow; code: string } | undefined>
  findClaimLink(shop: string, orderId: string): Promise<ClaimLinkRow | undefined>
}

export function createClaimLinkStore({ writer, reader }: OpenDatabase, newKey: () => string): ClaimLinkStore {
  return {
    claimLinkOf: ({ shop, orderId }, { now, expiresAt }) =>
      writer.run(async (db) => {
        const about = and(eq(orders.shop, shop), eq(orders.orderId, orderId))
        const [order] = await db.select({ state: orders.state }).from(orders).where(about).limit(1)
        if (!order) return undefined
        await keepClaimLink(db, { shop, orderId }, { expiresAt, keyHashes: [], newKey }, now)
        const link = await linkOf(db, shop, orderId)
        return link && { order: order.state, link, code: await codeFor(db, shop, orderId, newKey) }
      }),

    findClaimLink: (shop, orderId) => linkOf(reader, shop, orderId),
  }
}

/** Makes the order's link, or adds keys of the shop's that it does not know. */
export async function keepClaimLink(
  db: Db,
  { shop, orderId }: { shop: string; orderId: string },
  { expiresAt, keyHashes, newKey }: NewClaimLink,
  now: number,
): Promise<ClaimLinkRow | undefined> {
  const known = await linkOf(db, shop, orderId)
  if (!known) {
    const codeHash = hashCode(await codeFor(db, shop, orderId, newKey))
    await insertLink(db).execute({ shop, orderId, codeHash, keyHashes, createdAt: now, expiresAt })
    return undefined
  }
  const added = keyHashes.filter((hash) => !known.keyHashes.includes(hash))
  if (added.length > 0) {
    // A shop gives an order a key or two; more of them are a newer state's.
    await db
      .update(claimLinks)
      .set({ keyHashes: [...known.keyHashes, ...added].slice(-4) })
      .where(and(eq(claimLinks.shop, shop), eq(claimLinks.orderId, orderId)))
  }
  return known
}

/** What each of these codes stands for; those nobody was given are left out. */
export async function readClaims(db: Db, codeHashes: string[]): Promise<ClaimSnapshot[]> {
  if (codeHashes.length === 0) return []
  const rows = await db
    .select({ link: claimLinks, order: orders.state })
    .from(claimLinks)
    .innerJoin(orders, and(eq(orders.shop, claimLinks.shop), eq(orders.orderId, claimLinks.orderId)))
    .where(inArray(claimLinks.codeHash, codeHashes))
  const found: ClaimSnapshot[] = []
  for (const { link, order } of rows) {
    const about = and(eq(messages.shop, link.shop), eq(messages.orderId, link.orderId))
    found.push({ link, order, messages: await db.select().from(messages).where(about) })
  }
  return found
}

export async function forgetClaimLink(db: Db, shop: string, orderId: string): Promise<void> {
  await db.delete(claimLinks).where(and(eq(claimLinks.shop, shop), eq(claimLinks.orderId, orderId)))
}

/** Lets go what the codes were good for, to the conversation they were written in; nothing that has gone by now. */
export async function takeClaims(
  db: Db,
  { grants, taken }: Pick<ClaimsOutcome, 'grants' | 'taken'>,
  claimedBy: string,
  now: number,
): Promise<void> {
  for (const { id, change, doubtSince } of grants) {
    const moved = await db
      .update(messages)
      .set(change)
      .where(and(eq(messages.id, id), inArray(messages.status, STILL_HERE)))
      .returning({ number: messages.attemptCount })
    if (moved[0] && doubtSince !== null)
      await addDoubt(db, { message: id, number: moved[0].number, since: doubtSince, now, mediaUrl: null })
  }
  for (const { shop, orderId } of taken) {
    await db
      .update(claimLinks)
      .set({ claimedAt: now, claimedBy })
      .where(and(eq(claimLinks.shop, shop), eq(claimLinks.orderId, orderId), isNull(claimLinks.claimedAt)))
  }
}

const STILL_HERE = ['held', 'queued', 'skipped', 'expired', 'failed'] as const

/** Whoever wrote a code turns out to be of another conversation, or is forgotten; that it was written stays. */
export async function renameClaimant(db: Db, conversation: string, by: string | null): Promise<void> {
  await db.update(claimLinks).set({ claimedBy: by }).where(eq(claimLinks.claimedBy, conversation))
}

const insertLink = prepared((db) =>
  db
    .insert(claimLinks)
    .values({
      shop: sql.placeholder('shop'),
      orderId: sql.placeholder('orderId'),
      codeHash: sql.placeholder('codeHash'),
      keyHashes: sql.placeholder('keyHashes'),
      createdAt: sql.placeholder('createdAt'),
      expiresAt: sql.placeholder('expiresAt'),
    })
    .prepare(),
)
const ofOrder = prepared((db) =>
  db
    .select()
    .from(claimLinks)
    .where(and(eq(claimLinks.shop, sql.placeholder('shop')), eq(claimLinks.orderId, sql.placeholder('orderId'))))
    .limit(1)
    .prepare(),
)

async function linkOf(db: Db, shop: string, orderId: string): Promise<ClaimLinkRow | undefined> {
  const [link] = await ofOrder(db).execute({ shop, orderId })
  return link
}

/** The same at each call, and of no use to whoever does not know our key. */
async function codeFor(db: Db, shop: string, orderId: string, newKey: () => string): Promise<string> {
  const key = await findOrMakeKey(db, KEY, newKey)
  for (let turn = 0; ; turn++) {
    const bytes = createHmac('sha256', key)
      .update(JSON.stringify([shop, orderId, turn]))
      .digest()
    const code = codeOf(bytes)
    if (code !== undefined) return code
  }
}
