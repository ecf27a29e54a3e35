import { type Clock, MINUTE } from '../clock.ts'
import type { ConsentConfig } from '../config/types.ts'
import { AppError, forLog } from '../errors.ts'
import type { KaribuClient, SendTarget } from '../karibu/client.ts'
import type { SendAnswer, SendResult } from '../karibu/send-result.ts'
import { type Log, lastDigits } from '../log.ts'
import type { OutboxStore, Started } from '../store/outbox.ts'
import type { Pace } from '../store/pace.ts'
import type { ConversationRow, MessageRow } from '../store/records.ts'
import type { DecideReport, SendSnapshot } from '../store/sending.ts'
import { closedOutcome } from './closed-policy.ts'
import { decideSend } from './gate.ts'
import type { Images } from './images.ts'
import { backoffMs, MAX_ATTEMPTS, settle } from './settle.ts'

export interface DeliverDeps {
  store: OutboxStore
  karibu: KaribuClient
  images: Images
  /** Asks Karibu for the customer's last message and keeps what it says; may fail, then our record decides. */
  refreshWindow(conversation: ConversationRow): Promise<void>
  decideReport: DecideReport
  /** What the shop of this id asks of its orders. */
  consentOf(shop: string | null): ConsentConfig | null
  /** When the quiet hours of this shop end; null when there are none now. */
  quietUntil(shop: string | null, now: number): number | null
  /** Fetches one of our own images by its public address; gives what is wrong with it, or null. */
  probeImage(url: string): Promise<string | null>
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
  const decide = (snapshot: SendSnapshot) => {
    const now = clock.now()
    const { shop } = snapshot.message
    const { marginMs } = settings
    return decideSend(snapshot, {
      now,
      marginMs,
      consent: deps.consentOf(shop),
      quietUntil: deps.quietUntil(shop, now),
    })
  }

  async function deliver(messageId: string): Promise<void> {
    let snapshot = await store.loadForSend(messageId)
    if (!snapshot) return
    if (decide(snapshot).kind === 'closed') {
      await refresh(snapshot.conversation)
      snapshot = (await store.loadForSend(messageId)) ?? snapshot
    }
    let mediaUrl: string | null = null
    if (decide(snapshot).kind === 'go' && snapshot.message.kind === 'image') {
      const image = await prepareImage(snapshot)
      if (image === undefined) return
      mediaUrl = image
    }
    const begun = await begin(snapshot, mediaUrl)
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
  function begin({ message, conversation }: SendSnapshot, mediaUrl: string | null) {
    return store.beginAttempt({
      messageId: message.id,
      conversationId: conversation.id,
      now: clock.now(),
      leaseMs: leaseFor(settings.timeoutMs),
      perContact: settings.perContact,
      mediaUrl,
      // Without a picture there is nothing to send: should the window have opened in between, the next pass sees it.
      decide: (now) => {
        const verdict = decide(now)
        const pictureMissing = verdict.kind === 'go' && mediaUrl === null && now.message.kind === 'image'
        return pictureMissing ? { kind: 'wait', until: clock.now() } : verdict
      },
      closed: (now, quiet) => {
        const outcome = closedOutcome(now.message, now.conversation, clock.now())
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

  async function refresh(conversation: ConversationRow): Promise<void> {
    try {
      await deps.refreshWindow(conversation)
    } catch (error) {
      log.warn({ conversationId: conversation.id, ...forLog(error) }, 'window.lookup_failed')
    }
  }

  /** Undefined when the message was settled without a picture. */
  async function prepareImage({ message, order }: SendSnapshot): Promise<string | undefined> {
    try {
      const url = await images.prepare(message, order)
      return message.mediaFailures > 0 && !(await isReachable(message, url)) ? undefined : url
    } catch (error) {
      const now = clock.now()
      const final = error instanceof AppError && FINAL_IMAGE_FAULTS.has(error.code)
      const spent = final || message.burnedCount + 1 >= MAX_ATTEMPTS
      await store.failBeforeSending({
        messageId: message.id,
        now,
        retryAt: spent ? null : now + backoffMs(message.burnedCount + 1, deps.random()),
        code: error instanceof AppError ? `risiti.${error.code}` : 'risiti.image_failed',
        detail: error instanceof AppError ? error.message : 'the picture could not be made',
      })
      log.error({ messageId: message.id, ...forLog(error) }, 'message.image_failed')
      return undefined
    }
  }

  /** WhatsApp could not fetch the picture: is it us? Then nothing else would fare better, and a person must know. */
  async function isReachable(message: MessageRow, url: string): Promise<boolean> {
    const problem = await deps.probeImage(url)
    if (problem === null) return true
    const detail = `public_url does not lead to our images: ${problem}`
    await store.restSender({ messageId: message.id, now: clock.now(), forMs: MINUTE, code: UNREACHABLE_CODE, detail })
    log.error({ sender: message.sender, problem }, 'public_url.broken')
    return false
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
