import { SECOND } from '../../clock.ts'
import type { KaribuSetup } from '../../karibu/setup-client.ts'
import { examples } from './arguments.ts'
import type { Cli, Register } from './cli.ts'
import { configSource } from './open.ts'
import { askerOf, stepsOn } from './terminal.ts'

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

  addInitCommand(program, cli)

  const webhook = program.command('webhook').description('where Briq reports what became of messages')
  webhook
    .command('register')
    .description('register our webhook at Briq, or repair it; done again, it changes nothing')
    .option('--app-id <id>', 'the Developer App of the key (default: BRIQ_APP_ID, else the only one there is)')
    .option('--replace', 'point a webhook here that leads elsewhere: Briq allows one per app')
    .option('--write-env <file>', 'put a secret that had to be made into this file (mode 0600) in place of showing it')
    .option('--config <file>', 'the configuration')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      `
Example, with the secret of karibu.webhook_secret in the environment:
  risiti webhook register --app-id 8a1f0c4e-2b3d-4e5f-9a8b-7c6d5e4f3a2b`,
    )
    .action((flags: RegisterFlags) =>
      withSetup(flags.config, cli, async (setup, { url, secret, variable }) => {
        const { runWebhookRegister } = await import('../webhook.ts')
        const { replace = false, writeEnv, json = false } = flags
        const appId = flags.appId ?? (cli.env.BRIQ_APP_ID || undefined)
        const input = { url, secret, variable, appId, replace, writeEnv, json }
        return runWebhookRegister(input, { setup, ids: cli.ids, confirm: askerOf(cli) })
      }),
    )
  webhook
    .command('list')
    .description('the webhooks Briq holds for this key')
    .option('--config <file>', 'the configuration')
    .option('--json', 'as JSON')
    .addHelpText('after', examples('risiti webhook list'))
    .action((flags: RegisterFlags) =>
      withSetup(flags.config, cli, async (setup, { url }) => {
        const { runWebhookList } = await import('../webhook.ts')
        return runWebhookList({ url, json: flags.json ?? false }, setup)
      }),
    )
  webhook
    .command('remove')
    .description('remove our webhook, or the one of this id')
    .argument('[id]', 'as webhook list shows it')
    .addHelpText('after', examples('risiti webhook remove'))
    .option('--yes', 'do not ask')
    .option('--config <file>', 'the configuration')
    .option('--json', 'as JSON')
    .action((id: string | undefined, { yes = false, json = false, config }: RegisterFlags) =>
      withSetup(config, cli, async (setup, { url }) => {
        const { runWebhookRemove } = await import('../webhook.ts')
        return runWebhookRemove({ id, url, yes, json }, { setup, confirm: askerOf(cli) })
      }),
    )
}

const addInitCommand: Register = (program, cli) => {
  program
    .command('init')
    .description('ask a few questions, and write a first risiti.yaml and .env.example')
    .option('--config <file>', 'the file to write', 'risiti.yaml')
    .option('--public-url <url>', 'address WhatsApp and the shop reach Risiti at')
    .option('--sender <number>', 'your WhatsApp number at Briq (default: BRIQ_SENDER in the environment)')
    .option('--platform <name>', 'who tells of orders: woocommerce, shopify, …')
    .option('--shop <id>', 'short name of the shop, the end of its webhook address')
    .option('--shop-name <name>', 'its name on the receipt')
    .option('--country <code>', 'country of its customers’ numbers')
    .option('--timezone <zone>', 'its time zone')
    .option('--locale <sw|en>', 'language of its receipts')
    .option('--color <#rrggbb>', 'colour of its receipts')
    .option('--write-env', 'put new secrets that are ours to choose into .env, which only its owner may read')
    .option('--force', 'write over what is there')
    .option('--yes', 'ask nothing: what is not said is taken as usual')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      `
Examples:
  risiti init
  risiti init --yes --platform woocommerce --shop duka --public-url https://risiti.duka.example --write-env`,
    )
    .action(async ({ config, writeEnv, force = false, yes = false, json = false, ...given }: InitFlags) => {
      const { runInit } = await import('../init/init.ts')
      const isAsked = cli.stdin.isTTY === true && !yes
      const asker = isAsked ? (await import('../init/ask.ts')).terminalAsker() : undefined
      cli.print(await runInit({ file: config, given, writeEnv, force, json }, { ids: cli.ids, asker }))
    })
}

interface InitFlags {
  config: string
  publicUrl?: string
  sender?: string
  platform?: string
  shop?: string
  shopName?: string
  country?: string
  timezone?: string
  locale?: string
  color?: string
  writeEnv?: boolean
  force?: boolean
  yes?: boolean
  json?: boolean
}

interface RegisterFlags {
  appId?: string
  replace?: boolean
  writeEnv?: string
  yes?: boolean
  config?: string
  json?: boolean
}

interface Ours {
  url: string
  /** Null where the environment holds none. */
  secret: string | null
  variable: string
}

/** Prints what `run` gives. A secret of Karibu's webhook that is not set is no fault here. */
async function withSetup(
  flag: string | undefined,
  cli: Cli,
  run: (setup: KaribuSetup, ours: Ours) => Promise<string>,
): Promise<void> {
  const source = await configSource(flag, cli)
  const { loadConfig } = await import('../../config/load.ts')
  const { variableAt } = await import('../../config/secret-name.ts')
  const { createKaribuSetup } = await import('../../karibu/setup-client.ts')
  const { AppError } = await import('../../errors.ts')
  const { config, secrets } = loadConfig({ ...source, secretsOptional: true })
  if (secrets.karibuApiKey === '') {
    const variable = variableAt(source.text, ['karibu', 'api_key']) ?? 'of karibu.api_key'
    throw new AppError('config.no_key', `the environment variable ${variable} is not set`)
  }
  const setup = createKaribuSetup({
    baseUrl: config.karibu.baseUrl,
    apiKey: secrets.karibuApiKey,
    timeoutMs: TIMEOUT_MS,
    concurrency: 1,
  })
  try {
    const ours = {
      url: `${config.publicUrl}/webhooks/karibu`,
      secret: secrets.karibuWebhookSecret || null,
      variable: variableAt(source.text, ['karibu', 'webhook_secret']) ?? 'BRIQ_WEBHOOK_SECRET',
    }
    cli.print(await run(setup, ours))
  } finally {
    await setup.close()
  }
}
