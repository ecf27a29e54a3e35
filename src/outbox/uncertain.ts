import { MINUTE } from '../clock.ts'
import { type KaribuClient, PAGE_SIZE } from '../karibu/client.ts'
import type { ListItem } from '../karibu/wire.ts'
import type { HousekeepingStore } from '../store/housekeeping.ts'
import type { MediaStore } from '../store/media.ts'
import type { OverdueStore, UncertainMessage } from '../store/overdue.ts'
import type { MessageRow } from '../store/records.ts'
import { RESTORED, RESTORED_CODE } from '../store/restored.ts'
import type { DecideReport } from '../store/sending.ts'
import { type Candidate, linksIn, type ReconcileEvidence, type ReconcileVerdict, reconcile } from './reconcile.ts'
import { arrivedBefore, MAX_ATTEMPTS } from './settle.ts'

export interface UncertainDeps {
  store: OverdueStore & Pick<MediaStore, 'fetchedSince'> & Pick<HousekeepingStore, 'knownTokens'>
  karibu: Pick<KaribuClient, 'findConversations' | 'listMessages'>
  statusPollAfterMs: number
  /** How long Karibu's list may lag behind what it took on. */
  absentAfterMs: number
  publicUrl: string
  decideReport: DecideReport
}

/** Our clock and Karibu's may differ by this much. */
const SKEW_MS = 2 * MINUTE
/** Kinds that are neither an image nor a template by any of the names Briq's generations use. */
const OTHER_KINDS = new Set([
  'text',
  'interactive',
  'document',
  'video',
  'audio',
  'sticker',
  'location',
  'contacts',
  'reaction',
])

/** Settles one message whose answer was lost, as far as Karibu's list and our own fetch log can tell. */
export function createUncertain(deps: UncertainDeps) {
  const { store, karibu, statusPollAfterMs, absentAfterMs, publicUrl, decideReport } = deps

  const mediaBase = `${publicUrl}/media/`

  /** Null when the list cannot be had, or not as a whole: then nothing in it proves absence. */
  async function findCandidates({
    message,
    karibuId,
    mediaUrls,
    lostSince,
    customerWrote,
  }: UncertainMessage): Promise<Candidate[] | null> {
    const threads = await threadsOf(message, karibuId, customerWrote)
    if (threads === null) return null
    const since = lostSince - SKEW_MS
    const pages = await Promise.all(
      threads.map((conversationId) => karibu.listMessages({ direction: 'outbound', since, conversationId })),
    )
    if (pages.some((page) => page.count > page.items.length || page.count >= PAGE_SIZE)) return null
    const items = pages.flatMap((page) => page.items)
    const known = await store.knownMessageIds(items.map((item) => item.id))
    const unknown = items.filter((item) => !known.has(item.id))
    const foreign = message.reason === RESTORED ? await unknownLinks(unknown) : new Set<string>()
    return unknown.flatMap((item) => candidateOf(item, message, mediaUrls, foreign))
  }

  /** Links to pictures of ours that no row tells of: they were made in the time that a restore forgot. */
  async function unknownLinks(items: ListItem[]): Promise<Set<string>> {
    const links = items.flatMap((item) => linksIn(item.content)).filter((link) => link.includes(mediaBase))
    const known = await store.knownTokens(links.map((link) => tokenIn(link, mediaBase)))
    return new Set(links.filter((link) => !known.has(tokenIn(link, mediaBase))))
  }

  async function threadsOf(
    message: MessageRow,
    karibuId: string | null,
    customerWrote: boolean,
  ): Promise<string[] | null> {
    if (message.phone === null) return karibuId === null ? null : [karibuId]
    const found = await karibu.findConversations(message.phone)
    // A customer who wrote has a thread: a list without it is no list of this contact.
    if (found.count > found.items.length || (found.count === 0 && message.kind === 'image' && customerWrote))
      return null
    const threads = found.items.map((thread) => thread.id)
    return karibuId === null || threads.includes(karibuId) ? threads : null
  }

  function candidateOf(item: ListItem, message: MessageRow, mediaUrls: string[], foreign: Set<string>): Candidate[] {
    const links = linksIn(item.content)
    if (links.some((link) => mediaUrls.some((url) => link.includes(url)))) return [{ id: item.id, isOurs: true }]
    if (links.some((link) => foreign.has(link))) return [{ id: item.id, isOurs: false }]
    const anotherOfOurs = links.some((link) => link.includes(mediaBase))
    return anotherOfOurs || isAnotherKind(item, message) ? [] : [{ id: item.id, isOurs: false }]
  }

  return async function settleUncertain(uncertain: UncertainMessage, now: number): Promise<ReconcileVerdict> {
    const { message, attempt, mediaUrls } = uncertain
    const arrived = arrivedBefore(message, { now, statusPollAfterMs })
    if (arrived) {
      await store.settleUncertain({
        messageId: message.id,
        now,
        change: arrived,
        adopt: null,
        lookups: 0,
        decideReport,
      })
      return { kind: 'arrived' }
    }
    const evidence: ReconcileEvidence = {
      // A doubt is as old as the backup, but was first looked into after the restore.
      attemptStartedAt: attempt.code === RESTORED_CODE ? (attempt.finishedAt ?? attempt.startedAt) : attempt.startedAt,
      lookups: message.statusPolls,
      fetchedSince: await store.fetchedSince(tokensOf(mediaUrls), uncertain.lostSince),
      candidates: await findCandidates(uncertain).catch(() => null),
      absentAfterMs,
    }
    const verdict = reconcile(evidence, now)
    const waits = verdict.kind === 'look-again' || verdict.kind === 'give-up'
    const shown = waits ? { errorDetail: wordsFor(evidence) } : {}
    await store.settleUncertain({
      messageId: message.id,
      now,
      change: { ...changesFor(message, verdict, now, statusPollAfterMs), ...shown },
      adopt: verdict.kind === 'adopt' ? { attemptId: attempt.id, karibuMessageId: verdict.messageId } : null,
      lookups: waits ? message.statusPolls + 1 : 0,
      decideReport,
    })
    return verdict
  }
}

