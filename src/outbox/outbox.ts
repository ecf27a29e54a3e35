import type { Activity } from '../activity.ts'
import { type Clock, MINUTE, SECOND } from '../clock.ts'
import { AppError, messageOf } from '../errors.ts'
import type { KaribuClient, SendTarget } from '../karibu/client.ts'
import type { SendAnswer } from '../karibu/send-result.ts'
import { type Log, lastDigits } from '../log.ts'
import { createLoop, type Loop } from '../loop.ts'
import type { OutboxStore } from '../store/outbox.ts'
import type { OverdueStore } from '../store/overdue.ts'
import type { AttemptRow, ConversationRow, MessageRow, StatusReportRow } from '../store/records.ts'
import type { SendSnapshot } from '../store/sending.ts'
import { WINDOW_MS } from '../window/window.ts'
import { closedOutcome } from './closed-policy.ts'
import { decideSend } from './gate.ts'
import type { Images } from './images.ts'
import { createRate } from './rate.ts'
import { backoffMs, MAX_ATTEMPTS, settle } from './settle.ts'
import { createUncertain } from './uncertain.ts'

export interface OutboxDeps {
  store: OutboxStore & OverdueStore
  karibu: KaribuClient
  images: Images
  /** Asks Karibu for the customer's last message and keeps what it says; may fail, then our record decides. */
  refreshWindow(conversation: ConversationRow): Promise<void>
  applyReport(message: MessageRow, report: StatusReportRow): Partial<MessageRow>
  clock: Clock
  activity: Activity
  log: Log
  random(): number
  settings: {
    marginMs: number
    statusPollAfterMs: number
    concurrency: number
    timeoutMs: number
    perContactEveryMs: number
    perSenderPerSecond: number
  }
}

/** The longest sleep of a pass that finds nothing due: a net under the wake-up calls. */
const LOOK_EVERY_MS = MINUTE
const LOOKUPS_AT_ONCE = 4

