#!/usr/bin/env node
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { createInterface } from 'node:readline/promises'
import { Command, InvalidArgumentError, Option } from 'commander'
import { systemClock } from './clock.ts'
import { addBackfillCommand } from './commands/backfill-command.ts'
import { runBackup, runRestore } from './commands/backup.ts'
import { runConfigCheck, runConfigSchema } from './commands/config.ts'
import { runDemo } from './commands/demo/demo.ts'
import { runErase } from './commands/erase.ts'
import { exitCodeOf, explain } from './commands/failure.ts'
import { runInspect } from './commands/inspect.ts'
import { runMessages } from './commands/messages.ts'
import { runPerson } from './commands/person.ts'
import { runSandbox } from './commands/sandbox.ts'
import { runServe } from './commands/serve.ts'
import { runTokenCreate, runTokenList, runTokenRevoke } from './commands/token.ts'
import { runVerify } from './commands/verify.ts'
import { findConfigFile } from './config/find.ts'
import { type ConfigSource, loadConfig } from './config/load.ts'
import type { Config, Scope } from './config/types.ts'
import { AppError, messageOf } from './errors.ts'
import { createIds } from './ids.ts'
import { advanceOrder } from './intake/advance-order.ts'
import { createLogger } from './logger.ts'
import { MESSAGE_FILTERS } from './query/filters.ts'
import { createMediaFiles } from './receipts/media-files.ts'
import type { ShopPlatform } from './shops/platform.ts'
import { PLATFORM_NAMES, platformNamed } from './shops/registry.ts'
import { databaseFile, openReadStore, openStore, type Store } from './store/store.ts'
import { forgetSetAside } from './tracking/set-aside.ts'

const clock = systemClock
const ids = createIds(clock)
const print = (text: string): void => {
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`)
}

// A reader that has seen enough (`| head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})

/** Aborts at Ctrl-C or a supervisor's stop; a second one ends the process at once. */
function stopSignal(): AbortSignal {
  const stop = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (stop.signal.aborted) process.exit(130)
      stop.abort()
    })
  }
  return stop.signal
}

async function configSource(flag: string | undefined): Promise<ConfigSource> {
  const file = findConfigFile({ flag, env: process.env })
  try {
    return { file, text: await readFile(file, 'utf8'), env: process.env }
  } catch (error) {
    throw new AppError('config.unreadable', `${file} cannot be read: ${messageOf(error)}`, { cause: error })
  }
}

async function readInput(file: string): Promise<Uint8Array> {
  if (file === '-') {
    const chunks: Buffer[] = []
    for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk))
    return Buffer.concat(chunks)
  }
  try {
    return await readFile(file)
  } catch (error) {
    throw new AppError('file.unreadable', `${file} cannot be read: ${messageOf(error)}`, { cause: error })
  }
}

