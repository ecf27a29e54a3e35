import { statfs } from 'node:fs/promises'
import type { MiddlewareHandler } from 'hono'
import { type Clock, SECOND } from '../clock.ts'
import { AppError } from '../errors.ts'

export interface Disk {
  /** Whether there is room to take anything in, as the disk last told: a request never waits for it. */
  hasRoom(): boolean
  /** Asks anew where the last answer is old. Undefined when it cannot be told. */
  freeBytes(): Promise<number | undefined>
}

/** A burst of webhooks asks the disk once. */
const BELIEVED_MS = SECOND
/** Shops repeat a refused delivery for hours or days; this is soon enough. */
export const RETRY_AFTER_SECONDS = 60

export function createDisk(read: () => Promise<number>, minFreeBytes: number, clock: Pick<Clock, 'now'>): Disk {
  let askedAt = Number.NEGATIVE_INFINITY
  let asked: Promise<number | undefined> = Promise.resolve(undefined)
  let told: number | undefined
  function freeBytes(): Promise<number | undefined> {
    if (Math.abs(clock.now() - askedAt) >= BELIEVED_MS) {
      askedAt = clock.now()
      asked = read().then(
        (bytes) => {
          told = bytes
          return bytes
        },
        () => undefined,
      )
    }
    return asked
  }
  return {
    freeBytes,
    hasRoom() {
      void freeBytes()
      // A disk that does not tell is no reason to refuse orders: SQLite will say when it is full.
      return (told ?? Number.POSITIVE_INFINITY) >= minFreeBytes
    },
  }
}

/** What this process may still write on the disk of `folder`. */
export function freeBytesOf(folder: string): () => Promise<number> {
  return async () => {
    const { bavail, bsize } = await statfs(folder)
    return bavail * bsize
  }
}

/** Refuses what would have to be kept, before the disk is so full that SQLite itself fails. */
export function requireRoom(disk: Disk): MiddlewareHandler {
  return async (c, next) => {
    if (c.req.method === 'POST' && !disk.hasRoom())
      throw new AppError('disk.full', 'the disk is almost full: nothing is taken in until there is room again')
    await next()
  }
}
