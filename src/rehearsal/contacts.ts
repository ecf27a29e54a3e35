import type { ConversationRow } from '../store/records.ts'
import type { Contact } from '../store/words.ts'

export interface Contacts {
  /** The one row of a contact; what the caller knows and the row does not is filled in. */
  resolve(contact: Contact, now: number): Promise<ConversationRow>
}

/** What of a stored contact was so before the rehearsal begins: what we cannot tell is taken as not so. */
export type FindBefore = (contact: Contact) => Promise<ConversationRow | undefined>

/** Contacts as the store joins them, in memory: met by phone, by Karibu's thread, or by both. */
export function createContacts(findBefore: FindBefore, onMerge: (kept: string, gone: string) => void): Contacts {
  const byPhone = new Map<string, ConversationRow>()
  const byThread = new Map<string, ConversationRow>()
  let made = 0

  function keep(row: ConversationRow): ConversationRow {
    if (row.phone !== null) byPhone.set(`${row.sender} ${row.phone}`, row)
    if (row.karibuId !== null) byThread.set(row.karibuId, row)
    return row
  }

  return {
    async resolve(contact, now) {
      const { sender, phone, karibuId } = contact
      const ofPhone = phone === null ? undefined : byPhone.get(`${sender} ${phone}`)
      const ofThread = karibuId === null ? undefined : byThread.get(karibuId)
      if (ofPhone && ofThread && ofPhone !== ofThread) {
        takeOver(ofPhone, ofThread)
        onMerge(ofPhone.id, ofThread.id)
        return keep(ofPhone)
      }
      const known = ofPhone ?? ofThread
      if (known) {
        known.phone ??= phone
        known.karibuId ??= karibuId
        return keep(known)
      }
      const before = await findBefore(contact)
      return keep({
        ...BLANK,
        ...before,
        sender,
        phone: phone ?? before?.phone ?? null,
        karibuId: karibuId ?? before?.karibuId ?? null,
        id: `cnv_${++made}`,
        createdAt: now,
        updatedAt: now,
      })
    },
  }
}

function takeOver(kept: ConversationRow, gone: ConversationRow): void {
  kept.karibuId = gone.karibuId
  if ((gone.lastInboundAt ?? 0) > (kept.lastInboundAt ?? 0)) {
    kept.lastInboundAt = gone.lastInboundAt
    kept.evidence = gone.evidence
  }
  if ((gone.optWordAt ?? 0) > (kept.optWordAt ?? 0)) {
    kept.optedOutAt = gone.optedOutAt
    kept.optWordAt = gone.optWordAt
  }
}

const BLANK = {
  codesForgivenAt: 0,
  name: null,
  lastInboundAt: null,
  evidence: null,
  closedVerdictAt: null,
  closedVerdictCode: null,
  optedOutAt: null,
  optWordAt: null,
  lastInvitedAt: null,
  paidUntil: 0,
  nextSendAt: 0,
  busyUntil: 0,
}
