import { type Clock, MINUTE } from '../clock.ts'
import type { Config } from '../config/types.ts'
import type { Disk } from '../http/disk.ts'
import type { ActionStore } from '../store/actions.ts'
import { monthOf } from '../store/budget.ts'
import type { ConfirmationStore } from '../store/confirmations.ts'
import type { NotificationStore, WaitingOfTarget } from '../store/notifications.ts'
import type { OverviewStore } from '../store/overview.ts'
import type { ReadStore } from '../store/reads.ts'
import type { ApiPauseRow, SenderPauseRow } from '../store/records.ts'
import type { MessageStatus } from '../store/words.ts'
import type { Inbound, InboundRefusal } from '../tracking/inbound.ts'
import { type BudgetUse, type SenderBudget, useOfBudgets } from './budgets.ts'

/** How the parts fare, as people are told it. */
export interface Health {
  senders: { sender: string; pause: SenderPauseRow | null; budget: BudgetUse | null }[]
  /** Reading what customers write. */
  inbound: { passedAt: number | null; late: boolean; refusal: InboundRefusal | null }
  /** When Karibu last told a status by itself, of those that are looked at. */
  reportedAt: number | null
  disk: { freeBytes: number | null; hasRoom: boolean }
  /** What should be under way, and since when the oldest is. */
  queue: { count: number; oldestAt: number | null; late: boolean }
  forPerson: number
  questions: { shop: string; count: number; oldestAt: number }[]
  apiPauses: ApiPauseRow[]
  targets: WaitingOfTarget[]
}

export interface HealthDeps {
  config: Pick<Config, 'shops' | 'karibu'>
  store: Pick<ReadStore, 'listPauses' | 'countSends' | 'countWaiting' | 'oldestWaiting'> &
    Pick<ConfirmationStore, 'countQuestions' | 'listApiPauses'> &
    Pick<NotificationStore, 'countNotifications'> &
    Pick<ActionStore, 'countForPerson'> &
    Pick<OverviewStore, 'lastReportedAt'>
  budgets: SenderBudget[]
  disk: Disk
  beats: ReadonlyMap<string, number>
  inbound: Pick<Inbound, 'refusal'>
  clock: Pick<Clock, 'now'>
}

const REPORTS_AMONG = 1000
/** A message that is due goes out within seconds; so long says that something is in the way. */
const LATE_MS = 10 * MINUTE
const IN_QUEUE: readonly MessageStatus[] = ['queued', 'sending']

export async function healthOf({ config, store, budgets, disk, beats, inbound, clock }: HealthDeps): Promise<Health> {
  const now = clock.now()
  const pauses = (await store.listPauses()).filter(({ pausedUntil }) => pausedUntil > now)
  const uses = useOfBudgets(budgets, budgets.length === 0 ? [] : await store.countSends(monthOf(now)))
  const senders = [...new Set(Object.values(config.shops).map(({ sender }) => sender))]
  const waiting = (await store.countWaiting()).filter(({ status }) => IN_QUEUE.includes(status))
  const oldest = (await store.oldestWaiting()).filter(({ status }) => IN_QUEUE.includes(status))
  const oldestAt = oldest.length === 0 ? null : Math.min(...oldest.map(({ createdAt }) => createdAt))
  const passedAt = beats.get('inbound-poller') ?? null
  const freeBytes = await disk.freeBytes()
  return {
    senders: senders.map((sender) => ({
      sender,
      pause: pauses.find((pause) => pause.sender === sender) ?? null,
      budget: uses.find((use) => use.sender === sender) ?? null,
    })),
    inbound: {
      passedAt,
      late: passedAt === null || now - passedAt > 4 * config.karibu.pollInboundEveryMs + MINUTE,
      refusal: inbound.refusal(),
    },
    reportedAt: (await store.lastReportedAt(REPORTS_AMONG)) ?? null,
    disk: { freeBytes: freeBytes ?? null, hasRoom: disk.hasRoom() },
    queue: {
      count: waiting.reduce((sum, { count }) => sum + count, 0),
      oldestAt,
      late: oldestAt !== null && now - oldestAt > LATE_MS,
    },
    forPerson: await store.countForPerson(),
    questions: await store.countQuestions(),
    apiPauses: (await store.listApiPauses()).filter(({ pausedUntil }) => pausedUntil > now),
    targets: await store.countNotifications(),
  }
}
