import { type Clock, MINUTE, SECOND } from '../clock.ts'
import type { ConsentConfig } from '../config/types.ts'
import { AppError, forLog } from '../errors.ts'
import type { KaribuClient, SendTarget } from '../karibu/client.ts'
import type { SendAnswer, SendResult } from '../karibu/send-result.ts'
import type { SenderProbe } from '../karibu/sender-probe.ts'
import { type Log, lastDigits } from '../log.ts'
import type { ProbeImage, ProbeResult } from '../receipts/probe.ts'
import { BUDGET_SPENT, type Budget, type BudgetWord } from '../store/budget.ts'
import type { OutboxStore, Started } from '../store/outbox.ts'
import type { Pace } from '../store/pace.ts'
import type { ConversationRow, MessageRow } from '../store/records.ts'
import type { DecideReport, SendSnapshot } from '../store/sending.ts'
import { windowAt } from '../window/window.ts'
import { closedOutcome } from './closed-policy.ts'
import { mayHaveArrived } from './doubt.ts'
import { decideSend } from './gate.ts'
import type { Images } from './images.ts'
import { backoffMs, MAX_ATTEMPTS, pauseMs, settle } from './settle.ts'

export interface DeliverDeps {
  store: OutboxStore
  karibu: KaribuClient
  images: Images
  /** Asks Karibu for the customer's last message and keeps what it says, if anything; may fail, then our record decides. */
  refreshWindow(conversation: ConversationRow): Promise<boolean>
  decideReport: DecideReport
  /** What the shop of this id asks of its orders. */
  consentOf(shop: string | null): ConsentConfig | null
  /** False after a leap: then nothing expires by it. */
  clockIsSteady(): Promise<boolean>
  /** How much this sender may send in a month; null for any number. */
  budgetOf(sender: string): Budget | null
  /** Asks Karibu about a sender it refused, without a message. */
  probeSender(sender: string): Promise<SenderProbe>
  /** When the quiet hours of this shop end; null when there are none now. */
  quietUntil(shop: string | null, now: number): number | null
  /** Fetches one of our own images by its public address. */
  probeImage: ProbeImage
  clock: Clock
  log: Log
  random(): number
  settings: DeliverSettings
}

export interface DeliverSettings {
  marginMs: number
  statusPollAfterMs: number
  timeoutMs: number
  /** Meta: one message in 6 s to a customer, with a burst that borrows from the future. */
  perContact: Pace
}

/** A lease outlasts drawing, looking up and one request together. */
export function leaseFor(timeoutMs: number): number {
  return 2 * timeoutMs + MINUTE
}

