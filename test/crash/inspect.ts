import { setTimeout as sleep } from 'node:timers/promises'
import type { PlannedOrder } from './orders.ts'
import type { Town } from './service.ts'

export interface Findings {
  lostEvents: number
  missingImages: number
  doubledImages: number
  wrongImages: number
  wrongStatuses: number
  /** One line each, the first twenty. */
  problems: string[]
}

interface ApiMessage {
  id: string
  message_id: string | null
  status: string
  order_number: string | null
}
interface SandboxMessage {
  id: string
  kind: string
  caption: string | null
  status: string
}

const SETTLED = new Set(['read', 'held'])
/** Longer than the longest wait that is right: fifteen minutes, for a picture WhatsApp refused three times. */
const PATIENCE_MS = 20 * 60_000

/** What is true from the outside once all is still: events, images on phones, statuses. */
export async function inspectTown(town: Town, orders: PlannedOrder[], acknowledged: Set<string>): Promise<Findings> {
  const messages = await whenSettled(town, orders.length)
  const problems: string[] = []
  let lostEvents = 0
  for (const id of acknowledged) {
    if ((await town.api(`/v1/events/${id}`)) !== undefined) continue
    lostEvents++
    problems.push(`event ${id} was acknowledged and is gone`)
  }
  const { items } = await town.sandbox<{ items: SandboxMessage[] }>('/messages?limit=10000')
  const images = new Map<string, SandboxMessage[]>()
  // WhatsApp fetches the picture from us: one it asked for while we were dead reached nobody and is sent anew.
  for (const item of items.filter((one) => one.status !== 'failed')) {
    const number = /^Oda (\S+)\.$/.exec(item.caption ?? '')?.[1] ?? ''
    images.set(number, [...(images.get(number) ?? []), item])
  }
  const counts = { missingImages: 0, doubledImages: 0, wrongImages: 0, wrongStatuses: 0 }
  for (const { number, writes } of orders) {
    const sent = images.get(number) ?? []
    const message = messages.find((one) => one.order_number === number)
    const story = `${number} (customer writes ${writes}): ${sent.length} images, record ${message?.status ?? 'none'}`
    const count = (kind: keyof typeof counts) => {
      counts[kind]++
      problems.push(`${kind} ${story}`)
    }
    if (writes === 'never') {
      if (sent.length > 0) count('wrongImages')
      if (message?.status !== 'held') count('wrongStatuses')
      continue
    }
    if (sent.length === 0) count('missingImages')
    if (sent.length > 1) count('doubledImages')
    const [image] = sent
    if (image && (message?.status !== image.status || message.message_id !== image.id)) count('wrongStatuses')
  }
  return { lostEvents, ...counts, problems: problems.slice(0, 20) }
}

/** Waits until nothing moves any more, or patience ends: then the checks say what is wrong. */
async function whenSettled(town: Town, count: number): Promise<ApiMessage[]> {
  const until = Date.now() + PATIENCE_MS
  while (true) {
    const messages = await listAll(town)
    const settled = messages.length >= count && messages.every((message) => SETTLED.has(message.status))
    if (settled || Date.now() > until) return messages
    await sleep(1000)
  }
}

async function listAll(town: Town): Promise<ApiMessage[]> {
  const messages: ApiMessage[] = []
  let cursor = ''
  while (true) {
    const page = await town.api<{ items: ApiMessage[]; next_cursor: string | null }>(`/v1/messages?limit=200${cursor}`)
    messages.push(...(page?.items ?? []))
    if (!page?.next_cursor) return messages
    cursor = `&cursor=${page.next_cursor}`
  }
}
