import { AppError } from '../../errors.ts'
import { collect, examples, secretFrom, webAddress, wholeNumber } from './arguments.ts'
import type { Register } from './cli.ts'
import { configSource } from './open.ts'

/** `serve`, `demo` and `sandbox`: what runs until it is stopped. */
export const addServiceCommands: Register = (program, cli) => {
  program
    .command('serve')
    .description('run the service')
    .option('--config <file>', 'the configuration (default: RISITI_CONFIG, else ./risiti.yaml)')
    .addHelpText(
      'after',
      `
Example, with the secrets in the environment:
  risiti config check --config risiti.yaml && risiti serve --config risiti.yaml`,
    )
    .action(async ({ config }: { config?: string }) => {
      const { loadConfig } = await import('../../config/load.ts')
      const loaded = loadConfig(await configSource(config, cli))
      const { createLogger } = await import('../../logger.ts')
      const { runServe } = await import('../serve.ts')
      await runServe(loaded, { clock: cli.clock, log: createLogger(), signal: cli.stopSignal() })
    })

  program
    .command('demo')
    .description('play a day at the counter against a sandbox Karibu; needs no settings and sends nothing')
    .option('--stay', 'keep everything running at the end')
    .addHelpText('after', examples('risiti demo --stay'))
    .action(async ({ stay = false }: { stay?: boolean }) => {
      const { runDemo } = await import('../demo/demo.ts')
      const { clock, ids, print, temporary } = cli
      cli.exitWith(await runDemo({ stay }, { clock, ids, print, temporary, signal: cli.stopSignal() }))
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
    .option(
      '--shop-url <url>',
      'where the toy shop posts its orders: …/webhooks/<id> of a WooCommerce shop',
      webAddress,
    )
    .option('--shop-secret-env <name>', 'environment variable with the secret that signs them')
    .addHelpText(
      'after',
      examples(
        'risiti sandbox --port 8788 --webhook-url http://127.0.0.1:8787/webhooks/karibu --webhook-secret-env BRIQ_WEBHOOK_SECRET',
      ),
    )
    .action(async (options: SandboxFlags) => {
      const { sender: senders, template: templates, webhookSecretEnv, shopSecretEnv, ...rest } = options
      if ((rest.shopUrl === undefined) !== (shopSecretEnv === undefined)) {
        throw new AppError('option.missing', 'the toy shop needs both --shop-url and --shop-secret-env')
      }
      const shopSecret = shopSecretEnv === undefined ? undefined : secretFrom(shopSecretEnv, cli)
      const webhookSecret = webhookSecretEnv === undefined ? undefined : secretFrom(webhookSecretEnv, cli)
      const { runSandbox } = await import('../sandbox.ts')
      const { clock, ids, print } = cli
      const signal = cli.stopSignal()
      await runSandbox({ ...rest, senders, templates, webhookSecret, shopSecret }, { clock, ids, print, signal })
    })
}

interface SandboxFlags {
  host: string
  port: number
  apiKey: string
  sender?: string[]
  template?: string[]
  webhookUrl?: string
  webhookSecretEnv?: string
  shopUrl?: string
  shopSecretEnv?: string
}
