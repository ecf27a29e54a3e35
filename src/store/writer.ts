import { setTimeout as delay } from 'node:timers/promises'
import type Database from 'better-sqlite3'
import { messageOf } from '../errors.ts'
import type { Db } from './db.ts'

export interface Writer {
  /**
   * Runs one business step in a transaction and resolves after its commit is on disk. Steps that wait at the same
   * time share one commit; one that throws is rolled back alone. `step` may await nothing but the database.
   */
  run<T>(step: (db: Db) => Promise<T>): Promise<T>
  /** `listener` is called after each commit, when its callers have been told. */
  onCommit(listener: () => void): void
  /** Resolves when every step handed in so far is done. */
  drained(): Promise<void>
}

/** A group never holds the event loop for long: more waiting steps than this go into the next one. */
const GROUP_LIMIT = 128
const BUSY_RETRY_MS = 20
/** Shops give up after about so long. */
const BUSY_AT_MOST_MS = 20_000

interface Job {
  /** Runs the step and gives what tells its caller the result, once that is on disk. */
  run(db: Db): Promise<() => void>
  reject(error: unknown): void
}

function createJob<T>(
  step: (db: Db) => Promise<T>,
  resolve: (value: T) => void,
  reject: (error: unknown) => void,
): Job {
  return {
    reject,
    async run(db) {
      const value = await step(db)
      return () => resolve(value)
    },
  }
}

export function createWriter(sqlite: Database.Database, db: Db): Writer {
  const begin = sqlite.prepare('BEGIN IMMEDIATE')
  const commit = sqlite.prepare('COMMIT')
  const rollback = sqlite.prepare('ROLLBACK')
  const savepoint = sqlite.prepare('SAVEPOINT step')
  const release = sqlite.prepare('RELEASE step')
  const undo = sqlite.prepare('ROLLBACK TO step')
  let queue: Job[] = []
  let running = false
  let waiting: (() => void)[] = []
  const listeners: (() => void)[] = []

  /** Another process may hold the file for a moment (`risiti token create`): waiting must not stop the event loop. */
  async function beginWhenFree(): Promise<void> {
    for (let waited = 0; ; waited += BUSY_RETRY_MS) {
      try {
        begin.run()
        return
      } catch (error) {
        const busy = error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY')
        if (!busy || waited >= BUSY_AT_MOST_MS) throw error
        await delay(BUSY_RETRY_MS)
      }
    }
  }

  function undoAll(): void {
    try {
      if (sqlite.inTransaction) rollback.run()
    } catch {
      // SQLite has rolled back by itself; the steps are told of the first error.
    }
  }

  async function runGroup(group: Job[]): Promise<void> {
    const settled: (() => void)[] = []
    try {
      await beginWhenFree()
      for (const job of group) {
        savepoint.run()
        try {
          const tell = await job.run(db)
          release.run()
          settled.push(tell)
        } catch (error) {
          // A full disk or an I/O error ends the whole transaction, not only this step.
          if (!sqlite.inTransaction) throw error
          undo.run()
          release.run()
          settled.push(() => job.reject(error))
        }
      }
      commit.run()
    } catch (error) {
      undoAll()
      const failure = new Error(`the database did not take the change: ${messageOf(error)}`, { cause: error })
      for (const job of group) job.reject(failure)
      return
    }
    for (const settle of settled) settle()
    for (const listener of listeners) listener()
  }

  // setImmediate lets every request that is already waiting join this commit; a timed window would only add delay.
  function schedule(): void {
    setImmediate(() => {
      const group = queue.slice(0, GROUP_LIMIT)
      queue = queue.slice(GROUP_LIMIT)
      void runGroup(group).finally(() => {
        if (queue.length > 0) return schedule()
        running = false
        for (const resolve of waiting.splice(0)) resolve()
      })
    })
  }

  return {
    run<T>(step: (db: Db) => Promise<T>): Promise<T> {
      return new Promise<T>((resolve, reject) => {
        queue.push(createJob(step, resolve, reject))
        if (running) return
        running = true
        schedule()
      })
    },
    onCommit: (listener) => void listeners.push(listener),
    drained: () => (running ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve()),
  }
}
