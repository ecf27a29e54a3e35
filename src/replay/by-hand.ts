import { createIntake } from '../intake/intake.ts'
import type { StepDeps } from '../intake/steps.ts'
import { silentLog } from '../log.ts'
import { compileRules } from '../rules/match.ts'
import type { IntakeStore } from '../store/intake.ts'
import type { RestoredStore } from '../store/restored.ts'
import { createReplay, type Replay, type ReplayDeps } from './replay.ts'

export interface ByHandDeps extends Omit<StepDeps, 'rules' | 'gaps'> {
  store: ReplayDeps['store'] & IntakeStore & RestoredStore
}

/** Replays with a configuration's rules and no secret, beside a running service or without one. */
export async function replayByHand(deps: ByHandDeps): Promise<Replay> {
  const gaps = await deps.store.listGaps()
  const intake = createIntake({
    ...deps,
    secrets: {},
    rules: compileRules(deps.config.rules),
    log: silentLog,
    gaps: () => gaps,
    // A running service looks for itself.
    wakeOutbox() {},
    wakeConfirmations() {},
    wakeHousekeeping() {},
  })
  return createReplay({ ...deps, intake })
}
