import { examples } from './arguments.ts'
import type { Cli, Register } from './cli.ts'
import { configSource } from './open.ts'
import { withLine } from './terminal.ts'

interface Flags {
  since: string
  until?: string
  dryRun?: boolean
  config?: string
  json?: boolean
}

/** `backfill`: by hand what the service does by itself where `shops.<id>.backfill` is set. */
export const addBackfillCommand: Register = (program, cli) => {
  program
    .command('backfill')
    .description('read in the shop what its webhooks did not tell; beside a running service too')
    .argument('<shop>', 'its name in risiti.yaml')
    .requiredOption('--since <time>', 'orders changed since a time, or how long ago: 7d')
    .option('--until <time>', 'and before then (default: to the end)')
    .option('--dry-run', 'only say what would come of it')
    .option('--config <file>', 'the configuration')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      examples('risiti backfill duka --since 7d --dry-run', 'risiti backfill duka --since 2026-11-01'),
    )
    .action((shop: string, flags: Flags) => backfill(shop, flags, cli))
}

async function backfill(shop: string, flags: Flags, cli: Cli): Promise<void> {
  const { clock, ids, print } = cli
  const { since, until, dryRun = false, json = false } = flags
  const { loadConfig } = await import('../../config/load.ts')
  const { config, secrets } = loadConfig({ ...(await configSource(flags.config, cli)), secretsOptional: true })
  const { createBackfillApis, createPages } = await import('../../backfill/pages.ts')
  const { createOrderReads } = await import('../../intake/order-reads.ts')
  const { localeFor } = await import('../../receipts/draw.ts')
  const { compileRules } = await import('../../rules/match.ts')
  const { platformNamed } = await import('../../shops/registry.ts')
  const { databaseFile, openStore } = await import('../../store/store.ts')
  const { runBackfill } = await import('../backfill.ts')
  const apis = createBackfillApis(clock.now)
  const store = openStore(databaseFile(config.dataDir), ids)
  try {
    const gaps = await store.listGaps()
    const rules = compileRules(config.rules)
    const known = { config, platformNamed, rules, localeOf: localeFor, clock, ids, gaps: () => gaps }
    // A running service looks for itself.
    const take = createOrderReads({ ...known, store, taken() {} })
    const pages = createPages(shop, { config, secrets: secrets.shops, platformNamed, apis, take })
    const signal = cli.stopSignal()
    const input = { shop, since, until, dryRun, json }
    print(await withLine(cli, (show) => runBackfill(input, { pages, store, clock, signal, show })))
  } finally {
    await apis.close()
    await store.close()
  }
}
