import { MINUTE, SECOND } from '../clock.ts'
import type { SendResult } from '../karibu/send-result.ts'
import type { MessageRow } from '../store/records.ts'
import type { Settlement, Standing } from '../store/sending.ts'
import { windowAt } from '../window/window.ts'
import { closedOutcome } from './closed-policy.ts'

export interface SettleContext {
  now: number
  /** When the attempt began: what it learnt of the window is as old as that. */
  startedAt: number
  /** True when the result came as a report on a message Karibu had taken on. */
  afterAcceptance: boolean
  /** True when WhatsApp could not fetch the picture because our process was down. */
  weWereAway?: boolean
  statusPollAfterMs: number
  marginMs: number
  /** 0 ≤ random < 1, for the jitter. */
  random: number
}

/** Tries that count against a message; with the backoff below they span about a quarter of an hour. */
export const MAX_ATTEMPTS = 10
const BACKOFF_BASE_MS = 2 * SECOND
const BACKOFF_CAP_MS = 10 * MINUTE
/** How long a sender rests when Karibu refuses its key or account, and when Karibu cannot be reached. */
const BLOCKED_PAUSE = { least: MINUTE, most: 5 * MINUTE }
const UNREACHABLE_PAUSE = { least: 5 * SECOND, most: MINUTE }
/** Waits before the picture is offered again under a new address. */
const MEDIA_RETRY_MS = [30 * SECOND, 5 * MINUTE, 15 * MINUTE]
/** Nothing was wrong with the picture but that nobody was there to give it out. */
const BACK_AGAIN_MS = 2 * SECOND
/** Karibu's list needs a moment to show what it took on. */
const FIRST_LOOKUP_MS = 5 * SECOND

const nothing: Settlement = { message: {}, conversation: {}, pause: null, closed: null }

/** Pure: the message, and what is around it, as they stand after this result of its newest attempt. */
export function settle(snapshot: Standing, result: SendResult, context: SettleContext): Settlement {
  const { now } = context
  const arrived = result.kind === 'accepted' ? null : arrivedBefore(snapshot.message, context)
  if (arrived) return { ...nothing, message: arrived, pause: pauseFor(snapshot, result, context) }
  switch (result.kind) {
    case 'accepted':
      return { ...nothing, message: accepted(result, context) }
    case 'later':
      return result.everyone ? rest(snapshot, result, context) : later(snapshot, result, context)
    case 'window-closed':
      return windowClosed(snapshot, result, context)
    case 'blocked':
      return blocked(snapshot, result, context)
    case 'media':
      return pictureRefused(snapshot, result, context)
    case 'refused':
      return { ...nothing, message: failed(result, now) }
    case 'unknown': {
      const lookUp = { nextAttemptAt: now + FIRST_LOOKUP_MS, statusPolls: 0 }
      return { ...nothing, message: { status: 'uncertain', reason: 'answer_lost', ...lookUp, ...errorOf(result) } }
    }
  }
}

function accepted(
  result: Extract<SendResult, { kind: 'accepted' }>,
  { now, statusPollAfterMs }: SettleContext,
): Partial<MessageRow> {
  return {
    status: result.status,
    reason: null,
    messageId: result.messageId,
    providerMessageId: result.providerMessageId,
    errorCode: null,
    errorDetail: null,
    nextAttemptAt: null,
    acceptedAt: now,
    sentAt: result.status === 'sent' ? now : null,
    statusPollAt: now + statusPollAfterMs,
    statusPolls: 0,
  }
}

function later(snapshot: Standing, result: Extract<SendResult, { kind: 'later' }>, context: SettleContext): Settlement {
  const { message } = snapshot
  const { now, random } = context
  const burnedCount = message.burnedCount + (result.burns ? 1 : 0)
  if (burnedCount >= MAX_ATTEMPTS) return { ...nothing, message: { ...failed(result, now), burnedCount } }
  const nextAttemptAt = now + Math.max(result.retryAfterMs ?? 0, backoffMs(message.attemptCount, random))
  return again(snapshot, nextAttemptAt, { ...errorOf(result), burnedCount }, context)
}

/** A try after the window's end is none: then the closed window's policy begins now. An invitation ends with its receipt. */
function again(
  snapshot: Standing,
  nextAttemptAt: number,
  change: Partial<MessageRow>,
  { now, marginMs }: SettleContext,
): Settlement {
  const { message, conversation } = snapshot
  if (message.kind === 'image' && !windowAt(conversation, nextAttemptAt, marginMs).open)
    return toPolicy(snapshot, change, now)
  if (message.kind === 'template' && nextAttemptAt >= message.createdAt + message.expiresAfterMs) {
    const expired = { status: 'expired', reason: 'waited_too_long', nextAttemptAt: null } as const
    return { ...nothing, message: { ...change, ...expired } }
  }
  return { ...nothing, message: { ...change, status: 'queued', nextAttemptAt } }
}

