import { z } from 'zod'
import { type Clock, DAY, HOUR, SECOND } from '../clock.ts'
import { forLog } from '../errors.ts'
import { isObject, parseJson } from '../karibu/answers.ts'
import { type ListItem, listItem } from '../karibu/wire.ts'
import type { Log } from '../log.ts'
import type { TrackingStore } from '../store/tracking.ts'

/** Inbound messages that could not be taken when they were listed; kept in the database and tried again for a day. */
export interface SetAside {
  add(item: ListItem, history: boolean): Promise<void>
  /** Tries what is due again; what fails once more waits longer. */
  retry(take: (item: ListItem, history: boolean) => Promise<void>): Promise<void>
}

const NAME = 'karibu.inbound.set_aside'
const AT_MOST = 500
const FIRST_RETRY_MS = 30 * SECOND

const kept = z.array(
  z.object({
    item: z.unknown(),
    history: z.boolean(),
    since: z.number(),
    tries: z.number(),
    dueAt: z.number(),
  }),
)
type Kept = z.infer<typeof kept>

type Cursors = Pick<TrackingStore, 'findCursor' | 'saveCursor'>

async function loadFrom(store: Cursors): Promise<Kept> {
  return kept.safeParse(parseJson((await store.findCursor(NAME)) ?? '[]')).data ?? []
}

/** Drops those whose text, as Karibu wrote it, is somebody's who is being erased. */
export async function forgetSetAside(store: Cursors, isTheirs: (text: string) => boolean): Promise<void> {
  const list = await loadFrom(store)
  const left = list.filter(({ item }) => !isTheirs(JSON.stringify(item)))
  if (left.length < list.length) await store.saveCursor(NAME, JSON.stringify(left))
}

export function createSetAside(store: Cursors, clock: Clock, log: Log): SetAside {
  const load = () => loadFrom(store)
  const save = (list: Kept) => store.saveCursor(NAME, JSON.stringify(list))

  return {
    async add(item, history) {
      const list = await load()
      if (list.some((entry) => isObject(entry.item) && entry.item.id === item.id)) return
      if (list.length >= AT_MOST) log.error({ kept: AT_MOST }, 'inbound.set_aside_full')
      // Written as Karibu writes it, so that it is read again by the same rules.
      const raw = { ...item, created_at: new Date(item.created_at).toISOString() }
      const entry = { item: raw, history, since: clock.now(), tries: 0, dueAt: clock.now() + FIRST_RETRY_MS }
      await save([...list.slice(-(AT_MOST - 1)), entry])
    },
    async retry(take) {
      const list = await load()
      if (!list.some(({ dueAt }) => dueAt <= clock.now())) return
      const left: Kept = []
      for (const entry of list) {
        const item = listItem.safeParse(entry.item).data
        if (!item) continue
        if (entry.dueAt > clock.now()) {
          left.push(entry)
          continue
        }
        try {
          await take(item, entry.history)
        } catch (error) {
          const tries = entry.tries + 1
          const old = clock.now() - entry.since > DAY
          if (old) log.error({ item: item.id, tries, ...forLog(error) }, 'inbound.given_up')
          else left.push({ ...entry, tries, dueAt: clock.now() + Math.min(HOUR, FIRST_RETRY_MS * 2 ** tries) })
        }
      }
      await save(left)
    },
  }
}
