import { AppError, messageOf } from '../errors.ts'
import { parseEventFilter, type RawFilter } from '../query/filters.ts'
import { firstOf, isAboutPeople, type Replay } from '../replay/replay.ts'
import type { EventKey, KeptStore } from '../store/kept.ts'
import { CLAIM_RECEIVED } from '../store/questions.ts'
import { countOf, type Progress } from './progress.ts'
import { formatTable } from './table.ts'

export interface ReplayInput {
  /** Only these events. */
  events: string[]
  filter: RawFilter
  now: number
}

export interface Chosen {
  /** In order of receipt. */
  ids: string[]
  /** Of those that fit, how many cannot be read again. */
  bodiesGone: number
  /** Of those that fit, how many are none to be taken again with others: requests about people, and claims. */
  leftOut: number
  counts: { source: string; type: string; count: number }[]
}

/** More at once is a mistake in the filter. */
const MOST_EVENTS = 100_000
const AT_ONCE = 500

/** Which events a replay would take, before it takes any. */
export async function chooseEvents({ events, filter, now }: ReplayInput, store: KeptStore): Promise<Chosen> {
  // What a claim became is an event of its own; to ask a platform about it again has to be meant.
  const asksForClaims = events.length > 0 || filter['type'] === CLAIM_RECEIVED
  const found = events.length > 0 ? await named(events, store) : await fitting(filter, now, store)
  const keys = found.filter((key) => !isAboutPeople(key) && (asksForClaims || key.type !== CLAIM_RECEIVED))
  const ids: string[] = []
  for (let at = 0; at < keys.length; at += AT_ONCE) {
    const some = keys.slice(at, at + AT_ONCE).map(({ id }) => id)
    const readable = await store.withBody(some)
    ids.push(...some.filter((id) => readable.has(id)))
  }
  const readable = new Set(ids)
  const counts = countKinds(keys.filter(({ id }) => readable.has(id)))
  return { ids, bodiesGone: keys.length - ids.length, leftOut: found.length - keys.length, counts }
}

async function named(ids: string[], store: KeptStore): Promise<EventKey[]> {
  const found = (await store.loadKept([...new Set(ids)])).map(({ event }) => event)
  const missing = ids.find((id) => !found.some((event) => event.id === id))
  if (missing !== undefined) throw new AppError('event.unknown', `there is no event ${missing}`)
  return found.toSorted((a, b) => a.receivedAt - b.receivedAt || (a.id < b.id ? -1 : 1))
}

async function fitting(filter: RawFilter, now: number, store: KeptStore): Promise<EventKey[]> {
  if (Object.values(filter).every((value) => value === undefined))
    throw new AppError('filter.invalid', 'say which events: --event, --shop, --type, --order, --outcome or --since')
  const keys = await store.listEventKeys(parseEventFilter(filter, now), MOST_EVENTS + 1)
  if (keys.length > MOST_EVENTS)
    throw new AppError('filter.invalid', `more than ${MOST_EVENTS} events fit: take a shorter time`)
  // A replay is replayed with the event it repeats.
  return keys.filter(({ deliveryKey }) => firstOf(deliveryKey) === null)
}

function countKinds(keys: EventKey[]): Chosen['counts'] {
  const counts = new Map<string, Chosen['counts'][number]>()
  for (const { source, type } of keys) {
    const name = JSON.stringify([source, type])
    const known = counts.get(name) ?? { source, type, count: 0 }
    counts.set(name, { ...known, count: known.count + 1 })
  }
  return [...counts.values()].toSorted((a, b) => b.count - a.count)
}

export function tellChosen({ ids, bodiesGone, leftOut, counts }: Chosen): string {
  const notes = [
    bodiesGone > 0 && `${bodiesGone} more cannot be read again: their bodies are erased or kept no longer.`,
    leftOut > 0 &&
      `${leftOut} more are left out: claims (--type ${CLAIM_RECEIVED} asks about them again) and requests about people.`,
  ]
  const gone = notes.map((note) => (note === false ? '' : `\n${note}`)).join('')
  if (ids.length === 0) return `No event that can be replayed fits.${gone}`
  const rows = counts.map(({ source, type, count }) => [String(count), source, type])
  return `${formatTable(['EVENTS', 'FROM', 'TYPE'], rows)}\n\n${countOf(ids.length, 'event')} to replay.${gone}`
}

export interface Replayed {
  event_id: string
  replay_id: string | null
  type: string | null
  /** Messages that are due because of it. */
  due: number
  error: string | null
}

/** One after the other, each in its own transaction; one that fails keeps no other back. */
export async function replayAll(
  ids: string[],
  replay: Replay['replay'],
  progress: Progress | undefined,
): Promise<Replayed[]> {
  const replayed: Replayed[] = []
  for (const [index, id] of ids.entries()) {
    try {
      const { eventId, type, due } = await replay(id)
      replayed.push({ event_id: id, replay_id: eventId, type, due, error: null })
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      replayed.push({ event_id: id, replay_id: null, type: null, due: 0, error: messageOf(error) })
    }
    progress?.(index + 1, ids.length)
  }
  return replayed
}

export function tellReplayed(replayed: Replayed[]): string {
  const failed = replayed.filter(({ error }) => error !== null)
  const due = replayed.reduce((sum, one) => sum + one.due, 0)
  const lines = [
    `${countOf(replayed.length - failed.length, 'event')} replayed; ${countOf(due, 'message')} due because of it.`,
    'A running service sends them within a minute. `risiti events ID` tells what each replay led to.',
    ...failed.slice(0, 20).map((one) => `${one.event_id}: ${one.error}`),
  ]
  if (failed.length > 20) lines.push(`… and ${failed.length - 20} more that could not be replayed`)
  return lines.join('\n')
}
