import type { Actions } from '../api/actions.ts'
import type { Rehearse } from '../api/rehearse.ts'
import type { Clock } from '../clock.ts'
import type { Config } from '../config/types.ts'
import type { Tokens } from '../http/auth.ts'
import type { Disk } from '../http/disk.ts'
import type { Ids } from '../ids.ts'
import type { Log } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import type { SenderBudget } from '../query/budgets.ts'
import type { MediaFiles } from '../receipts/media-files.ts'
import type { Replay } from '../replay/replay.ts'
import type { SilenceWatch } from '../silence/watch.ts'
import type { Store } from '../store/store.ts'
import type { Inbound } from '../tracking/inbound.ts'

/** All that pages are drawn from and act through: they decide nothing themselves. */
export interface DashboardDeps {
  config: Config
  store: Store
  actions: Actions
  replay: Replay['replay']
  rehearse: Rehearse
  silence: Pick<SilenceWatch, 'shops'>
  inbound: Pick<Inbound, 'refusal'>
  disk: Disk
  budgets: SenderBudget[]
  /** When each loop last had a good pass. */
  beats: ReadonlyMap<string, number>
  metrics: Metrics
  tokens: Tokens
  files: Pick<MediaFiles, 'read'>
  clock: Clock
  ids: Ids
  log: Log
}