function windowClosed(
  snapshot: Standing,
  result: Extract<SendResult, { kind: 'window-closed' }>,
  { now, startedAt }: SettleContext,
): Settlement {
  const { lastInboundAt } = snapshot.conversation
  // The customer wrote after this attempt began: what it met is past.
  if (lastInboundAt !== null && lastInboundAt > startedAt) {
    return { ...nothing, message: { status: 'queued', nextAttemptAt: now, ...errorOf(result) } }
  }
  const { closedVerdictAt } = snapshot.conversation
  const verdict = { closedVerdictAt: Math.max(closedVerdictAt ?? 0, startedAt), closedVerdictCode: result.code }
  const conversation = { ...snapshot.conversation, ...verdict }
  return { ...toPolicy({ ...snapshot, conversation }, errorOf(result), now), conversation: verdict }
}

function toPolicy({ message, conversation }: Standing, change: Partial<MessageRow>, now: number): Settlement {
  const closed = closedOutcome(message, conversation, now)
  const { status, reason, expiresAt } = closed
  return { ...nothing, closed, message: { ...change, status, reason, expiresAt, nextAttemptAt: null } }
}

function blocked(
  snapshot: Standing,
  result: Extract<SendResult, { kind: 'blocked' }>,
  context: SettleContext,
): Settlement {
  const { message } = snapshot
  // Refused at the door it costs the message nothing; taken on and then refused, again and again, it is the message.
  const burnedCount = message.burnedCount + (context.afterAcceptance ? 1 : 0)
  if (burnedCount >= MAX_ATTEMPTS) return { ...nothing, message: { ...failed(result, context.now), burnedCount } }
  const paused = rest(snapshot, result, context)
  return { ...paused, message: { ...paused.message, burnedCount } }
}

/** A few spaced tries, each with a new address: WhatsApp keeps what it got from the old one for ten minutes (Meta). */
function pictureRefused(
  snapshot: Standing,
  result: Extract<SendResult, { kind: 'media' }>,
  context: SettleContext,
): Settlement {
  const { now, weWereAway = false } = context
  const anew = { mediaToken: null, ...errorOf(result) }
  // Each such try needs a restart of ours in between, so there is an end to them.
  if (weWereAway) return again(snapshot, now + BACK_AGAIN_MS, anew, context)
  const wait = MEDIA_RETRY_MS[snapshot.message.mediaFailures]
  const mediaFailures = snapshot.message.mediaFailures + 1
  if (wait === undefined) return { ...nothing, message: { ...failed(result, now), mediaFailures } }
  return again(snapshot, now + wait, { ...anew, mediaFailures }, context)
}

/** The sender rests; no message burns. */
function rest(
  snapshot: Standing,
  result: Extract<SendResult, { kind: 'blocked' | 'later' }>,
  context: SettleContext,
): Settlement {
  const pause = pauseFor(snapshot, result, context)
  return { ...again(snapshot, pause?.pausedUntil ?? context.now, errorOf(result), context), pause }
}

/** For half as long as the trouble has lasted so far; null for a result that says nothing against the sender. */
function pauseFor({ pause }: Standing, result: SendResult, { now }: SettleContext): Settlement['pause'] {
  const length = result.kind === 'blocked' ? BLOCKED_PAUSE : UNREACHABLE_PAUSE
  if (result.kind !== 'blocked' && !(result.kind === 'later' && result.everyone)) return null
  const pausedAt = pause?.pausedAt ?? now
  return { pausedAt, pausedUntil: now + pauseMs(pausedAt, now, length), code: result.code, detail: result.detail }
}

/** How long a sender rests that has been in trouble since `pausedAt`. */
export function pauseMs(pausedAt: number, now: number, { least, most } = BLOCKED_PAUSE): number {
  return Math.min(most, Math.max(least, Math.round((now - pausedAt) / 2)))
}

/** An earlier attempt was reported on the phone while this one was on its way: then this one is not missed. */
export function arrivedBefore(
  { deliveredAt, readAt, acceptedAt }: MessageRow,
  { now, statusPollAfterMs }: Pick<SettleContext, 'now' | 'statusPollAfterMs'>,
): Partial<MessageRow> | null {
  if (deliveredAt === null && readAt === null) return null
  const status = readAt === null ? 'delivered' : 'read'
  const plan = { nextAttemptAt: null, statusPollAt: now + statusPollAfterMs, acceptedAt: acceptedAt ?? now }
  return { status, reason: null, errorCode: null, errorDetail: null, ...plan }
}

function failed(result: { code: string; detail: string }, now: number): Partial<MessageRow> {
  return { status: 'failed', failedAt: now, nextAttemptAt: null, ...errorOf(result) }
}

function errorOf({ code, detail }: { code: string; detail: string }): Partial<MessageRow> {
  return { errorCode: code, errorDetail: detail }
}

/** Exponential with full jitter, never under half a second: up to 2 s, 4 s, 8 s … ten minutes. */
export function backoffMs(attempt: number, random: number): number {
  const ceiling = Math.min(BACKOFF_CAP_MS, BACKOFF_BASE_MS * 2 ** Math.min(20, Math.max(0, attempt - 1)))
  return Math.max(SECOND / 2, Math.floor(ceiling * random))
}
