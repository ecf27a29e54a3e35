import { MESSAGE_FILTERS } from '../../query/filters.ts'
import type { Register } from './cli.ts'
import { withReadStore } from './open.ts'

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
    .description('what became of the receipts, newest first')
    .option('--config <file>', 'the configuration')
    .option('--limit <n>', '1 to 200')
    .option('--cursor <cursor>', 'the next page')
    .option('--json', 'as JSON')
  for (const name of MESSAGE_FILTERS)
    messages.option(`--${name.replace('_', '-')} <${VALUES[name] ?? 'value'}>`, MEANINGS[name])
  messages.action(async (options: Record<string, string | undefined> & { json?: boolean }) => {
    const filter = Object.fromEntries(MESSAGE_FILTERS.map((name) => [name, options[camel(name)]]))
    const { limit, cursor, json = false } = options
    await withReadStore(options.config, cli, async (store, { publicUrl, timezone, shops }) => {
      const { runMessages } = await import('../messages.ts')
      return runMessages(
        {
          filter,
          limit,
          cursor,
          json,
          publicUrl,
          timezone,
          shops: Object.values(shops),
          now: cli.clock.now(),
        },
        store,
      )
    })
  })
}

function camel(name: string): string {
  return name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
}
