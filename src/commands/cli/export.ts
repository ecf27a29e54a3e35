import { Option } from 'commander'
import type { ExportFormat } from '../../query/export.ts'
import { addCommonOptions, examples } from './arguments.ts'
import type { Register } from './cli.ts'
import { addMessageFilters, messageFilterOf } from './messages.ts'
import { withReadStore } from './open.ts'
import { withLine } from './terminal.ts'

type Flags = Record<string, string | undefined> & { format?: ExportFormat; json?: boolean; into?: string }

export const addExportCommand: Register = (program, cli) => {
  const command = addCommonOptions(program.command('export'))
    .description('every message the filters name, newest first, as CSV or as NDJSON (a JSON object a line)')
    .addOption(new Option('--format <format>', 'the form').choices(['csv', 'ndjson']).default('csv'))
    .option('--into <file>', 'write it there (default: standard output)')
    .addHelpText(
      'after',
      examples(
        'risiti export --since 30d --into november.csv',
        'risiti export --status failed --json | jq .error_code',
      ),
    )
  addMessageFilters(command)
  command.action(async (flags: Flags) => {
    await withReadStore(flags.config, cli, async (store, { publicUrl, shops }) => {
      const { runExport } = await import('../export.ts')
      const { clock, write } = cli
      const format = flags.json ? 'ndjson' : (flags.format ?? 'csv')
      const input = { filter: messageFilterOf(flags), format, to: flags.into, publicUrl, shops: Object.values(shops) }
      // A bar among the lines of the file itself would be in the way.
      if (cli.isTerminal && flags.into === undefined) return runExport(input, { store, clock, write, show: undefined })
      return withLine(cli, (show) => runExport(input, { store, clock, write, show }))
    })
  })
}
