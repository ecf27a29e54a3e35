import { setTimeout as sleep } from 'node:timers/promises'
import type { SentSnapshot } from '../../src/sandbox/snapshot.ts'
import { eventually } from '../commands/program.ts'
import { regularPhone } from './orders.ts'
import type { Town } from './town.ts'

/** The pictures Karibu has taken on so far, oldest first; it forgets beyond ten thousand. */
export async function imagesAt({ sandbox }: Town): Promise<SentSnapshot[]> {
  const { items } = await sandbox.call<{ items: SentSnapshot[] }>('/messages?limit=10000')
  return items.filter(({ kind }) => kind === 'image')
}

/** How often it was asked to send a picture. */
export async function countRequests({ sandbox }: Town): Promise<number> {
  const { requests } = await sandbox.call<{ requests: Record<string, number> }>('/state')
  return requests['POST /v1/whatsapp/messages/image'] ?? 0
}

/** Seldom, because the same core makes the load. */
const LOOK_EVERY_MS = 250

/** Resolves with all pictures once there are so many; `looked` is told how many there are, again and again until then. */
export async function whenSent(
  town: Town,
  count: number,
  withinMs: number,
  looked: (count: number) => void = () => {},
): Promise<SentSnapshot[]> {
  for (const until = Date.now() + withinMs; Date.now() < until; await sleep(LOOK_EVERY_MS)) {
    const requests = await countRequests(town)
    looked(requests)
    const sent = requests >= count ? await imagesAt(town) : []
    if (sent.length >= count) return sent
  }
  throw new Error(`Karibu did not get ${count} pictures within ${withinMs} ms`)
}

/** Starts the service for customers who have written lately, as it learns that by itself: from Karibu's list. */
export async function openWindows({ service, sandbox }: Town, customers: number): Promise<void> {
  for (let index = 0; index < customers; index++) {
    await sandbox.call('/inbound', { from: regularPhone(index), text: 'Habari' })
  }
  await service.startService()
  for (let index = 0; index < customers; index++) {
    const path = `/v1/conversations/${regularPhone(index)}`
    await eventually('the window is known', async () => {
      const known = await service.api<{ items: { window: { open: boolean } }[] }>(path)
      return known?.items.some(({ window }) => window.open) || undefined
    })
  }
}
