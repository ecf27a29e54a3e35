import { nextTurn } from '../../clock.ts'
import { EVENT_FILTERS } from '../../query/filters.ts'
import { collect, examples } from './arguments.ts'
import type { Cli, Register } from './cli.ts'
import { withReadStore } from './open.ts'
import { type ReplayFlags, replay } from './replay.ts'
import { withBar } from './terminal.ts'

type Flags = Record<string, string | undefined> & { config?: string; json?: boolean }

const MEANINGS: Record<(typeof EVENT_FILTERS)[number], string> = {
  source: 'only from this shop, or from karibu',
  type: 'only of this type, e.g. order.paid',
  order: 'only of this order, by its id or number',
  outcome: 'only what was handled or ignored',
  since: 'only received since a time, or how long ago: 30m, 2h, 7d',
  until: 'only received before a time, or how long ago',
}

/** `events`, `rehearse` and `replay`: what is stored, looked at, tried out and taken once more. */
export const addEventCommands: Register = (program, cli) => {
  const events = program
    .command('events')
    .description('what came in and what it led to, newest first; with an id, one event with its body')
    .argument('[id]', 'an event’s id')
    .option('--config <file>', 'the configuration')
    .option('--limit <n>', '1 to 200')
    .option('--cursor <cursor>', 'the next page')
    .option('--json', 'as JSON')
  for (const name of EVENT_FILTERS) events.option(`--${name} <value>`, MEANINGS[name])
  events.addHelpText(
    'after',
    examples('risiti events --outcome ignored --since 7d', 'risiti events evt_01kagvvz4w0n7b5j8s3kqh2p6d'),
  )
  events.action((id: string | undefined, flags: Flags) => showEvents(id, flags, cli))

  program
    .command('rehearse')
    .description('what these rules would have made of what came in, beside what was sent; sends and stores nothing')
    .option('--config <file>', 'the configuration to try')
    .requiredOption('--since <time>', 'a time, or how long ago: 7d')
    .option('--until <time>', 'default: now')
    .option('--shop <id>', 'only this shop’s events')
    .option('--rule <name>', 'only messages of this rule')
    .option('--images <folder>', 'write the receipts there')
    .option('--limit <n>', 'how many messages are listed (200)')
    .option('--json', 'as JSON')
    .addHelpText('after', examples('risiti rehearse --config new.yaml --since 7d --images ./pictures'))
    .action((flags: Flags) => rehearse(flags, cli))

  program
    .command('replay')
    .description('take events once more with today’s rules; what was made already is not made again')
    .option('--config <file>', 'the configuration')
    .option('--event <id>', 'this event; may be given again', collect)
    .option('--shop <id>', 'events of this shop')
    .option('--type <type>', 'of this type, e.g. order.paid')
    .option('--order <id or number>', 'of this order')
    .option('--outcome <outcome>', 'handled or ignored')
    .option('--since <time>', 'a time, or how long ago: 2h')
    .option('--until <time>', 'a time, or how long ago')
    .option('--dry-run', 'only count')
    .option('--yes', 'do not ask')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      examples(
        'risiti replay --shop duka --since 2h --dry-run',
        'risiti replay --event evt_01kagvvz4w0n7b5j8s3kqh2p6d --yes',
      ),
    )
    .action((flags: ReplayFlags) => replay(flags, cli))
}

function showEvents(id: string | undefined, flags: Flags, cli: Cli): Promise<void> {
  const { limit, cursor, json = false } = flags
  const filter = Object.fromEntries(EVENT_FILTERS.map((name) => [name, flags[name]]))
  return withReadStore(flags.config, cli, async (store, config) => {
    const { runEvent, runEvents } = await import('../events.ts')
    const { zoneOf } = await import('../times.ts')
    const timezone = zoneOf(config)
    const { columns, paint } = cli
    return id === undefined
      ? runEvents({ filter, limit, cursor, json, timezone, now: cli.clock.now(), columns, paint }, store)
      : runEvent(id, { json, timezone, paint }, store)
  })
}

function rehearse(flags: Flags, cli: Cli): Promise<void> {
  const { since = '', until, shop, rule, images, limit, json = false } = flags
  return withReadStore(flags.config, cli, async (store, config) => {
    const { createReceiptDrawer, localeFor } = await import('../../receipts/draw.ts')
    const { platformNamed } = await import('../../shops/registry.ts')
    const { runRehearse } = await import('../rehearse.ts')
    const drawer = createReceiptDrawer(config.shops)
    const { clock, columns, paint } = cli
    const input = { config, since, until, shop, rule, images, limit, json, columns, paint }
    const ports = { store, drawer, platformNamed, localeOf: localeFor, clock, breathe: nextTurn }
    return withBar(cli, 'event', (progress) => runRehearse(input, { ...ports, progress }))
  })
}
