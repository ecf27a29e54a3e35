import { type Clock, nextTurn, SECOND } from '../clock.ts'
import { readRules } from '../config/rules-text.ts'
import type { Config } from '../config/types.ts'
import { AppError } from '../errors.ts'
import { parseSpan } from '../query/times.ts'
import { presentRehearsal } from '../rehearsal/present.ts'
import { type RehearsalDeps, rehearse } from '../rehearsal/rehearse.ts'
import type { KeptStore } from '../store/kept.ts'
import type { RehearsalRequest } from './schemas/rehearsals.ts'

export type Rehearse = (request: RehearsalRequest) => Promise<ReturnType<typeof presentRehearsal>>

export interface RehearseDeps extends Pick<RehearsalDeps, 'platformNamed' | 'localeOf'> {
  config: Config
  store: KeptStore
  clock: Clock
}

/** Beside the service and in its process: so many events, and for so long. */
export const MOST_EVENTS = 10_000
const MOST_MS = 20 * SECOND

/** One at a time: two would halve what is left for shops and customers. */
export function createRehearse({ config, ...deps }: RehearseDeps): Rehearse {
  let busy = false
  return async ({ since, until, shop, rules, limit }) => {
    if (shop !== undefined && !Object.hasOwn(config.shops, shop))
      throw new AppError('body.invalid', 'shop is not the id of a configured shop', { details: { field: 'shop' } })
    const span = parseSpan({ since, until }, deps.clock.now())
    const asked = rules === undefined ? config.rules : readRules(rules, config)
    if (busy) throw new AppError('rehearsal.busy', 'another rehearsal is under way: try again when it is done')
    busy = true
    try {
      const scope = { ...span, shop, rule: undefined, maxEvents: MOST_EVENTS, maxMs: MOST_MS }
      const rehearsal = await rehearse(scope, { ...deps, config: { ...config, rules: asked }, breathe: nextTurn })
      return presentRehearsal(
        rehearsal,
        asked.map(({ name }) => name),
        limit,
      )
    } finally {
      busy = false
    }
  }
}
