import { examples } from './arguments.ts'
import type { Register } from './cli.ts'
import { configSource } from './open.ts'

export const addConfigCommands: Register = (program, cli) => {
  const config = program.command('config').description('the configuration file')
  config
    .command('schema')
    .description('print the JSON Schema of risiti.yaml, for editors')
    .addHelpText('after', examples('risiti config schema > risiti.schema.json'))
    .action(async () => {
      const { runConfigSchema } = await import('../config.ts')
      cli.print(runConfigSchema())
    })
  config
    .command('check')
    .description('name everything a start would refuse')
    .option('--config <file>', 'the configuration')
    .option('--json', 'as JSON')
    .addHelpText('after', examples('risiti config check --config risiti.yaml'))
    .action(async (options: { config?: string; json?: boolean }) => {
      const { runConfigCheck } = await import('../config.ts')
      const { output, exitCode } = runConfigCheck(await configSource(options.config, cli), options.json ?? false)
      cli.print(output)
      cli.exitWith(exitCode)
    })
}
