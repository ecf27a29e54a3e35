import type { Log } from '../log.ts'
import type { ErasureRow } from '../store/records.ts'
import { type Bite, type Erased, type EraserDeps, eraseAll } from './erase.ts'

/** After so many bites others have their turn. */
const BITES = 20

/** Works off what was asked to be erased, also by another process or before a restart; true when more is left at once. */
export function createErasing(deps: EraserDeps & { log: Log }): () => Promise<boolean> {
  const { store, log } = deps
  /** Those with a message on its way: looked at again in the next round. */
  const waiting = new Set<string>()
  let current: { erasure: ErasureRow; bites: AsyncGenerator<Bite, Erased> } | undefined
  // A crash may have left the log as it was.
  let logHolds = true

  async function begin() {
    const erasure = (await store.openErasures()).find(({ id }) => !waiting.has(id))
    if (!erasure) waiting.clear()
    return erasure && { erasure, bites: eraseAll(erasure, deps) }
  }

  async function ended({ id }: ErasureRow, result: Erased): Promise<void> {
    logHolds = true
    if (result === 'waits') waiting.add(id)
    const done = await store.findErasure(id)
    const { orders, messages, images, events, conversations } = done ?? {}
    log.info({ erasureId: id, result, orders, messages, images, events, conversations }, 'privacy.erased')
  }

  async function bite(work: NonNullable<typeof current>): Promise<void> {
    // Whatever goes wrong, the next turn begins it anew.
    current = undefined
    const { done, value } = await work.bites.next()
    if (done) await ended(work.erasure, value)
    else current = work
  }

  return async function erase() {
    for (let left = BITES; left > 0; left--) {
      current ??= await begin()
      if (!current) break
      await bite(current)
    }
    if (logHolds && !current) logHolds = !store.emptyLog()
    return current !== undefined
  }
}
