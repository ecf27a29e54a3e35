import { createInterface } from 'node:readline/promises'
import type { Command } from 'commander'
import { type Clock, nextTurn } from '../clock.ts'
import { type ConfigSource, loadConfig } from '../config/load.ts'
import { AppError } from '../errors.ts'
import type { Ids } from '../ids.ts'
import { EVENT_FILTERS } from '../query/filters.ts'
import { createReceiptDrawer, localeFor } from '../receipts/draw.ts'
import { replayByHand } from '../replay/by-hand.ts'
import { platformNamed } from '../shops/registry.ts'
import { databaseFile, openReadStore, openStore } from '../store/store.ts'
import { runEvent, runEvents } from './events.ts'
import { runRehearse } from './rehearse.ts'
import { chooseEvents, replayAll, tellChosen, tellReplayed } from './replay.ts'

export interface EventCommandPorts {
  clock: Clock
  ids: Ids
  print(text: string): void
  configSource(flag: string | undefined): Promise<ConfigSource>
  stdin: NodeJS.ReadStream
  stderr: NodeJS.WriteStream
}

type Flags = Record<string, string | undefined> & { config?: string; json?: boolean }

/** `events`, `rehearse` and `replay`: what is stored, looked at, tried out and taken once more. */
export function addEventCommands(program: Command, ports: EventCommandPorts): void {
  const events = program
    .command('events')
    .description('what came in and what it led to, newest first; with an id, one event with its body')
    .argument('[id]')
    .option('--config <file>', 'the configuration')
    .option('--limit <n>', '1 to 200')
    .option('--cursor <cursor>', 'the next page')
    .option('--json', 'as JSON')
  for (const name of EVENT_FILTERS) events.option(`--${name} <value>`, `only of this ${name}`)
  events.action((id: string | undefined, flags: Flags) => showEvents(id, flags, ports))

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
    .action((flags: Flags) => rehearse(flags, ports))

  program
    .command('replay')
    .description('take events once more with today’s rules; what was made already is not made again')
    .option('--config <file>', 'the configuration')
    .option('--event <id>', 'this event; may be given again', (id: string, sofar: string[] | undefined) => [
      ...(sofar ?? []),
      id,
    ])
    .option('--shop <id>', 'events of this shop')
    .option('--type <type>', 'of this type, e.g. order.paid')
    .option('--order <id or number>', 'of this order')
    .option('--outcome <outcome>', 'handled or ignored')
    .option('--since <time>', 'a time, or how long ago: 2h')
    .option('--until <time>', 'a time, or how long ago')
    .option('--dry-run', 'only count')
    .option('--yes', 'do not ask')
    .option('--json', 'as JSON')
    .action((flags: ReplayFlags) => replay(flags, ports))
}

async function showEvents(id: string | undefined, flags: Flags, { print, configSource }: EventCommandPorts) {
  const { config } = loadConfig({ ...(await configSource(flags.config)), secretsOptional: true })
  const { limit, cursor, json = false } = flags
  const filter = Object.fromEntries(EVENT_FILTERS.map((name) => [name, flags[name]]))
  const store = openReadStore(databaseFile(config.dataDir))
  try {
    const { timezone } = config
    print(
      id === undefined
        ? await runEvents({ filter, limit, cursor, json, timezone }, store)
        : await runEvent(id, { json, timezone }, store),
    )
  } finally {
    store.close()
  }
}

async function rehearse(flags: Flags, { print, configSource, clock, stderr }: EventCommandPorts): Promise<void> {
  const { config } = loadConfig({ ...(await configSource(flags.config)), secretsOptional: true })
  const { since = '', until, shop, rule, images, limit, json = false } = flags
  const store = openReadStore(databaseFile(config.dataDir))
  try {
    const drawer = createReceiptDrawer(config.shops)
    const progress = progressOn(stderr, 'rehearsed')
    print(
      await runRehearse(
        { config, since, until, shop, rule, images, limit, json },
        { store, drawer, platformNamed, localeOf: localeFor, clock, breathe: nextTurn, progress },
      ),
    )
  } finally {
    store.close()
  }
}

interface ReplayFlags {
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

async function replay(flags: ReplayFlags, ports: EventCommandPorts): Promise<void> {
  const { config } = loadConfig({ ...(await ports.configSource(flags.config)), secretsOptional: true })
  const { print, clock, ids, stderr } = ports
  const { event: events = [], shop: source, type, order, outcome, since, until, dryRun = false, json = false } = flags
  const file = databaseFile(config.dataDir)
  const reader = openReadStore(file)
  const filter = { source, type, order, outcome, since, until }
  const chosen = await chooseEvents({ events, filter, now: clock.now() }, reader).finally(() => reader.close())
  if (dryRun || chosen.ids.length === 0) {
    const { ids: found, bodiesGone, leftOut, counts } = chosen
    return print(
      json
        ? JSON.stringify(
            { events: found.length, bodies_gone: bodiesGone, left_out: leftOut, counts, ids: found },
            null,
            2,
          )
        : tellChosen(chosen),
    )
  }
  if (!json) print(tellChosen(chosen))
  if (!(flags.yes ?? false)) await agreed(ports)
  const store = openStore(file, ids)
  try {
    const { replay: one } = await replayByHand({ config, platformNamed, store, localeOf: localeFor, clock, ids })
    const replayed = await replayAll(chosen.ids, one, progressOn(stderr, 'replayed'))
    print(json ? JSON.stringify({ items: replayed, bodies_gone: chosen.bodiesGone }, null, 2) : tellReplayed(replayed))
  } finally {
    await store.close()
  }
}

async function agreed({ stdin, stderr }: EventCommandPorts): Promise<void> {
  if (!stdin.isTTY) throw new AppError('replay.unconfirmed', 'nobody can be asked here: add --yes to replay them')
  const line = createInterface({ input: stdin, output: stderr })
  const answer = await line.question('Replay them? [y/N] ').finally(() => line.close())
  if (!/^(y|yes|ndiyo)$/i.test(answer.trim())) throw new AppError('replay.unconfirmed', 'nothing was replayed')
}

/** One line that is written over; nothing where nobody watches. */
function progressOn(stderr: NodeJS.WriteStream, what: string): ((done: number, total: number) => void) | undefined {
  if (!stderr.isTTY) return undefined
  return (done, total) => stderr.write(`\r${done} of ${total} events ${what}${done === total ? '\n' : ''}`)
}
