import { MINUTE } from '../clock.ts'
import type { KaribuClient } from '../karibu/client.ts'
import type { OverdueStore } from '../store/overdue.ts'
import type { AttemptRow, MessageRow } from '../store/records.ts'
import type { DecideReport } from '../store/sending.ts'
import { type Candidate, holdsUrl, type ReconcileVerdict, reconcile } from './reconcile.ts'

export interface UncertainDeps {
  store: OverdueStore
  karibu: Pick<KaribuClient, 'findConversations' | 'listMessages'>
  statusPollAfterMs: number
  decideReport: DecideReport
}

/** Our clock and Karibu's may differ by this much. */
const SKEW_MS = 2 * MINUTE

/** Settles one message whose answer was lost, as far as Karibu's list and our own fetch log can tell. */
export function createUncertain({ store, karibu, statusPollAfterMs, decideReport }: UncertainDeps) {
  /** Null when Karibu cannot be asked now. */
  async function findCandidates(message: MessageRow, attempt: AttemptRow): Promise<Candidate[] | null> {
    try {
      if (message.phone === null) return null
      const threads = await karibu.findConversations(message.phone)
      const since = attempt.startedAt - SKEW_MS
      const lists = await Promise.all(
        threads.map(({ id }) => karibu.listMessages({ direction: 'outbound', since, conversationId: id })),
      )
      const items = lists
        .flat()
        .filter((item) => item.message_type === null || item.message_type.toLowerCase() === message.kind)
      const known = await store.knownMessageIds(items.map((item) => item.id))
      return items
        .filter((item) => !known.has(item.id))
        .map((item) => ({
          id: item.id,
          holdsOurUrl: attempt.mediaUrl ? holdsUrl(item.content, attempt.mediaUrl) : null,
        }))
    } catch {
      return null
    }
  }

  return async function settleUncertain(
    message: MessageRow,
    attempt: AttemptRow,
    now: number,
  ): Promise<ReconcileVerdict> {
    const verdict = reconcile(
      {
        attemptStartedAt: attempt.startedAt,
        lookups: message.statusPolls,
        fetchedSince: message.mediaToken !== null && (await store.fetchedSince(message.mediaToken, attempt.startedAt)),
        candidates: await findCandidates(message, attempt),
      },
      now,
    )
    await store.settleUncertain({
      messageId: message.id,
      now,
      change: changesFor(verdict, now, statusPollAfterMs),
      adopt: verdict.kind === 'adopt' ? { attemptId: attempt.id, karibuMessageId: verdict.messageId } : null,
      lookups: verdict.kind === 'look-again' ? message.statusPolls + 1 : 0,
      decideReport,
    })
    return verdict
  }
}

function changesFor(verdict: ReconcileVerdict, now: number, statusPollAfterMs: number): Partial<MessageRow> {
  switch (verdict.kind) {
    case 'adopt':
      return {
        status: 'pending',
        reason: null,
        errorCode: null,
        errorDetail: null,
        nextAttemptAt: null,
        acceptedAt: now,
        // Its reports may have been lost with the answer: ask soon.
        statusPollAt: now + Math.min(statusPollAfterMs, 10_000),
      }
    case 'requeue':
      return { status: 'queued', reason: null, nextAttemptAt: now }
    case 'look-again':
      return { nextAttemptAt: verdict.at }
    case 'give-up':
      return { reason: 'needs_a_person', nextAttemptAt: null }
  }
}
