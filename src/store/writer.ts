import { setTimeout as delay } from 'node:timers/promises'
import type Database from 'better-sqlite3'
import { messageOf } from '../errors.ts'
import type { Db } from './db.ts'

export interface Writer {
  /**
   * Runs one business step in a transaction and resolves after its commit is on disk. Steps that wait at the same
   * time share one commit; one that throws is rolled back alone. `step` may await nothing but the database. A patient
   * step waits a moment for another's commit to share.
   */
  run<T>(step: (db: Db) => Promise<T>, options?: { patient: boolean }): Promise<T>
  /** `listener` is called after each commit, when its callers have been told. */
  onCommit(listener: () => void): void
  /** Resolves when every step handed in so far is done. */
  drained(): Promise<void>
}

/**
 * A group holds the event loop no longer than this, and what still waits goes into the next one: Node takes in one new
 * connection in each turn of its loop, so long turns would shut out whoever comes anew (WhatsApp, for its pictures).
 */
const GROUP_MS = 8
/** Of steps nobody stands waiting for; so many of them are worth a commit of their own. */
const PATIENCE_MS = 5
const PATIENT_AT_MOST = 16
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
  const queue: Job[] = []
  let running = false
  /** The wait under way for a commit to share. */
  let patience: symbol | undefined
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

  /** The steps that waited, and those that came while it ran, as far as its time goes. */
  async function runGroup(): Promise<void> {
    const settled: (() => void)[] = []
    const group: Job[] = []
    try {
      await beginWhenFree()
      const endsAt = performance.now() + GROUP_MS
      do {
        const job = queue.shift()
        if (!job) break
        group.push(job)
        settled.push(await runStep(job))
      } while (performance.now() < endsAt)
      commit.run()
    } catch (error) {
      undoAll()
      const failure = new Error(`the database did not take the change: ${messageOf(error)}`, { cause: error })
      // Where not even a transaction could begin, all who wait for one are told.
      for (const job of group.length > 0 ? group : queue.splice(0)) job.reject(failure)
      return
    }
    for (const settle of settled) settle()
    for (const listener of listeners) listener()
  }

  /** Gives what tells the step's caller of its result, once that is on disk; a failed step is undone alone. */
  async function runStep(job: Job): Promise<() => void> {
    savepoint.run()
    try {
      const tell = await job.run(db)
      release.run()
      return tell
    } catch (error) {
      // A full disk or an I/O error ends the whole transaction, not only this step.
      if (!sqlite.inTransaction) throw error
      undo.run()
      release.run()
      return () => job.reject(error)
    }
  }

  // setImmediate lets every request that is already waiting join this commit; a timed window would only add delay.
  function schedule(): void {
    running = true
    patience = undefined
    setImmediate(() => {
      void runGroup().finally(() => {
        if (queue.length > 0) return schedule()
        running = false
        for (const resolve of waiting.splice(0)) resolve()
      })
    })
  }

  async function bePatient(): Promise<void> {
    const own = Symbol('patience')
    patience = own
    await delay(PATIENCE_MS)
    if (patience === own) schedule()
  }

  return {
    run<T>(step: (db: Db) => Promise<T>, { patient } = { patient: false }): Promise<T> {
      return new Promise<T>((resolve, reject) => {
        queue.push(createJob(step, resolve, reject))
        if (running) return
        if (!patient || queue.length >= PATIENT_AT_MOST) return schedule()
        if (patience === undefined) void bePatient()
      })
    },
    onCommit: (listener) => void listeners.push(listener),
    drained: () =>
      running || patience !== undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(),
  }
}
