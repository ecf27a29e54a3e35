import { AppError } from '../../errors.ts'
import type { Chosen } from '../replay.ts'
import type { Cli } from './cli.ts'
import { configWithoutSecrets } from './open.ts'
import { askerOf, withBar } from './terminal.ts'

export interface ReplayFlags {
  config?: string
  event?: string[]
  shop?: string
  type?: string
  order?: string
  outcome?: string
  since?: string
  until?: string
  dryRun?: boolean
  yes?: boolean
  json?: boolean
}

/** Counts first, asks, and only then opens the database for writing. */
export async function replay(flags: ReplayFlags, cli: Cli): Promise<void> {
  const { print, clock, ids } = cli
  const { event: events = [], shop: source, type, order, outcome, since, until, dryRun = false, json = false } = flags
  const config = await configWithoutSecrets(flags.config, cli)
  const { databaseFile, openReadStore, openStore } = await import('../../store/store.ts')
  const { chooseEvents, replayAll, tellChosen, tellReplayed } = await import('../replay.ts')
  const file = databaseFile(config.dataDir)
  const reader = openReadStore(file)
  const filter = { source, type, order, outcome, since, until }
  const chosen = await chooseEvents({ events, filter, now: clock.now() }, reader).finally(() => reader.close())
  if (dryRun || chosen.ids.length === 0) return print(json ? asJson(chosen) : tellChosen(chosen))
  if (!json) print(tellChosen(chosen))
  if (!(flags.yes ?? false)) await agreed(cli)
  const { replayByHand } = await import('../../replay/by-hand.ts')
  const { localeFor } = await import('../../receipts/draw.ts')
  const { platformNamed } = await import('../../shops/registry.ts')
  const store = openStore(file, ids)
  try {
    const { replay: one } = await replayByHand({ config, platformNamed, store, localeOf: localeFor, clock, ids })
    const replayed = await withBar(cli, 'event', (progress) => replayAll(chosen.ids, one, progress))
    print(json ? JSON.stringify({ items: replayed, bodies_gone: chosen.bodiesGone }, null, 2) : tellReplayed(replayed))
  } finally {
    await store.close()
  }
}

function asJson({ ids, bodiesGone, leftOut, counts }: Chosen): string {
  const facts = { events: ids.length, bodies_gone: bodiesGone, left_out: leftOut, counts, ids }
  return JSON.stringify(facts, null, 2)
}

async function agreed(cli: Cli): Promise<void> {
  const ask = askerOf(cli)
  if (!ask) throw new AppError('replay.unconfirmed', 'nobody can be asked here: add --yes to replay them')
  if (!(await ask('Replay them?'))) throw new AppError('replay.unconfirmed', 'nothing was replayed')
}
