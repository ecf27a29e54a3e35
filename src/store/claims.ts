import type { Db } from './db.ts'
import { allowance, charge, freeAt, type Pace } from './pace.ts'
import { senderPaces } from './schema.ts'

export interface Claim {
  id: string
  conversation: string | null
  sender: string
  /** Until when the sender is, or was, paused; null when nothing speaks against it. */
  pausedUntil: number | null
  /** The sender's pace so far; null when it has sent nothing yet. */
  paidUntil: number | null
}

/** The sender has rested: one message tries it out. Of one that still rests only what goes nowhere is taken. */
export function isProbe({ pausedUntil }: Claim, now: number): boolean {
  return pausedUntil !== null && pausedUntil <= now
}

/** The first of each conversation, of each sender that rested only one, and of the others what their pace allows. */
export function chooseClaims(due: Claim[], now: number, perSender: Pace): Claim[] {
  const taken = new Set<string | null>()
  const left = new Map<string, number>()
  return due.filter((claim) => {
    const key = isProbe(claim, now) ? `sender ${claim.sender}` : claim.conversation
    const free = left.get(claim.sender) ?? allowance(claim.paidUntil ?? 0, now, perSender)
    if (taken.has(key) || free < 1) return false
    taken.add(key)
    left.set(claim.sender, free - 1)
    return true
  })
}

export async function chargeSenders(db: Db, chosen: Claim[], now: number, perSender: Pace): Promise<void> {
  const counts = new Map<string, { count: number; paidUntil: number }>()
  for (const { sender, paidUntil } of chosen) {
    const { count } = counts.get(sender) ?? { count: 0 }
    counts.set(sender, { count: count + 1, paidUntil: paidUntil ?? 0 })
  }
  for (const [sender, { count, paidUntil: before }] of counts) {
    const paidUntil = Math.ceil(charge(before, now, count, perSender))
    const pace = { paidUntil, nextSendAt: Math.ceil(freeAt(paidUntil, perSender)) }
    await db
      .insert(senderPaces)
      .values({ sender, ...pace })
      .onConflictDoUpdate({ target: senderPaces.sender, set: pace })
  }
}
