import type { Register } from './cli.ts'
import { configWithoutSecrets } from './open.ts'
import { stepsOn } from './terminal.ts'

export const addBackupCommands: Register = (program, cli) => {
  const ports = { clock: cli.clock, progress: stepsOn(cli) }

  program
    .command('backup')
    .description('copy database and images to a new folder, beside a running service or without one')
    .option('--to <folder>', 'the new folder (default: backups/<time> in the data folder)')
    .option('--config <file>', 'the configuration')
    .option('--json', 'as JSON')
    .action(async ({ to, config, json = false }: { to?: string; config?: string; json?: boolean }) => {
      const { dataDir, disk } = await configWithoutSecrets(config, cli)
      const { runBackup } = await import('../backup.ts')
      cli.print(await runBackup({ dataDir, to: to ?? null, json, minFreeBytes: disk.minFreeBytes }, ports))
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
      cli.print(await runRestore({ from, dataDir, publicUrl, json }, ports))
    })
}
