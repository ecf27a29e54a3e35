import { SECOND } from '../../clock.ts'
import type { Register } from './cli.ts'
import { configSource } from './open.ts'
import { stepsOn } from './terminal.ts'

const TIMEOUT_MS = 10 * SECOND

/** `doctor`, `webhook` and `init`: what a set-up begins and ends with. */
export const addSetupCommands: Register = (program, cli) => {
  program
    .command('doctor')
    .description('look at the whole set-up and say what to mend; sends and changes nothing')
    .option('--config <file>', 'the configuration')
    .option('--json', 'as JSON: a list of check, status, text and mend')
    .addHelpText(
      'after',
      `
Example, beside the running service:
  risiti doctor --config risiti.yaml

Exit code 0 when nothing failed (warnings are no failure), 1 when something did, 2 without a configuration.`,
    )
    .action(async ({ config, json = false }: { config?: string; json?: boolean }) => {
      const source = await configSource(config, cli)
      const { runDoctor } = await import('../doctor.ts')
      stepsOn(cli)('looking at everything')
      const { output, exitCode } = await runDoctor({ source, json, timeoutMs: TIMEOUT_MS }, { clock: cli.clock })
      cli.print(output)
      cli.exitWith(exitCode)
    })
}
