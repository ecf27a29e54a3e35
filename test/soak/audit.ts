import { setTimeout as sleep } from 'node:timers/promises'
import type { Killable } from '../crash/killable.ts'
import {
  countMissing,
  createNumbers,
  type Entry,
  fingerprint,
  type Ledger,
  type Numbers,
  orderIndex,
} from './ledger.ts'

export interface Audit {
  acknowledgedEvents: number
  storedEvents: number
  lostEvents: number
  missingImages: number
  doubledImages: number
  /** Images to customers who never wrote, or wrote STOP. */
  wrongImages: number
  wrongStatuses: number
  /** Messages by status and reason. */
  standing: Record<string, number>
  /** Messages that still wait for something but the customer, with their reason. */
  waiting: number
  /** One line each, the first twenty. */
  problems: string[]
}

interface ApiMessage {
  id: string
  message_id: string | null
  status: string
  order_number: string | null
  reason: { code: string } | null
  error_code: string | null
}

const WAITING = ['queued', 'sending', 'uncertain', 'pending', 'sent', 'delivered']
const END_STATUSES: Record<Entry['fate'], string[]> = {
  once: ['read', 'failed'],
  'at-most-once': ['read', 'failed', 'cancelled'],
  never: ['held', 'expired', 'skipped', 'cancelled'],
}

/** Waits until nothing moves any more, or patience ends. */
export async function whenStill(service: Killable, ledger: Ledger, patienceMs: number): Promise<void> {
  for (const until = Date.now() + patienceMs; Date.now() < until; await sleep(1000)) {
    const left = await service.api<{ items: unknown[] }>(`/v1/messages?status=${WAITING.join()}&limit=1`)
    if (left?.items.length !== 0) continue
    let held = 0
    await eachOf<ApiMessage>(service, '/v1/messages?status=held', (message) => {
      if (isAwaited(message, ledger)) held++
    })
    if (held === 0) return
  }
}

/** Moves on by itself: held ones too, once the message their customer wrote has been read. */
function isAwaited({ status, order_number }: ApiMessage, ledger: Ledger): boolean {
  const index = orderIndex(order_number ?? '')
  return WAITING.includes(status) || (status === 'held' && index !== null && ledger.entry(index).fate !== 'never')
}

/** What is true from the outside: events, images on phones, statuses. Pages through everything, a page at a time. */
export async function audit(service: Killable, ledger: Ledger, acknowledged: Numbers): Promise<Audit> {
  const stored = createNumbers()
  await eachOf<{ id: string }>(service, '/v1/events', ({ id }) => stored.add(fingerprint(id)))
  const counts = { missingImages: 0, doubledImages: 0, wrongImages: 0, wrongStatuses: 0 }
  const problems: string[] = []
  const standing: Record<string, number> = {}
  const known = new Uint8Array(ledger.planned())
  let waiting = 0

  function blame(kind: keyof typeof counts, index: number, story: string): void {
    counts[kind]++
    if (problems.length < 20) problems.push(`${kind}: order ${index}, ${story}`)
  }

  function judge(message: ApiMessage, index: number): void {
    const { fate, live, status, fingerprint: newest } = ledger.entry(index)
    const story = `${fate}, ${live} images, Karibu says ${status}, ${message.id} is ${message.status}`
    if (isAwaited(message, ledger)) {
      waiting++
      return
    }
    if (live === 0 && fate === 'once' && status !== 'failed') blame('missingImages', index, story)
    // Given back before the next try of what had failed.
    const same =
      status === 'none' ||
      (message.status === 'cancelled' && live === 0) ||
      (message.status === status && fingerprint(message.message_id ?? '') === newest)
    if (!same || !END_STATUSES[fate].includes(message.status)) blame('wrongStatuses', index, story)
  }

  await eachOf<ApiMessage>(service, '/v1/messages', (message) => {
    const key = [message.status, message.reason?.code, message.error_code].filter(Boolean).join(' ')
    standing[key] = (standing[key] ?? 0) + 1
    const index = orderIndex(message.order_number ?? '')
    if (index === null) return
    known[index] = 1
    judge(message, index)
  })
  for (let index = 0; index < ledger.planned(); index++) {
    const { fate, live, doubled } = ledger.entry(index)
    if (doubled || live > 1) blame('doubledImages', index, `${live} images`)
    if (fate === 'never' && live > 0) blame('wrongImages', index, `${live} images`)
    if (known[index] === 0 && fate !== 'at-most-once') blame('missingImages', index, 'no message was made')
  }
  const lostEvents = countMissing(acknowledged, stored)
  if (lostEvents > 0) problems.unshift(`${lostEvents} acknowledged events are gone`)
  const totals = { acknowledgedEvents: acknowledged.size(), storedEvents: stored.size(), lostEvents }
  return { ...totals, ...counts, standing, waiting, problems }
}

async function eachOf<T>(service: Killable, path: string, take: (item: T) => void): Promise<void> {
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: { items: T[]; next_cursor: string | null } | undefined = await service.api(
      `${path}${path.includes('?') ? '&' : '?'}limit=200${cursor === '' ? '' : `&cursor=${cursor}`}`,
    )
    if (!page) throw new Error(`${path} gave no page`)
    for (const item of page.items) take(item)
    cursor = page.next_cursor
  }
}