function isAnotherKind({ message_type: type }: ListItem, { kind }: MessageRow): boolean {
  const named = type?.toLowerCase() ?? ''
  if (named === '') return false
  return OTHER_KINDS.has(named) || (kind === 'template') !== (named === 'template')
}

/** The names of our pictures in their addresses. */
function tokensOf(mediaUrls: string[]): string[] {
  return mediaUrls.flatMap((url) => /\/media\/([^/.]+)\.png$/.exec(url)?.[1] ?? [])
}

/** What the list and our own fetch log said, for the person who has to decide. */
function wordsFor({ candidates, fetchedSince, lookups }: ReconcileEvidence): string {
  const fetched = fetchedSince ? 'its picture was fetched since' : 'nobody fetched its picture since'
  const looks = `look ${lookups + 1}`
  if (candidates === null) return `${looks}: Karibu’s list could not be read as a whole; ${fetched}`
  if (candidates.length === 0) return `${looks}: Karibu’s list does not show it; ${fetched}`
  const count = candidates.length === 1 ? 'one message' : `${candidates.length} messages`
  return `${looks}: Karibu’s list shows ${count} to this contact that may be it, without a link to tell; ${fetched}`
}

function changesFor(
  message: MessageRow,
  verdict: ReconcileVerdict,
  now: number,
  statusPollAfterMs: number,
): Partial<MessageRow> {
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
      return message.burnedCount + 1 < MAX_ATTEMPTS
        ? { status: 'queued', reason: null, nextAttemptAt: now, burnedCount: message.burnedCount + 1 }
        : { status: 'failed', reason: null, nextAttemptAt: null, failedAt: now }
    case 'look-again':
      return { nextAttemptAt: verdict.at }
    case 'arrived':
      return {}
    case 'give-up':
      return { reason: 'needs_a_person', nextAttemptAt: null }
  }
}

function tokenIn(link: string, mediaBase: string): string {
  return link.slice(link.indexOf(mediaBase) + mediaBase.length).split(/[.?#"]/)[0] ?? ''
}
