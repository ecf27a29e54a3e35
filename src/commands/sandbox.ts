import type { Clock } from '../clock.ts'
import { AppError, reasonOfSystem, systemCodeOf } from '../errors.ts'
import type { Ids } from '../ids.ts'
import type { Log } from '../log.ts'
import type { PhoneOptions } from '../sandbox/phone/options.ts'
import { seededRandom } from '../sandbox/random.ts'
import { createSandbox } from '../sandbox/sandbox.ts'
import type { SwitchesChange } from '../sandbox/switches.ts'

export interface SandboxCommand {
  host?: string | undefined
  /** 0 takes a free one. */
  port?: number | undefined
  apiKey?: string | undefined
  /** Our numbers; the first is the default sender. */
  senders?: string[] | undefined
  /** Names of approved templates with one variable, `1`. */
  templates?: string[] | undefined
  webhookUrl?: string | undefined
  webhookSecret?: string | undefined
  /** The address at Risiti where the toy shop posts its orders, and the secret that signs them. */
  shopUrl?: string | undefined
  shopSecret?: string | undefined
  switches?: SwitchesChange | undefined
  /** Makes whatever happens by chance repeat itself. */
  seed?: number | undefined
}

export interface SandboxPorts {
  clock: Clock
  ids: Ids
  log?: Log
  print: (line: string) => void
  /** Aborts to end the sandbox. */
  signal: AbortSignal
}

/** Runs a sandbox Karibu until `signal` aborts. */
export async function runSandbox(command: SandboxCommand, ports: SandboxPorts): Promise<void> {
  const { clock, ids, log, print, signal } = ports
  const sandbox = createSandbox({
    clock,
    ids,
    ...(log && { log }),
    ...(command.apiKey && { apiKey: command.apiKey }),
    ...(command.senders?.length && { senders: command.senders.map((number) => ({ number })) }),
    ...(command.templates?.length && { templates: command.templates.map((name) => ({ name, params: ['1'] })) }),
    ...(command.webhookUrl && { webhook: { url: command.webhookUrl, secret: command.webhookSecret ?? null } }),
    phone: phoneOf(command),
    ...(command.switches && { switches: command.switches }),
    ...(command.seed !== undefined && { random: seededRandom(command.seed) }),
  })
  const at = { host: command.host ?? '127.0.0.1', port: command.port ?? 0 }
  const { url } = await sandbox.start(at).catch((error: unknown) => {
    const isTaken = systemCodeOf(error) === 'EADDRINUSE'
    const why = isTaken ? 'another program listens there: give another --port' : reasonOfSystem(error)
    throw new AppError('listen.failed', `the sandbox cannot listen on ${at.host}:${at.port}: ${why}`, { cause: error })
  })
  try {
    for (const line of instructions(url, sandbox, command)) print(line)
    await aborted(signal)
  } finally {
    await sandbox.stop()
  }
}

/** The address ends in the shop’s id, and the dashboard is at the same place. */
function phoneOf({ shopUrl, shopSecret }: SandboxCommand): PhoneOptions {
  if (shopUrl === undefined || shopSecret === undefined) return {}
  const name = new URL(shopUrl).pathname.split('/').at(-1) ?? ''
  return {
    shop: { platform: 'woocommerce', name, url: shopUrl, secret: shopSecret },
    dashboard: { url: new URL('/dashboard', shopUrl).href },
  }
}

function instructions(url: string, sandbox: { apiKey: string; appId: string }, command: SandboxCommand): string[] {
  const json = `-H 'Content-Type: application/json' -d`
  const [sender = '255700000001'] = command.senders ?? []
  return [
    `Karibu sandbox on ${url}`,
    `  API key    ${sandbox.apiKey}`,
    `  app id     ${sandbox.appId}`,
    `  senders    ${(command.senders ?? [sender]).join(', ')}`,
    `  webhooks   ${command.webhookUrl ?? `none (PUT ${url}/sandbox/webhook, or register one by the API)`}`,
    '',
    'In risiti.yaml:',
    '  karibu:',
    `    base_url: ${url}`,
    `    sender: "${sender}"`,
    `and in the environment BRIQ_API_KEY=${sandbox.apiKey}`,
    '',
    'Customers’ phones, to look at and to write from, and a toy shop:',
    `  ${url}/phone`,
    ...(command.shopUrl ? [] : ['  (the toy shop needs --shop-url and --shop-secret-env)']),
    'A customer writes, which opens the window:',
    `  curl ${url}/sandbox/inbound ${json} '{"from":"255712345678","text":"Habari"}'`,
    'What was sent:',
    `  curl ${url}/sandbox/messages`,
    'The next send meets a 429:',
    `  curl ${url}/sandbox/next-send ${json} '{"fault":{"http":429,"retryAfterSeconds":5}}'`,
    'Everything that can be switched, and how: customers’ messages are pushed at once, not only polled:',
    `  curl ${url}/sandbox/switches`,
    `  curl -X PATCH ${url}/sandbox/switches ${json} '{"webhookInbound":true}'`,
    '',
    'The /sandbox/ and /phone routes need no key and answer this machine only. Ctrl-C ends it.',
  ]
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
