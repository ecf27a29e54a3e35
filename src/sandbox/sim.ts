import { messageOf } from '../errors.ts'
import type { ResolvedOptions } from './options.ts'
import { hexOf, uuidOf } from './random.ts'
import { createState, type State } from './state.ts'
import type { Switches } from './switches.ts'

/** What all parts of the sandbox share. */
export interface Sim
  extends Pick<
    ResolvedOptions,
    'clock' | 'activity' | 'log' | 'random' | 'apiKey' | 'appId' | 'statusDelays' | 'watch'
  > {
  state: State
  switches: Switches
  /** Aborts when the sandbox stops. */
  stopped: AbortSignal
  newUuid: () => string
  newHex: () => string
  newWamid: () => string
  /** Starts `work` now and counts it as under way until it ends. */
  run(work: () => void | Promise<void>): void
  /** Waits by the clock (not counted as under way), then runs `work` unless the sandbox has stopped. */
  later(ms: number, work: () => void | Promise<void>): void
}

export function createSim(options: ResolvedOptions, stopped: AbortSignal): Sim {
  const { clock, ids, activity, log } = options
  const fail = (error: unknown) => log.error({ error: messageOf(error) }, 'sandbox.work_failed')
  const run = (work: () => void | Promise<void>) => {
    const end = activity.begin()
    void (async () => work())().catch(fail).finally(end)
  }
  return {
    clock,
    activity,
    log,
    random: options.random,
    apiKey: options.apiKey,
    appId: options.appId,
    statusDelays: options.statusDelays,
    watch: options.watch,
    state: createState({
      keep: options.keep,
      senders: options.senders,
      templates: options.templates,
      ownWebhook: options.webhook,
    }),
    switches: options.switches,
    stopped,
    newUuid: () => uuidOf(ids.token()),
    newHex: () => hexOf(ids.token()),
    newWamid: () => `wamid.${Buffer.from(hexOf(ids.token()), 'hex').toString('base64')}`,
    run,
    later(ms, work) {
      void clock.sleep(Math.max(0, ms), stopped).then(() => {
        if (!stopped.aborted) run(work)
      })
    },
  }
}
