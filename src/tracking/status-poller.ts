import type { Activity } from '../activity.ts'
import { type Clock, DAY, HOUR, MINUTE } from '../clock.ts'
import { forLog } from '../errors.ts'
import { isObject } from '../karibu/answers.ts'
import type { KaribuClient } from '../karibu/client.ts'
import { prefixed } from '../karibu/codes.ts'
import type { MessageDetail } from '../karibu/wire.ts'
import type { Log } from '../log.ts'
import { createLoop, type Loop, type LoopOptions } from '../loop.ts'
import type { MessageRow } from '../store/records.ts'
import type { TrackingStore } from '../store/tracking.ts'
import type { ReportedStatus } from '../store/words.ts'
import type { RecordReport } from './reports.ts'

export interface StatusPollerDeps {
  store: TrackingStore
  karibu: Pick<KaribuClient, 'getMessage'>
  recordReport: RecordReport
  clock: Clock
  activity: Activity
  passed?: LoopOptions['passed']
  log: Log
  pollAfterMs: number
}

const BATCH = 48
/** So many questions are under way at once: at 100 ms an answer, 80 messages a second are kept up with, and no more asked. */
const AT_ONCE = 8
const AT_MOST_EVERY_MS = 6 * HOUR
/** Meta keeps trying to deliver for up to 30 days; no word in that time means dropped. */
const ASK_FOR_MS = 30 * DAY
/** A delivered picture may never be opened: after this long its `read` is no longer asked for. */
const READ_WITHIN_MS = 3 * DAY

/** Asks after messages nothing was heard of, ever more rarely: truth arrives even if every webhook is lost. */
export function createStatusPoller({
  store,
  karibu,
  recordReport,
  clock,
  activity,
  log,
  passed,
  pollAfterMs,
}: StatusPollerDeps): Loop {
  async function ask(message: MessageRow): Promise<void> {
    if (message.messageId === null) return
    const detail = await karibu.getMessage(message.messageId)
    const status = detail?.status?.toLowerCase()
    if (detail && isReportedStatus(status)) {
      const { code, text } = failureOf(detail)
      await recordReport({
        eventId: `poll:${message.messageId}:${status}`,
        messageId: message.messageId,
        status,
        errorCode: status === 'failed' ? prefixed(code ?? 'unknown') : null,
        errorDetail: status === 'failed' ? text : null,
        providerMessageId: detail.provider_message_id,
        occurredAt: clock.now(),
        source: 'poll',
      })
    }
  }

  const planNext = (message: MessageRow) => {
    const now = clock.now()
    const age = now - (message.acceptedAt ?? now)
    const limit = message.deliveredAt === null ? ASK_FOR_MS : READ_WITHIN_MS
    const wait = Math.min(AT_MOST_EVERY_MS, pollAfterMs * 2 ** Math.min(message.statusPolls + 1, 12))
    return store.planStatusPoll(message.id, age > limit ? null : now + wait, message.statusPolls + 1)
  }

  /** False when Karibu could not be asked. When it is throttled or away, the rest would fare no better now. */
  async function askAfter(message: MessageRow): Promise<boolean> {
    // Planned first: an answer that cannot be had must not be asked for again at once.
    await planNext(message)
    try {
      await ask(message)
      return true
    } catch (error) {
      log.warn({ messageId: message.id, ...forLog(error) }, 'status.poll_failed')
      return false
    }
  }

  async function pass(): Promise<number> {
    const quiet = await store.listQuiet(clock.now(), BATCH)
    for (let from = 0; from < quiet.length; from += AT_ONCE) {
      const group = quiet.slice(from, from + AT_ONCE)
      const answers = await Promise.all(group.map(askAfter))
      const failures = answers.filter((answered) => !answered).length
      // One answer may be lost on the way; most of them are not.
      if (failures * 2 > group.length) return MINUTE
    }
    return quiet.length === BATCH ? 0 : Math.min(MINUTE, pollAfterMs)
  }

  return createLoop({ name: 'status-poller', clock, activity, log, passed, retryMs: MINUTE, pass })
}

function isReportedStatus(status: string | undefined): status is ReportedStatus {
  return ['pending', 'sent', 'delivered', 'read', 'failed'].includes(status ?? '')
}

/** The failure's field names are not documented: every likely place is looked into. */
function failureOf(detail: MessageDetail): { code: string | null; text: string | null } {
  const parts = [detail, detail.error, detail.reason].filter(isObject)
  const pick = (...names: string[]) => {
    for (const part of parts) {
      for (const name of names) {
        const value = part[name]
        if (typeof value === 'string' || typeof value === 'number') return String(value).slice(0, 500)
      }
    }
    return null
  }
  return { code: pick('error_code', 'code'), text: pick('error_message', 'message', 'title', 'reason', 'error') }
}
