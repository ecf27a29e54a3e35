import { type Argument, type Command, InvalidArgumentError } from 'commander'
import { AppError } from '../../errors.ts'
import type { ShopPlatform } from '../../shops/platform.ts'
import { collect, examples, readInput, secretFrom } from './arguments.ts'
import type { Register } from './cli.ts'

/** `inspect` and `verify`: what Risiti makes of one delivery, without a configuration. */
export const addPayloadCommands: Register = (program, cli) => {
  const inspect = program
    .command('inspect')
    .description('show what Risiti reads in a shop’s payload; needs no configuration')
    .argument('<platform>', 'who sent it')
    .argument('<file>', 'the body as the shop sent it, - for standard input')
    .option('--topic <topic>', 'its topic, e.g. orders/paid')
    .option('--country <code>', 'the shop’s country, for phones without one', 'TZ')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      examples(
        'risiti inspect woocommerce order.json',
        'curl -s https://…/order.json | risiti inspect shopify - --json',
      ),
    )
    .action(async (platform: ShopPlatform, file: string, options: InspectFlags) => {
      const { topic = null, country, json = false } = options
      const body = await readInput(file, cli)
      const { advanceOrder } = await import('../../intake/advance-order.ts')
      const { runInspect } = await import('../inspect.ts')
      const { output, exitCode } = runInspect({ platform, body, topic, country, json, transitions: advanceOrder })
      cli.print(output)
      cli.exitWith(exitCode)
    })

  const verify = program
    .command('verify')
    .description('explain why a delivery’s signature is right or wrong')
    .argument('<platform>', 'who signed it')
    .requiredOption('--secret-env <name>', 'environment variable with the secret')
    .option('--header <name: value>', 'a header of the delivery; may be given again', collect)
    .requiredOption('--body <file>', 'the body, byte for byte, - for standard input')
    .option('--url <address>', 'the address the platform was given, for those that sign it (square)')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      examples(
        'risiti verify woocommerce --secret-env DUKA_WEBHOOK_SECRET --header "X-WC-Webhook-Signature: …" --body order.json',
        'risiti verify clickpesa --secret-env DUKA_CHECKSUM_KEY --body payment.json',
      ),
    )
    .action(async (platform: ShopPlatform, options: VerifyFlags) => {
      const body = await readInput(options.body, cli)
      const secret = secretFrom(options.secretEnv, cli)
      const headers = (options.header ?? []).map(splitHeader)
      const { runVerify } = await import('../verify.ts')
      const now = cli.clock.now()
      const { output, exitCode } = runVerify({ platform, secret, headers, body, url: options.url, now })
      cli.print(options.json ? JSON.stringify({ valid: exitCode === 0, lines: output.split('\n') }, null, 2) : output)
      cli.exitWith(exitCode)
    })

  program.hook('preSubcommand', async (_, command) => {
    if (command === inspect || command === verify) await namePlatforms(command)
  })
}

interface InspectFlags {
  topic?: string
  country: string
  json?: boolean
}
interface VerifyFlags {
  secretEnv: string
  header?: string[]
  body: string
  url?: string
  json?: boolean
}

/** All platforms with their libraries are a good part of the program. */
async function namePlatforms({ registeredArguments }: Command): Promise<void> {
  const { PLATFORM_NAMES, platformNamed } = await import('../../shops/registry.ts')
  const argument: Argument | undefined = registeredArguments[0]
  if (!argument) return
  argument.description = PLATFORM_NAMES.join(' | ')
  argument.argParser((name) => {
    const platform = platformNamed(name)
    if (!platform) throw new InvalidArgumentError(`Known are ${PLATFORM_NAMES.join(', ')}.`)
    return platform
  })
}

function splitHeader(text: string): [string, string] {
  const colon = text.indexOf(':')
  if (colon < 1) throw new AppError('header.invalid', `--header must be "Name: value", not "${text.slice(0, 40)}"`)
  return [text.slice(0, colon).trim(), text.slice(colon + 1).trim()]
}
