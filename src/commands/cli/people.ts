import { examples } from './arguments.ts'
import type { Cli, Register } from './cli.ts'
import { withReadStore, withStore } from './open.ts'
import { askerOf, withBar } from './terminal.ts'

const PHONE = 'with + and the code of its country, or as dialled in --country'
const COUNTRY = 'country of a number written without one (default: the shops’)'

/** `person` and `erase`: what the law asks for. */
export const addPeopleCommands: Register = (program, cli) => {
  program
    .command('person')
    .description('all that is stored about one person, as JSON')
    .argument('<phone>', PHONE)
    .option('--country <code>', COUNTRY)
    .option('--config <file>', 'the configuration')
    .option('--json', 'as JSON, which it is anyway')
    .addHelpText('after', examples('risiti person 0712345678 > what-is-stored.json'))
    .action((phone: string, { country, config: flag }: { country?: string; config?: string }) =>
      withReadStore(flag, cli, async (store, config) => {
        const { runPerson } = await import('../person.ts')
        return runPerson({ phone, country }, { config, store, clock: cli.clock })
      }),
    )

  program
    .command('erase')
    .description('forget one person: orders, messages, pictures, what they wrote; beside a running service too')
    .argument('<phone>', PHONE)
    .option('--country <code>', COUNTRY)
    .option('--dry-run', 'only count')
    .option('--yes', 'do not ask')
    .option('--config <file>', 'the configuration')
    .option('--json', 'as JSON')
    .addHelpText('after', examples('risiti erase 0712345678 --dry-run', 'risiti erase +255712345678 --yes'))
    .action((phone: string, flags: EraseFlags) => erase(phone, flags, cli))
}

interface EraseFlags {
  country?: string
  dryRun?: boolean
  yes?: boolean
  config?: string
  json?: boolean
}

function erase(phone: string, flags: EraseFlags, cli: Cli): Promise<void> {
  const { country, dryRun = false, yes = false, json = false } = flags
  const { clock, ids } = cli
  return withStore(flags.config, cli, async (store, config) => {
    const { createMediaFiles } = await import('../../receipts/media-files.ts')
    const { forgetSetAside } = await import('../../tracking/set-aside.ts')
    const { runErase } = await import('../erase.ts')
    return runErase(
      { phone, country, dryRun, yes, json },
      {
        config,
        store,
        clock,
        ids,
        files: createMediaFiles(config.dataDir),
        forgetSetAside: (isTheirs) => forgetSetAside(store, isTheirs),
        confirm: askerOf(cli),
        watched: (work) => withBar(cli, 'row', work),
      },
    )
  })
}
