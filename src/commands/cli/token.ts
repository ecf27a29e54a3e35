import { Option } from 'commander'
import type { Scope } from '../../config/types.ts'
import { examples } from './arguments.ts'
import type { Register } from './cli.ts'
import { withStore } from './open.ts'

export const addTokenCommands: Register = (program, cli) => {
  const token = program.command('token').description('API tokens')
  token
    .command('create')
    .description('make an API token; it is shown once')
    .requiredOption('--name <name>', 'who it is for')
    .addOption(new Option('--scope <scopes...>', 'what it may do').choices(['read', 'send', 'admin']).default(['read']))
    .option('--config <file>', 'the configuration')
    .option('--json', 'as JSON')
    .addHelpText('after', examples('risiti token create --name counter --scope read send'))
    .action((options: { name: string; scope: Scope[]; config?: string; json?: boolean }) => {
      const { name, scope: scopes, json = false } = options
      return withStore(options.config, cli, async (store) => {
        const { runTokenCreate } = await import('../token.ts')
        return runTokenCreate({ name, scopes, json }, { store, clock: cli.clock, ids: cli.ids })
      })
    })
  token
    .command('list')
    .description('the tokens made so far')
    .option('--config <file>', 'the configuration')
    .option('--json', 'as JSON')
    .addHelpText('after', examples('risiti token list'))
    .action((options: { config?: string; json?: boolean }) =>
      withStore(options.config, cli, async (store, config) => {
        const { runTokenList } = await import('../token.ts')
        const { zoneOf } = await import('../times.ts')
        const { json = false } = options
        const { columns, paint, clock } = cli
        return runTokenList({ json, timezone: zoneOf(config), columns, paint, now: clock.now() }, store)
      }),
    )
  token
    .command('revoke')
    .description('end a token at once')
    .argument('<id or name>', 'as token list shows it')
    .option('--config <file>', 'the configuration')
    .option('--json', 'as JSON')
    .addHelpText('after', examples('risiti token revoke counter'))
    .action((idOrName: string, options: { config?: string; json?: boolean }) =>
      withStore(options.config, cli, async (store) => {
        const { runTokenRevoke } = await import('../token.ts')
        return runTokenRevoke(idOrName, store, options.json)
      }),
    )
}
