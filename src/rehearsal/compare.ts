import { receiptKindOf } from '../outbox/images.ts'
import type { ReceiptKind } from '../receipts/model.ts'
import type { KeptStore } from '../store/kept.ts'
import type { MessageRow } from '../store/records.ts'
import type { MessageStatus, TraceLine } from '../store/words.ts'
import type { Act } from './stage.ts'

export type Difference = 'outcome' | 'recipient' | 'image' | 'caption'
export type Comparison =
  | 'same'
  | 'different'
  /** These rules make it, and it was never made. */
  | 'new'
  /** It was made, and these rules do not make it. */
  | 'gone'
  /** What its order was before is kept no longer: it may have been made for what was no news then. */
  | 'unsure'

export interface Item {
  comparison: Comparison
  differs: Difference[]
  /** Null when it is gone. */
  act: Act | null
  really: MessageRow | null
  kind: ReceiptKind
  why: string[]
}

export interface Compared {
  /** In the order they were made. */
  items: Item[]
  /** Messages that were made by events that could not be rehearsed. */
  notRehearsed: number
  /** Orders whose earlier events are kept no longer. */
  ordersWithoutStart: number
}

export interface CompareInput {
  since: number
  until: number
  shop: string | undefined
  rule: string | undefined
  /** Of each event that was rehearsed, what it led to. */
  traces: Map<string, TraceLine[]>
  ordersWithoutStart: Set<string>
}

const KEYS_AT_ONCE = 200

export async function compareActs(
  acts: Iterable<Act>,
  input: CompareInput,
  { store, breathe }: { store: KeptStore; breathe(): Promise<void> },
): Promise<Compared> {
  const told = (message: MessageRow) =>
    (input.shop === undefined || message.shop === input.shop) &&
    (input.rule === undefined || message.rule === input.rule)
  const made = new Set<string>()
  const mine: Act[] = []
  for (const act of acts) {
    made.add(act.message.effectKey)
    if (act.message.createdAt >= input.since && told(act.message)) mine.push(act)
  }
  const items: Item[] = []
  for (let at = 0; at < mine.length; at += KEYS_AT_ONCE) {
    const some = mine.slice(at, at + KEYS_AT_ONCE)
    const keys = some.map(({ message }) => message.effectKey)
    const real = new Map((await store.findByEffect(keys)).map((row) => [row.effectKey, row]))
    const spent = await store.spentEffects(keys)
    for (const act of some) items.push(itemOf(act, real.get(act.message.effectKey), spent, input))
    await breathe()
  }
  let notRehearsed = 0
  for (let after = ''; ; ) {
    const page = await store.listMade(input.since, input.until, after, KEYS_AT_ONCE)
    for (const really of page) {
      if (made.has(really.effectKey) || !told(really)) continue
      const trace = input.traces.get(really.eventId ?? '')
      if (trace) items.push(goneItem(really, trace))
      else notRehearsed++
    }
    await breathe()
    if (page.length < KEYS_AT_ONCE) break
    after = page.at(-1)?.id ?? ''
  }
  return { items: items.toSorted(byTime), notRehearsed, ordersWithoutStart: input.ordersWithoutStart.size }
}

function itemOf(act: Act, really: MessageRow | undefined, spent: Set<string>, input: CompareInput): Item {
  const { message } = act
  const base = { act, really: really ?? null, kind: receiptKindOf(message), why: act.why }
  if (really) {
    const differs = differences(message, really, input.until)
    if (really.claimedAt !== null && message.claimedAt === null) base.why = [...base.why, CLAIMED_ELSEWHERE]
    return { ...base, comparison: differs.length === 0 ? 'same' : 'different', differs }
  }
  // Its message was made, and forgotten since: how it looked is not known.
  if (spent.has(message.effectKey)) return { ...base, comparison: 'same', differs: [] }
  const unsure = input.ordersWithoutStart.has(JSON.stringify([message.shop, message.orderId]))
  return { ...base, comparison: unsure ? 'unsure' : 'new', differs: [] }
}

const CLAIMED_ELSEWHERE = 'its order’s code was really written, in a message that was not rehearsed'

function goneItem(really: MessageRow, trace: TraceLine[]): Item {
  const lines = trace.filter(({ step }) => step === really.rule || step === 'shop').map(({ text }) => text)
  const why = lines.length > 0 ? lines : ['no rule of this name is on this event']
  return { comparison: 'gone', differs: [], act: null, really, kind: receiptKindOf(really), why }
}

function differences(mine: MessageRow, really: MessageRow, until: number): Difference[] {
  // What really happened after the end of the rehearsal is no difference.
  const later = FATE[mine.status] === 'waits' && (really.acceptedAt ?? really.updatedAt) >= until
  const pairs: [Difference, boolean][] = [
    ['outcome', FATE[mine.status] !== FATE[really.status] && !later],
    ['recipient', mine.phone !== really.phone],
    ['image', mine.imageUrl !== really.imageUrl],
    ['caption', mine.caption !== really.caption],
  ]
  return pairs.flatMap(([name, differs]) => (differs ? [name] : []))
}

/** What a customer would notice of a status. */
const FATE: Record<MessageStatus, 'goes' | 'waits' | 'stays'> = {
  held: 'waits',
  expired: 'waits',
  queued: 'goes',
  sending: 'goes',
  uncertain: 'goes',
  pending: 'goes',
  sent: 'goes',
  delivered: 'goes',
  read: 'goes',
  failed: 'goes',
  skipped: 'stays',
  cancelled: 'stays',
}

/** Of one instant, in the order of their events. */
function byTime(a: Item, b: Item): number {
  const [one, other] = [placeOf(a), placeOf(b)]
  return one.at - other.at || (one.event < other.event ? -1 : Number(one.event > other.event))
}

function placeOf({ act, really }: Item): { at: number; event: string } {
  const message = act?.message ?? really
  return { at: message?.createdAt ?? 0, event: message?.eventId ?? '' }
}