/** Claims what is due, sends it, and keeps what came of it. Woken by whoever queues; never polls while idle. */
export function createOutbox(deps: OutboxDeps): Loop {
  const { store, karibu, images, clock, activity, log, settings } = deps
  // Longer than drawing, looking up and one request together can take.
  const leaseMs = 2 * settings.timeoutMs + MINUTE
  const settleUncertain = createUncertain({ ...deps, statusPollAfterMs: settings.statusPollAfterMs })
  const rate = createRate(settings.perSenderPerSecond)
  const underWay = new Set<Promise<void>>()
  const lookingUp = new Set<Promise<void>>()
  let recovered = false
  const loop = createLoop({ name: 'outbox', clock, activity, log, retryMs: 5 * SECOND, pass })

  const decide = (snapshot: SendSnapshot) => decideSend(snapshot, clock.now(), settings.marginMs)

  async function pass(): Promise<number> {
    if (!recovered) {
      const interrupted = await store.recoverLeases(clock.now())
      if (interrupted > 0) log.warn({ messages: interrupted }, 'outbox.interrupted_sends_found')
      recovered = true
    }
    await store.expireHeld(clock.now())
    await store.reapLeases(clock.now())
    const lookups = LOOKUPS_AT_ONCE - lookingUp.size
    const uncertain = lookups > 0 ? await store.claimUncertain({ now: clock.now(), leaseMs, limit: lookups }) : []
    for (const { message, attempt } of uncertain) startLookup(message, attempt)
    const free = settings.concurrency - underWay.size
    const allowed = rate.take(clock.now(), free)
    if (allowed === 0) return free === 0 ? LOOK_EVERY_MS : rate.waitMs(clock.now())
    const claimed = await store.claimDue({ now: clock.now(), leaseMs, limit: allowed, windowMs: WINDOW_MS })
    rate.giveBack(allowed - claimed.length)
    for (const id of claimed) start(id)
    if (claimed.length === allowed) return 0
    const dueAt = await store.nextDueAt(clock.now())
    return dueAt === undefined ? LOOK_EVERY_MS : Math.min(LOOK_EVERY_MS, Math.max(1, dueAt - clock.now()))
  }

  function start(id: string): void {
    const work = runBeside(id, deliver(id)).finally(() => {
      underWay.delete(work)
      loop.wake()
    })
    underWay.add(work)
  }

  /** Beside the sends: a Karibu that answers lookups slowly must not hold up what can go out. */
  function startLookup(message: MessageRow, attempt: AttemptRow): void {
    const lookUp = async () => {
      const verdict = await settleUncertain(message, attempt, clock.now())
      log.info({ messageId: message.id, verdict: verdict.kind }, 'message.looked_up')
    }
    const work = runBeside(message.id, lookUp()).finally(() => {
      lookingUp.delete(work)
      loop.wake()
    })
    lookingUp.add(work)
  }

  function runBeside(messageId: string, work: Promise<void>): Promise<void> {
    return activity
      .track(work)
      .catch((error: unknown) => log.error({ messageId, error: messageOf(error) }, 'message.work_failed'))
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
    const begun = await store.beginAttempt({
      messageId,
      now: clock.now(),
      leaseMs,
      paceMs: settings.perContactEveryMs,
      mediaUrl,
      // Without a picture there is nothing to send: should the window have opened in between, the next pass sees it.
      decide: (now) => {
        const verdict = decide(now)
        const pictureMissing = verdict.kind === 'go' && mediaUrl === null && now.message.kind === 'image'
        return pictureMissing ? { kind: 'wait', until: clock.now() } : verdict
      },
      closed: ({ message, conversation }) => closedOutcome(message, conversation, clock.now()),
    })
    if ('verdict' in begun) {
      const { verdict, closed } = begun
      const outcome = closed?.status ?? (verdict.kind === 'drop' ? verdict.status : verdict.kind)
      log.info({ messageId, outcome, reason: closed?.reason ?? null }, 'message.not_sent')
      return
    }
    const startedAt = clock.now()
    const answer = await request(snapshot, mediaUrl)
    const { result } = answer
    await store.settleAttempt({
      messageId,
      started: begun.started,
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
        settle(current.message, current.conversation, result, {
          now: clock.now(),
          statusPollAfterMs: settings.statusPollAfterMs,
          random: deps.random(),
        }),
      applyReport: deps.applyReport,
    })
    const level = result.kind === 'blocked' ? 'error' : result.kind === 'accepted' ? 'info' : 'warn'
    log[level](
      {
        messageId,
        to: lastDigits(snapshot.message.phone),
        attempt: begun.started.number,
        result: result.kind,
        code: 'code' in result ? result.code : null,
        durationMs: clock.now() - startedAt,
      },
      'message.attempted',
    )
  }

  async function refresh(conversation: ConversationRow): Promise<void> {
    try {
      await deps.refreshWindow(conversation)
    } catch (error) {
      log.warn({ conversationId: conversation.id, error: messageOf(error) }, 'window.lookup_failed')
    }
  }

  /** Undefined when the message was settled without a picture. */
  async function prepareImage({ message, order }: SendSnapshot): Promise<string | undefined> {
    try {
      return await images.prepare(message, order)
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
      log.error({ messageId: message.id, error: messageOf(error) }, 'message.image_failed')
      return undefined
    }
  }

  async function request({ message, conversation }: SendSnapshot, mediaUrl: string | null): Promise<SendAnswer> {
    const target = targetOf(message, conversation)
    try {
      if (message.kind === 'template' && message.template)
        return await karibu.sendTemplate({ target, ...message.template })
      return await karibu.sendImage({ target, mediaUrl: mediaUrl ?? '', caption: message.caption })
    } catch (error) {
      // A bug of ours after the request may have gone must not read as "not sent".
      log.error({ messageId: message.id, error: messageOf(error) }, 'message.request_threw')
      return {
        result: { kind: 'unknown', code: 'risiti.internal', detail: 'the request ended in an unexpected error' },
        httpStatus: null,
        requestId: null,
      }
    }
  }

  return {
    start: loop.start,
    wake: loop.wake,
    async stop() {
      await loop.stop()
      await Promise.all([...underWay, ...lookingUp])
    },
  }
}

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
