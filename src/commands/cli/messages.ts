import { MESSAGE_FILTERS } from '../../query/filters.ts'
import type { Register } from './cli.ts'
import { withReadStore } from './open.ts'

export const addMessageCommands: Register = (program, cli) => {
  const messages = program
    .command('messages')
    .description('what became of the receipts, newest first')
    .option('--config <file>', 'the configuration')
    .option('--limit <n>', '1 to 200')
    .option('--cursor <cursor>', 'the next page')
    .option('--json', 'as JSON')
  for (const name of MESSAGE_FILTERS)
    messages.option(`--${name.replace('_', '-')} <value>`, `only of this ${name.replace('_', ' ')}`)
  messages.action(async (options: Record<string, string | undefined> & { json?: boolean }) => {
    const filter = Object.fromEntries(MESSAGE_FILTERS.map((name) => [name, options[camel(name)]]))
    const { limit, cursor, json = false } = options
    await withReadStore(options.config, cli, async (store, { publicUrl, timezone }) => {
      const { runMessages } = await import('../messages.ts')
      return runMessages({ filter, limit, cursor, json, publicUrl, timezone }, store)
    })
  })
}

function camel(name: string): string {
  return name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
}
