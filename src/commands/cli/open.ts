import { readFile } from 'node:fs/promises'
import type { ConfigSource } from '../../config/load.ts'
import type { Config } from '../../config/types.ts'
import { AppError, reasonOfSystem } from '../../errors.ts'
import type { openReadStore, Store } from '../../store/store.ts'
import type { Cli } from './cli.ts'

export async function configSource(flag: string | undefined, { env }: Pick<Cli, 'env'>): Promise<ConfigSource> {
  const { findConfigFile } = await import('../../config/find.ts')
  const file = findConfigFile({ flag, env })
  try {
    return { file, text: await readFile(file, 'utf8'), env }
  } catch (error) {
    throw new AppError('config.unreadable', `${file} cannot be read: ${reasonOfSystem(error)}`, { cause: error })
  }
}

/** For commands that need no secret, and run where none may be set. */
export async function configWithoutSecrets(flag: string | undefined, cli: Pick<Cli, 'env'>): Promise<Config> {
  const { loadConfig } = await import('../../config/load.ts')
  return loadConfig({ ...(await configSource(flag, cli)), secretsOptional: true }).config
}

/** Prints what `run` gives, with the database of the configuration open for writing. */
export async function withStore(
  flag: string | undefined,
  cli: Cli,
  run: (store: Store, config: Config) => Promise<string>,
): Promise<void> {
  const config = await configWithoutSecrets(flag, cli)
  const { databaseFile, openStore } = await import('../../store/store.ts')
  const store = openStore(databaseFile(config.dataDir), cli.ids)
  try {
    cli.print(await run(store, config))
  } finally {
    await store.close()
  }
}

/** Prints what `run` gives, null for nothing, with the database open for reading beside a running service or without one. */
export async function withReadStore(
  flag: string | undefined,
  cli: Cli,
  run: (store: ReturnType<typeof openReadStore>, config: Config) => Promise<string | null>,
): Promise<void> {
  const config = await configWithoutSecrets(flag, cli)
  const { databaseFile, openReadStore: open } = await import('../../store/store.ts')
  const store = open(databaseFile(config.dataDir))
  try {
    const text = await run(store, config)
    if (text !== null) cli.print(text)
  } finally {
    store.close()
  }
}
