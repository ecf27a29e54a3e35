import type { Retention } from '../config/types.ts'
import type { MediaFiles } from '../receipts/media-files.ts'
import type { ConfirmationStore } from '../store/confirmations.ts'
import type { Bite, HousekeepingStore } from '../store/housekeeping.ts'
import type { NotificationStore } from '../store/notifications.ts'

export interface RetentionDeps {
  store: HousekeepingStore & Pick<ConfirmationStore, 'removeQuestions'> & Pick<NotificationStore, 'removeNotifications'>
  files: Pick<MediaFiles, 'remove'>
  retention: Retention
}

export type KeptClass =
  | 'bodies'
  | 'notifications'
  | 'images'
  | 'reports'
  | 'fetches'
  | 'messages'
  | 'events'
  | 'questions'
  | 'orders'

interface Forgetting {
  name: KeptClass
  keepMs: number | null
  bite(before: number): Promise<Bite>
}

/** Deleting 20 bodies takes about a millisecond, 500 would stop the service for 50. */
const ROWS = 20
/** A message takes its attempts, reports and pictures along, and stands in a dozen indexes. */
const MESSAGES = 5
/** After so many bites the pass ends, and others have their turn. */
const BITES = 20

/** Forgets what is older than its class is kept, a little at a time; gives what went and whether more is left. */
export function createRetention({ store, files, retention }: RetentionDeps) {
  /** The row first: a file left over by a crash in between is found as one that nobody knows. */
  async function withFiles(work: Promise<Bite & { tokens: string[] }>): Promise<Bite> {
    const { tokens, ...bite } = await work
    for (const token of tokens) await files.remove(token)
    return bite
  }

  const classes: Forgetting[] = [
    { name: 'bodies', keepMs: retention.bodiesMs, bite: (before) => store.removeBodies(before, ROWS) },
    { name: 'notifications', keepMs: retention.bodiesMs, bite: (before) => store.removeNotifications(before, ROWS) },
    { name: 'images', keepMs: retention.imagesMs, bite: (before) => withFiles(store.removeMedia(before, ROWS)) },
    { name: 'reports', keepMs: retention.reportsMs, bite: (before) => store.removeReports(before, ROWS) },
    { name: 'fetches', keepMs: retention.reportsMs, bite: (before) => store.removeFetches(before, ROWS) },
    {
      name: 'messages',
      keepMs: retention.messagesMs,
      bite: (before) => withFiles(store.removeMessages(before, MESSAGES)),
    },
    { name: 'events', keepMs: retention.eventsMs, bite: (before) => store.removeEvents(before, ROWS) },
    { name: 'questions', keepMs: retention.eventsMs, bite: (before) => store.removeQuestions(before, ROWS) },
    { name: 'orders', keepMs: retention.ordersMs, bite: (before) => store.removeOrders(before, ROWS) },
  ]

  return async function forget(now: number): Promise<{ removed: Partial<Record<KeptClass, number>>; more: boolean }> {
    const removed: Partial<Record<KeptClass, number>> = {}
    let left = BITES
    for (const { name, keepMs, bite } of classes) {
      for (let more = keepMs !== null; more; left--) {
        if (left <= 0) return { removed, more: true }
        const one = await bite(now - (keepMs ?? 0))
        if (one.removed > 0) removed[name] = (removed[name] ?? 0) + one.removed
        more = one.more
      }
    }
    return { removed, more: false }
  }
}