const platformOf = (name: string): ShopPlatform => {
  const platform = platformNamed(name)
  if (!platform) throw new InvalidArgumentError(`Known are ${PLATFORM_NAMES.join(', ')}.`)
  return platform
}
const wholeNumber = (text: string) => {
  if (!/^\d{1,5}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.')
  return Number(text)
}
const collect = (value: string, sofar: string[] = []) => [...sofar, value]

const program = new Command('risiti')
  .description('Draws a shop’s receipts, sends them on WhatsApp, and knows what became of each one.')
  .showHelpAfterError('(risiti --help shows the commands)')

program
  .command('serve')
  .description('run the service')
  .option('--config <file>', 'the configuration (default: RISITI_CONFIG, else ./risiti.yaml)')
  .action(async ({ config }: { config?: string }) => {
    const loaded = loadConfig(await configSource(config))
    await runServe(loaded, { clock, log: createLogger(), signal: stopSignal() })
  })

program
  .command('demo')
  .description('play a day at the counter against a sandbox Karibu; needs no settings and sends nothing')
  .option('--stay', 'keep everything running at the end')
  .action(async ({ stay = false }: { stay?: boolean }) => {
    process.exitCode = await runDemo({ stay }, { clock, ids, print, temporary: tmpdir(), signal: stopSignal() })
  })

program
  .command('sandbox')
  .description('run a simulated Karibu to try a configuration against')
  .option('--host <host>', 'address to listen on', '127.0.0.1')
  .option('--port <port>', 'port, 0 for a free one', wholeNumber, 8788)
  .option('--api-key <key>', 'the key it takes', 'sandbox-key')
  .option('--sender <number>', 'one of our numbers; may be given again', collect)
  .option('--template <name>', 'an approved template; may be given again', collect)
  .option('--webhook-url <url>', 'where status webhooks go')
  .option('--webhook-secret-env <name>', 'environment variable with the secret that signs them')
  .action(async (options: SandboxFlags) => {
    const { sender: senders, template: templates, webhookSecretEnv, ...rest } = options
    const webhookSecret = webhookSecretEnv === undefined ? undefined : secretFrom(webhookSecretEnv)
    await runSandbox({ ...rest, senders, templates, webhookSecret }, { clock, ids, print, signal: stopSignal() })
  })

program
  .command('inspect')
  .description('show what Risiti reads in a shop’s payload; needs no configuration')
  .argument('<platform>', PLATFORM_NAMES.join(' | '), platformOf)
  .argument('<file>', 'the body as the shop sent it, - for standard input')
  .option('--topic <topic>', 'its topic, e.g. orders/paid')
  .option('--country <code>', 'the shop’s country, for phones without one', 'TZ')
  .option('--json', 'as JSON')
  .action(async (platform: ShopPlatform, file: string, options: InspectFlags) => {
    const { topic = null, country, json = false } = options
    const body = await readInput(file)
    const { output, exitCode } = runInspect({ platform, body, topic, country, json, transitions: advanceOrder })
    print(output)
    process.exitCode = exitCode
  })

program
  .command('verify')
  .description('explain why a delivery’s signature is right or wrong')
  .argument('<platform>', PLATFORM_NAMES.join(' | '), platformOf)
  .requiredOption('--secret-env <name>', 'environment variable with the secret')
  .option('--header <name: value>', 'a header of the delivery; may be given again', collect)
  .requiredOption('--body <file>', 'the body, byte for byte, - for standard input')
  .option('--url <address>', 'the address the platform was given, for those that sign it (square)')
  .action(async (platform: ShopPlatform, options: VerifyFlags) => {
    const body = await readInput(options.body)
    const secret = secretFrom(options.secretEnv)
    const { output, exitCode } = runVerify({
      platform,
      secret,
      headers: (options.header ?? []).map(splitHeader),
      body,
      url: options.url,
      now: clock.now(),
    })
    print(output)
    process.exitCode = exitCode
  })

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
  const { config } = loadConfig({ ...(await configSource(options.config)), secretsOptional: true })
  const filter = Object.fromEntries(MESSAGE_FILTERS.map((name) => [name, options[camel(name)]]))
  const store = openReadStore(databaseFile(config.dataDir))
  try {
    const { limit, cursor, json = false } = options
    print(
      await runMessages({ filter, limit, cursor, json, publicUrl: config.publicUrl, timezone: config.timezone }, store),
    )
  } finally {
    store.close()
  }
})

program
  .command('person')
  .description('all that is stored about one person, as JSON')
  .argument('<phone>', 'with + and the code of its country, or as dialled in --country')
  .option('--country <code>', 'country of a number written without one (default: the shops’)')
  .option('--config <file>', 'the configuration')
  .action(async (phone: string, { country, config: flag }: { country?: string; config?: string }) => {
    const { config } = loadConfig({ ...(await configSource(flag)), secretsOptional: true })
    const store = openReadStore(databaseFile(config.dataDir))
    try {
      print(await runPerson({ phone, country }, { config, store, clock }))
    } finally {
      store.close()
    }
  })

program
  .command('erase')
  .description('forget one person: orders, messages, pictures, what they wrote; beside a running service too')
  .argument('<phone>', 'with + and the code of its country, or as dialled in --country')
  .option('--country <code>', 'country of a number written without one (default: the shops’)')
  .option('--dry-run', 'only count')
  .option('--yes', 'do not ask')
  .option('--config <file>', 'the configuration')
  .option('--json', 'as JSON')
  .action(async (phone: string, options: EraseFlags) => {
    const { country, dryRun = false, yes = false, json = false } = options
    await withStore(options.config, (store, config) =>
      runErase(
        { phone, country, dryRun, yes, json },
        {
          config,
          store,
          clock,
          ids,
          files: createMediaFiles(config.dataDir),
          forgetSetAside: (isTheirs) => forgetSetAside(store, isTheirs),
          confirm: process.stdin.isTTY ? askYesNo : undefined,
        },
      ),
    )
  })

/** Shown only to a person at a terminal. */
const progress = (text: string): void => {
  if (process.stderr.isTTY) process.stderr.write(`${text} …\n`)
}

