import type { Activity } from './activity.ts'
import type { Clock } from './clock.ts'
import { forLog } from './errors.ts'
import type { Log } from './log.ts'

/** A background duty that runs a pass, sleeps as long as the pass says, and can be woken early. */
export interface Loop {
  start(): void
  /** Runs a pass as soon as the one under way is done; nothing before start or after stop. */
  wake(): void
  /** Resolves when the pass under way is done and none follows. */
  stop(): Promise<void>
}

/** Named, so that no error is made up for each call. */
const WOKEN = 'woken'

export interface LoopOptions {
  name: string
  clock: Clock
  activity: Activity
  log: Log
  /** How long a failed pass waits before the next. */
  retryMs: number
  /** Told after each good pass. */
  passed?(name: string): void
  /** One pass; gives the milliseconds until the next. */
  pass(): Promise<number>
}

export function createLoop({ name, clock, activity, log, retryMs, passed, pass }: LoopOptions): Loop {
  const stopping = new AbortController()
  let woken = false
  let sleeping = new AbortController()
  let running: Promise<void> | undefined

  async function onePass(): Promise<number> {
    try {
      const delay = await activity.track(pass())
      passed?.(name)
      return delay
    } catch (error) {
      // A bad pass must not end the duty; what it was about is still in the database.
      log.error({ loop: name, ...forLog(error) }, 'loop.pass_failed')
      return retryMs
    }
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      woken = false
      const delay = await onePass()
      if (woken || stopping.signal.aborted) continue
      sleeping = new AbortController()
      await clock.sleep(delay, sleeping.signal)
    }
  }

  return {
    start() {
      running ??= run()
    },
    wake() {
      woken = true
      sleeping.abort(WOKEN)
    },
    async stop() {
      stopping.abort()
      sleeping.abort()
      await running
    },
  }
}