/** The way of one claimed message: gate, picture, attempt, request, settling. */
export function createDeliver(deps: DeliverDeps): (messageId: string) => Promise<void> {
  const { store, karibu, images, clock, log, settings } = deps
  const decide = (snapshot: SendSnapshot, mayExpire: boolean) => {
    const now = clock.now()
    const { shop } = snapshot.message
    return decideSend(snapshot, {
      now,
      mayExpire,
      marginMs: settings.marginMs,
      consent: deps.consentOf(shop),
      quietUntil: deps.quietUntil(shop, now),
    })
  }

  async function deliver(messageId: string): Promise<void> {
    let snapshot = await store.loadForSend(messageId)
    if (!snapshot) return
    const mayExpire = await deps.clockIsSteady()
    if (decide(snapshot, mayExpire).kind === 'closed') {
      const asked = await refresh(snapshot.conversation)
      if (asked) snapshot = (await store.loadForSend(messageId)) ?? snapshot
    }
    if (decide(snapshot, mayExpire).kind === 'go' && !(await mayTry(snapshot))) return
    let mediaUrl: string | null = null
    let againInMs = 0
    if (decide(snapshot, mayExpire).kind === 'go' && snapshot.message.kind === 'image') {
      const image = await prepareImage(snapshot)
      if (image === 'settled') return
      if (image === 'busy') againInMs = BUSY_WAIT_MS
      else mediaUrl = image.url
    }
    const begun = await begin(snapshot, { mediaUrl, againInMs, mayExpire })
    if (begun.budget !== null) logBudget(snapshot.message.sender, begun.budget)
    if ('verdict' in begun) {
      const { verdict, closed } = begun
      const outcome = closed?.status ?? (verdict.kind === 'drop' ? verdict.status : verdict.kind)
      log.info({ messageId, outcome, reason: closed?.reason ?? null }, 'message.not_sent')
      return
    }
    const startedAt = clock.now()
    const answer = await request(begun.snapshot, mediaUrl)
    await keep(messageId, begun.started, startedAt, answer)
    logAttempt(begun.snapshot.message, begun.started.number, answer.result, clock.now() - startedAt)
  }

  /** The last look, and the attempt's row before the request. */
  function begin(
    { message, conversation }: SendSnapshot,
    { mediaUrl, againInMs, mayExpire }: { mediaUrl: string | null; againInMs: number; mayExpire: boolean },
  ) {
    return store.beginAttempt({
      messageId: message.id,
      conversationId: conversation.id,
      now: clock.now(),
      leaseMs: leaseFor(settings.timeoutMs),
      perContact: settings.perContact,
      mediaUrl,
      doubts: mayHaveArrived,
      budgetOf: deps.budgetOf,
      // Without a picture there is nothing to send: a later pass makes it, should the window have opened in between.
      decide: (now) => {
        const verdict = decide(now, mayExpire)
        const pictureMissing = verdict.kind === 'go' && mediaUrl === null && now.message.kind === 'image'
        return pictureMissing ? { kind: 'wait', until: clock.now() + againInMs } : verdict
      },
      closed: (now, quiet) => {
        const outcome = closedOutcome(now.message, now.conversation, clock.now(), mayExpire)
        return quiet && outcome.reason === 'window_closed' ? { ...outcome, reason: 'quiet_hours' } : outcome
      },
    })
  }

  function keep(messageId: string, started: Started, startedAt: number, answer: SendAnswer): Promise<void> {
    const { result } = answer
    return store.settleAttempt({
      messageId,
      started,
      now: clock.now(),
      facts: {
        httpStatus: answer.httpStatus,
        requestId: answer.requestId,
        result: result.kind,
        code: 'code' in result ? result.code : null,
        detail: 'detail' in result ? result.detail : null,
      },
      karibuConversationId: result.kind === 'accepted' ? result.conversationId : null,
      settle: (current) =>
        settle(current, result, {
          now: clock.now(),
          startedAt,
          afterAcceptance: false,
          statusPollAfterMs: settings.statusPollAfterMs,
          marginMs: settings.marginMs,
          random: deps.random(),
        }),
      decideReport: deps.decideReport,
    })
  }

  function logBudget(sender: string, word: BudgetWord): void {
    const budget = deps.budgetOf(sender)?.messages ?? null
    if (word === 'spent') log.error({ sender, budget }, 'sender.budget_spent')
    else log.warn({ sender, budget }, 'sender.budget_near')
  }

  function logAttempt(
    { id: messageId, phone }: MessageRow,
    attempt: number,
    result: SendResult,
    durationMs: number,
  ): void {
    const level = result.kind === 'blocked' ? 'error' : result.kind === 'accepted' ? 'info' : 'warn'
    const code = 'code' in result ? result.code : null
    log[level](
      { messageId, to: lastDigits(phone), attempt, result: result.kind, code, durationMs },
      'message.attempted',
    )
  }

  /** The sender was refused: before a message tries it out, a question shows whether it would be for nothing. */
  async function mayTry({ message, pause }: SendSnapshot): Promise<boolean> {
    if (pause === null || NOT_TO_BE_ASKED.has(pause.code)) return true
    const { sender } = message
    const probe = await deps.probeSender(sender)
    log[probe.kind === 'refused' ? 'warn' : 'info']({ sender, outcome: probe.kind, code: pause.code }, 'sender.probed')
    if (probe.kind !== 'refused') return true
    const now = clock.now()
    const { code } = pause
    const rest = { forMs: pauseMs(pause.pausedAt, now), code, detail: `still so when asked: ${probe.detail}` }
    await store.restSender({ messageId: message.id, now, ...rest })
    return false
  }

  /** False when nothing can have changed by it. */
  async function refresh(conversation: ConversationRow): Promise<boolean> {
    try {
      return await deps.refreshWindow(conversation)
    } catch (error) {
      log.warn({ conversationId: conversation.id, ...forLog(error) }, 'window.lookup_failed')
      return true
    }
  }

  /** `settled`: it has been seen to. */
  async function prepareImage({
    message,
    order,
    conversation,
  }: SendSnapshot): Promise<{ url: string } | 'settled' | 'busy'> {
    try {
      const url = await images.prepare(message, order)
      const answers = message.mediaFailures === 0 ? 'reachable' : await look(message, url)
      return answers === 'reachable' ? { url } : answers === 'busy' ? 'busy' : 'settled'
    } catch (error) {
      const now = clock.now()
      const final = error instanceof AppError && FINAL_IMAGE_FAULTS.has(error.code)
      const spent = final || message.burnedCount + 1 >= MAX_ATTEMPTS
      // No later than the window's end, when its policy begins.
      const ends = (windowAt(conversation, now, settings.marginMs).closesAt ?? now) - settings.marginMs
      const retryAt = Math.min(now + backoffMs(message.burnedCount + 1, deps.random()), Math.max(now, ends))
      await store.failBeforeSending({
        messageId: message.id,
        now,
        retryAt: spent ? null : retryAt,
        code: error instanceof AppError ? `risiti.${error.code}` : 'risiti.image_failed',
        detail: error instanceof AppError ? error.message : 'the picture could not be made',
      })
      log.error({ messageId: message.id, ...forLog(error) }, 'message.image_failed')
      return 'settled'
    }
  }

  /** WhatsApp could not fetch the picture: is it us? Then nothing else would fare better, and a person must know. */
  async function look(message: MessageRow, url: string): Promise<ProbeResult['kind']> {
    const probe = await deps.probeImage(url)
    if (probe.kind === 'busy') log.warn({ messageId: message.id }, 'public_url.slow')
    if (probe.kind !== 'broken') return probe.kind
    const { problem } = probe
    const detail = `public_url does not lead to our images: ${problem}`
    await store.restSender({ messageId: message.id, now: clock.now(), forMs: MINUTE, code: UNREACHABLE_CODE, detail })
    log.error({ sender: message.sender, problem }, 'public_url.broken')
    return 'broken'
  }

  async function request({ message, conversation }: SendSnapshot, mediaUrl: string | null): Promise<SendAnswer> {
    const target = targetOf(message, conversation)
    try {
      if (message.kind === 'template' && message.template)
        return await karibu.sendTemplate({ target, ...message.template })
      return await karibu.sendImage({ target, mediaUrl: mediaUrl ?? '', caption: message.caption })
    } catch (error) {
      // A bug of ours after the request may have gone must not read as "not sent".
      log.error({ messageId: message.id, ...forLog(error) }, 'message.request_threw')
      return {
        result: { kind: 'unknown', code: 'risiti.internal', detail: 'the request ended in an unexpected error' },
        httpStatus: null,
        requestId: null,
      }
    }
  }

  return deliver
}

const UNREACHABLE_CODE = 'risiti.public_url_broken'
/** For ourselves to get through what is in hand. */
const BUSY_WAIT_MS = 10 * SECOND

/** Pauses that say nothing against key or account. */
const NOT_TO_BE_ASKED = new Set(['karibu.unreachable', UNREACHABLE_CODE, BUDGET_SPENT])

/** Faults of the image itself: trying again cannot mend them. */
const FINAL_IMAGE_FAULTS = new Set([
  'receipt.no_order',
  'image.blocked_address',
  'image.not_an_image',
  'image.too_large',
])

/** The number with its sender where there is a number; else the conversation Karibu knows the contact by. */
function targetOf(message: MessageRow, conversation: ConversationRow): SendTarget {
  if (message.phone !== null) return { to: message.phone, sender: message.sender }
  return { conversationId: conversation.karibuId ?? '' }
}
