import { examples } from './arguments.ts'
import type { Register } from './cli.ts'
import { configWithoutSecrets } from './open.ts'
import { withSteps } from './terminal.ts'

export const addBackupCommands: Register = (program, cli) => {
  const { clock } = cli

  program
    .command('backup')
    .description('copy database and images to a new folder, beside a running service or without one')
    .option('--to <folder>', 'the new folder (default: backups/<time> in the data folder)')
    .addHelpText('after', examples('risiti backup', 'risiti backup --to /mnt/usb/risiti-today --json'))
    .option('--config <file>', 'the configuration')
    .option('--json', 'as JSON')
    .action(async ({ to, config, json = false }: { to?: string; config?: string; json?: boolean }) => {
      const { dataDir, disk } = await configWithoutSecrets(config, cli)
      const { runBackup } = await import('../backup.ts')
      const options = { dataDir, to: to ?? null, json, minFreeBytes: disk.minFreeBytes }
      cli.print(await withSteps(cli, (progress) => runBackup(options, { clock, progress })))
    })

  program
    .command('restore')
    .description('put a backup into an empty data folder')
    .requiredOption('--from <folder>', 'the backup')
    .addHelpText(
      'after',
      `
Example, with no service running on the data folder:
  risiti restore --from /safe/2026-11-20T21-00-00Z --config risiti.yaml`,
    )
    .option('--config <file>', 'the configuration')
    .option('--json', 'as JSON')
    .action(async ({ from, config, json = false }: { from: string; config?: string; json?: boolean }) => {
      const { dataDir, publicUrl } = await configWithoutSecrets(config, cli)
      const { runRestore } = await import('../backup.ts')
      const options = { from, dataDir, publicUrl, json }
      cli.print(await withSteps(cli, (progress) => runRestore(options, { clock, progress })))
    })
}
