import type { Command } from 'commander'
import { createBackfillApis, createPages } from '../backfill/pages.ts'
import type { Clock } from '../clock.ts'
import { type ConfigSource, loadConfig } from '../config/load.ts'
import type { Ids } from '../ids.ts'
import { createIntake } from '../intake/intake.ts'
import { silentLog } from '../log.ts'
import { localeFor } from '../receipts/draw.ts'
import { compileRules } from '../rules/match.ts'
import { platformNamed } from '../shops/registry.ts'
import { databaseFile, openStore } from '../store/store.ts'
import { runBackfill } from './backfill.ts'

export interface BackfillPorts {
  clock: Clock
  ids: Ids
  print(text: string): void
  configSource(flag: string | undefined): Promise<ConfigSource>
  stopSignal(): AbortSignal
  stderr: NodeJS.WriteStream
}

interface Flags {
  since: string
  until?: string
  dryRun?: boolean
  config?: string
  json?: boolean
}

/** `backfill`: by hand what the service does by itself where `shops.<id>.backfill` is set. */
export function addBackfillCommand(program: Command, ports: BackfillPorts): void {
  program
    .command('backfill')
    .description('read in the shop what its webhooks did not tell; beside a running service too')
    .argument('<shop>', 'its name in risiti.yaml')
    .requiredOption('--since <time>', 'orders changed since a time, or how long ago: 7d')
    .option('--until <time>', 'and before then (default: to the end)')
    .option('--dry-run', 'only say what would come of it')
    .option('--config <file>', 'the configuration')
    .option('--json', 'as JSON')
    .action((shop: string, flags: Flags) => backfill(shop, flags, ports))
}

async function backfill(shop: string, flags: Flags, ports: BackfillPorts): Promise<void> {
  const { clock, ids, print, stderr } = ports
  const { since, until, dryRun = false, json = false } = flags
  const { config, secrets } = loadConfig({ ...(await ports.configSource(flags.config)), secretsOptional: true })
  const apis = createBackfillApis(clock.now)
  const store = openStore(databaseFile(config.dataDir), ids)
  try {
    const gaps = await store.listGaps()
    const intake = createIntake({
      config,
      secrets: {},
      platformNamed,
      rules: compileRules(config.rules),
      store,
      localeOf: localeFor,
      clock,
      ids,
      log: silentLog,
      gaps: () => gaps,
      // A running service looks for itself.
      wakeOutbox() {},
      wakeConfirmations() {},
      wakeHousekeeping() {},
    })
    const pages = createPages(shop, { config, secrets: secrets.shops, platformNamed, apis, take: intake.fromBackfill })
    const show = stderr.isTTY ? (line: string) => void stderr.write(`\r\u001b[K${line}`) : undefined
    const done = runBackfill(
      { shop, since, until, dryRun, json },
      { pages, store, clock, signal: ports.stopSignal(), show },
    )
    // The bar's line is done with, however it ended.
    print(await done.finally(() => show && stderr.write('\r\u001b[K')))
  } finally {
    await apis.close()
    await store.close()
  }
}
