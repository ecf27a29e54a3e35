import { type Command, Option } from 'commander'
import type { Config } from '../../config/types.ts'
import { AppError } from '../../errors.ts'
import { MESSAGE_FILTERS, type RawFilter } from '../../query/filters.ts'
import type { PresentOptions } from '../../query/present.ts'
import type { MessageAct } from '../message.ts'
import { examples } from './arguments.ts'
import type { Cli, Register } from './cli.ts'
import { withReadStore, withStore } from './open.ts'

const MEANINGS: Record<(typeof MESSAGE_FILTERS)[number], string> = {
  status: 'only of this status; several by commas',
  shop: 'only of this shop',
  order: 'only of this order, by its id or number',
  to: 'only to this phone: +255712345678, or 0712345678 as the shop’s country dials it',
  rule: 'only of this rule',
  error_code: 'only of this error, e.g. whatsapp.131047',
  since: 'only made since a time, or how long ago: 30m, 2h, 7d',
  until: 'only made before a time, or how long ago',
  q: 'part of an order number, phone or name',
}
const VALUES: Partial<Record<(typeof MESSAGE_FILTERS)[number], string>> = {
  to: 'phone',
  since: 'time',
  until: 'time',
  q: 'text',
}

export const addMessageCommands: Register = (program, cli) => {
  const messages = program
    .command('messages')
    .description('what became of the receipts, newest first; one message: show, retry, cancel, settle')
    .option('--config <file>', 'the configuration')
    .option('--limit <n>', '1 to 200')
    .option('--cursor <cursor>', 'the next page')
    .option('--json', 'as JSON')
  addMessageFilters(messages)
  messages.addHelpText(
    'after',
    examples(
      'risiti messages --to 0712345678 --since 7d',
      'risiti messages --status held,failed --json',
      'risiti messages show msg_01kagvvz5h8c6m2t4x9y1rdq3e',
    ),
  )
  addOneMessage(messages, cli)
  messages.action(async (options: Record<string, string | undefined> & { json?: boolean }) => {
    const filter = messageFilterOf(options)
    const { limit, cursor, json = false } = options
    await withReadStore(options.config, cli, async (store, config) => {
      const { publicUrl, shops } = config
      const { zoneOf } = await import('../times.ts')
      const { runMessages } = await import('../messages.ts')
      return runMessages(
        {
          filter,
          limit,
          cursor,
          json,
          publicUrl,
          timezone: zoneOf(config),
          columns: cli.columns,
          paint: cli.paint,
          shops: Object.values(shops),
          now: cli.clock.now(),
        },
        store,
      )
    })
  })
}

interface OneFlags {
  config?: string
  json?: boolean
  acceptDuplicate?: boolean
  arrived?: boolean
  notArrived?: boolean
}

/** `messages show`, `retry`, `cancel` and `settle`. */
function addOneMessage(messages: Command, cli: Cli): void {
  const one = (name: string, description: string, flags = '') =>
    messages
      .command(name)
      .description(description)
      .argument('<id>', 'our id, or Karibu’s')
      .addHelpText('after', examples(`risiti messages ${name} msg_01kagvvz5h8c6m2t4x9y1rdq3e${flags}`))
      .option('--config <file>', 'the configuration')
      .option('--json', 'as JSON')

  one('show', 'one message with all that is known of it').action(
    (id: string, { config: flag, json = false }: OneFlags) =>
      withReadStore(flag, cli, async (store, config) => {
        const { runMessage } = await import('../message.ts')
        const { zoneOf } = await import('../times.ts')
        return runMessage(
          { id, json, options: optionsOf(config, cli), timezone: zoneOf(config), paint: cli.paint },
          store,
        )
      }),
  )
  one('retry', 'send again what failed, expired, was skipped or cancelled')
    .option('--accept-duplicate', 'an uncertain one too, though it may be on the phone')
    .action((id: string, flags: OneFlags) =>
      act(id, flags, { kind: 'retry', acceptDuplicate: flags.acceptDuplicate ?? false }, cli),
    )
  one('cancel', 'never send what is held or queued').action((id: string, flags: OneFlags) =>
    act(id, flags, { kind: 'cancel' }, cli),
  )
  one('settle', 'say whether an uncertain message arrived, once the customer was asked', ' --arrived')
    .option('--arrived', 'it did: it counts as delivered')
    .option('--not-arrived', 'it did not: it is sent again')
    .action((id: string, flags: OneFlags) => {
      const { arrived = false, notArrived = false } = flags
      if (arrived === notArrived) throw new AppError('settle.unsaid', 'say either --arrived or --not-arrived')
      return act(id, flags, { kind: 'settle', arrived }, cli)
    })
}

function act(id: string, { config: flag, json = false }: OneFlags, wanted: MessageAct, cli: Cli): Promise<void> {
  return withStore(flag, cli, async (store, config) => {
    const { createActions } = await import('../../api/actions.ts')
    const { runMessageAct } = await import('../message.ts')
    // A running service looks for itself.
    const actions = createActions({ config, store, clock: cli.clock, ids: cli.ids, wakeOutbox() {} })
    return runMessageAct({ id, json, options: optionsOf(config, cli), act: wanted }, actions)
  })
}

function optionsOf({ publicUrl, window: { marginMs } }: Config, { clock }: Cli): PresentOptions {
  return { publicUrl, marginMs, now: clock.now() }
}

export function addMessageFilters(command: Command): void {
  for (const name of MESSAGE_FILTERS) {
    const option = new Option(`--${name.replace('_', '-')} <${VALUES[name] ?? 'value'}>`, MEANINGS[name])
    command.addOption(option)
  }
}

export function messageFilterOf(options: Record<string, string | undefined>): RawFilter {
  return Object.fromEntries(MESSAGE_FILTERS.map((name) => [name, options[camel(name)]]))
}

function camel(name: string): string {
  return name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
}