program
  .command('backup')
  .description('copy database and images to a new folder, beside a running service or without one')
  .option('--to <folder>', 'the new folder (default: backups/<time> in the data folder)')
  .option('--config <file>', 'the configuration')
  .option('--json', 'as JSON')
  .action(async (options: { to?: string; config?: string; json?: boolean }) => {
    const { config: loaded } = loadConfig({ ...(await configSource(options.config)), secretsOptional: true })
    const { dataDir, disk } = loaded
    const { to = null, json = false } = options
    print(await runBackup({ dataDir, to, json, minFreeBytes: disk.minFreeBytes }, { clock, progress }))
  })

program
  .command('restore')
  .description('put a backup into an empty data folder')
  .requiredOption('--from <folder>', 'the backup')
  .option('--config <file>', 'the configuration')
  .option('--json', 'as JSON')
  .action(async (options: { from: string; config?: string; json?: boolean }) => {
    const { config: loaded } = loadConfig({ ...(await configSource(options.config)), secretsOptional: true })
    const { dataDir, publicUrl } = loaded
    const { from, json = false } = options
    print(await runRestore({ from, dataDir, publicUrl, json }, { clock, progress }))
  })

addBackfillCommand(program, { clock, ids, print, configSource, stopSignal, stderr: process.stderr })

const config = program.command('config').description('the configuration file')
config
  .command('schema')
  .description('print the JSON Schema of risiti.yaml, for editors')
  .action(() => print(runConfigSchema()))
config
  .command('check')
  .description('name everything a start would refuse')
  .option('--config <file>', 'the configuration')
  .action(async (options: { config?: string }) => {
    const { output, exitCode } = runConfigCheck(await configSource(options.config))
    print(output)
    process.exitCode = exitCode
  })

const token = program.command('token').description('API tokens')
token
  .command('create')
  .description('make an API token; it is shown once')
  .requiredOption('--name <name>', 'who it is for')
  .addOption(new Option('--scope <scopes...>', 'what it may do').choices(['read', 'send', 'admin']).default(['read']))
  .option('--config <file>', 'the configuration')
  .option('--json', 'as JSON')
  .action(async (options: { name: string; scope: Scope[]; config?: string; json?: boolean }) => {
    const { name, scope: scopes, json = false } = options
    await withStore(options.config, (store) => runTokenCreate({ name, scopes, json }, { store, clock, ids }))
  })
token
  .command('list')
  .description('the tokens made so far')
  .option('--config <file>', 'the configuration')
  .option('--json', 'as JSON')
  .action((options: { config?: string; json?: boolean }) =>
    withStore(options.config, (store) => runTokenList(options.json ?? false, store)),
  )
token
  .command('revoke')
  .description('end a token at once')
  .argument('<id or name>')
  .option('--config <file>', 'the configuration')
  .action((idOrName: string, options: { config?: string }) =>
    withStore(options.config, (store) => runTokenRevoke(idOrName, store)),
  )

/** Prints what `run` gives, with the database of the configuration open for writing. */
async function withStore(
  flag: string | undefined,
  run: (store: Store, config: Config) => Promise<string>,
): Promise<void> {
  const { config: loaded } = loadConfig({ ...(await configSource(flag)), secretsOptional: true })
  const store = openStore(databaseFile(loaded.dataDir), ids)
  try {
    print(await run(store, loaded))
  } finally {
    await store.close()
  }
}

interface SandboxFlags {
  host: string
  port: number
  apiKey: string
  sender?: string[]
  template?: string[]
  webhookUrl?: string
  webhookSecretEnv?: string
}
interface InspectFlags {
  topic?: string
  country: string
  json?: boolean
}
interface EraseFlags {
  country?: string
  dryRun?: boolean
  yes?: boolean
  config?: string
  json?: boolean
}
interface VerifyFlags {
  secretEnv: string
  header?: string[]
  body: string
  url?: string
}

async function askYesNo(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim())
  } finally {
    terminal.close()
  }
}

function secretFrom(name: string): string {
  const value = process.env[name]
  if (!value) throw new AppError('env.missing', `the environment variable ${name} is not set`)
  return value
}

function splitHeader(text: string): [string, string] {
  const colon = text.indexOf(':')
  if (colon < 1) throw new AppError('header.invalid', `--header must be "Name: value", not "${text.slice(0, 40)}"`)
  return [text.slice(0, colon).trim(), text.slice(colon + 1).trim()]
}

function camel(name: string): string {
  return name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
}

try {
  await program.parseAsync()
} catch (error) {
  process.stderr.write(`${explain(error)}\n`)
  process.exitCode = exitCodeOf(error)
}
