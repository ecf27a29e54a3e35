import { AppError } from '../errors.ts'
import type { Ids } from '../ids.ts'
import { KaribuUnavailable } from '../karibu/client.ts'
import { hostOf, onlyApp, type Standing, sameAddress, standingOf, WHATSAPP } from '../karibu/registration.ts'
import type { KaribuSetup } from '../karibu/setup-client.ts'
import type { Webhook } from '../karibu/wire.ts'
import { writeVariables } from './env-file.ts'
import { formatTable } from './table.ts'

export interface RegisterInput {
  /** Where Briq is to post. */
  url: string
  /** Of the settings; null where the environment holds none. */
  secret: string | null
  /** The environment variable that holds it, or shall. */
  variable: string
  appId: string | undefined
  /** Takes over a webhook that leads elsewhere. */
  replace: boolean
  /** A file that a new secret is put into, in place of being shown. */
  writeEnv: string | undefined
  json: boolean
}

export interface WebhookDeps {
  setup: KaribuSetup
  ids: Pick<Ids, 'token'>
  /** Asks a person; undefined when none is there to answer. */
  confirm: ((question: string) => Promise<boolean>) | undefined
}

const SAID = {
  kept: 'was registered already, and nothing had to be changed',
  'secret-changed': 'was registered already; it has our secret now',
  'service-changed': 'was registered for another service; it is for WhatsApp now',
  moved: 'is where the one webhook of this app leads now',
  registered: 'is registered',
} as const

type Done = keyof typeof SAID

/** Briq takes these, and no shorter or longer ones. */
const LONGEST_SECRET = 255

/** Registers or repairs our webhook at Briq; done again, it changes nothing. Gives what to print. */
export async function runWebhookRegister(input: RegisterInput, deps: WebhookDeps): Promise<string> {
  const { setup } = deps
  if ((input.secret ?? '').length > LONGEST_SECRET) {
    throw new AppError('webhook.secret', `Briq takes a secret of at most ${LONGEST_SECRET} characters`)
  }
  const listed = await listOrThrow(setup)
  const standing = standingOf(listed, input.url, input.appId ?? null)
  if (standing.kind === 'elsewhere') await agreeToMove(standing.webhook, input, deps)
  const appId = standing.kind === 'none' ? appOrThrow(input, listed) : ''
  const held =
    standing.kind === 'right' ? await setup.secretOf(standing.webhook.webhook_id).catch(() => undefined) : null
  const secret = input.secret ?? usable(held) ?? `whsec_${deps.ids.token()}`
  const isNew = input.secret === null
  // Before Briq knows it, so that it is lost by nothing that goes wrong after.
  if (isNew && input.writeEnv !== undefined) await keep(input.writeEnv, input.variable, secret)
  const done = await apply(standing, { input, secret, held, appId, setup }).catch((error: unknown) => {
    throw refused(error, secret)
  })
  const after = standingOf(await listOrThrow(setup), input.url, input.appId ?? null)
  if (after.kind !== 'right') {
    throw new AppError('webhook.unseen', 'Briq took it, but does not list it: look in Briq’s dashboard')
  }
  return tell(input, done, after.webhook, isNew ? secret : null)
}

interface Work {
  input: RegisterInput
  secret: string
  held: string | null | undefined
  /** Of a new one. */
  appId: string
  setup: KaribuSetup
}

async function apply(standing: Standing, { input, secret, held, appId, setup }: Work): Promise<Done> {
  switch (standing.kind) {
    case 'right':
      if (held === secret) return 'kept'
      await setup.changeWebhook(standing.webhook.webhook_id, { secret })
      return 'secret-changed'
    case 'other-service':
      await setup.changeWebhook(standing.webhook.webhook_id, { serviceType: WHATSAPP, secret })
      return 'service-changed'
    case 'elsewhere':
      await setup.changeWebhook(standing.webhook.webhook_id, { url: input.url, secret })
      return 'moved'
    case 'none':
      await setup.addWebhook({ appId, serviceType: WHATSAPP, url: input.url, secret })
      return 'registered'
  }
}

function appOrThrow({ appId }: RegisterInput, listed: readonly Webhook[]): string {
  const app = appId ?? onlyApp(listed)
  if (app !== null) return app
  const how = 'say --app-id, or set BRIQ_APP_ID: the id of the Developer App of this key, in Briq’s dashboard'
  throw new AppError('webhook.no_app', `Briq registers a webhook for an app: ${how}`)
}

async function agreeToMove({ url }: Webhook, input: RegisterInput, { confirm }: WebhookDeps): Promise<void> {
  if (input.replace) return
  const there = `Briq’s one WhatsApp webhook of this app leads to ${hostOf(url)}`
  if (!confirm) {
    throw new AppError('webhook.elsewhere', `${there}, and an app has only one: add --replace to point it here`)
  }
  if (!(await confirm(`${there}. Point it here?`))) throw new AppError('webhook.elsewhere', 'nothing was changed')
}

async function keep(file: string, variable: string, secret: string): Promise<void> {
  const comment = 'What Briq signs its events with; risiti webhook register made it.'
  const [known] = await writeVariables(file, [{ name: variable, value: secret, comment }])
  if (known === undefined) return
  const how = `load it first (set -a; . ${file}; set +a), or take the line out`
  throw new AppError(
    'webhook.secret_there',
    `${file} holds a ${variable} already, which is not in the environment: ${how}`,
  )
}

function tell({ json, url, variable, writeEnv }: RegisterInput, done: Done, webhook: Webhook, secret: string | null) {
  const { webhook_id: id, app_id: app } = webhook
  if (json) {
    const made = secret && { variable, ...(writeEnv === undefined ? { value: secret } : { written_to: writeEnv }) }
    return JSON.stringify({ webhook_id: id, app_id: app, url, service_type: WHATSAPP, done, secret: made }, null, 2)
  }
  const lines = [`${url} ${SAID[done]} (${id}).`]
  if (secret === null) lines.push(`Its secret is that of ${variable}; no file was written.`)
  else if (writeEnv !== undefined)
    lines.push(`Its secret stands in ${writeEnv} as ${variable}, which only its owner may read.`)
  else
    lines.push(
      'Its secret is shown this once and stored nowhere. Put it into the environment:',
      '',
      `  ${variable}=${secret}`,
      '',
    )
  if (secret !== null) lines.push(`risiti.yaml names it under karibu: webhook_secret: \${${variable}}`)
  if (done !== 'kept' || secret !== null) lines.push('Restart the service if it ran with another secret.')
  return lines.join('\n')
}

/** The webhooks that Briq shows to this key. */
export async function runWebhookList(
  { url, json }: { url: string; json: boolean },
  setup: KaribuSetup,
): Promise<string> {
  const listed = await listOrThrow(setup)
  const items = listed.map((one) => ({ ...one, ours: sameAddress(one.url, url) }))
  if (json) return JSON.stringify({ items }, null, 2)
  if (items.length === 0) return 'Briq holds no webhook for this key: risiti webhook register makes one.'
  return formatTable(
    ['ID', 'SERVICE', 'OURS', 'SECRET', 'ADDRESS'],
    items.map((one) => [
      one.webhook_id,
      one.service_type ?? '-',
      one.ours ? 'yes' : 'no',
      one.secret_token ?? 'none',
      one.ours ? url : hostOf(one.url),
    ]),
  )
}

/** Removes our webhook, or the one of this id. */
export async function runWebhookRemove(
  { id, url, yes, json }: { id: string | undefined; url: string; yes: boolean; json: boolean },
  { setup, confirm }: Pick<WebhookDeps, 'setup' | 'confirm'>,
): Promise<string> {
  const listed = await listOrThrow(setup)
  const found = listed.find((one) => (id === undefined ? sameAddress(one.url, url) : one.webhook_id === id))
  if (!found) throw new AppError('webhook.unknown', 'Briq lists no such webhook (risiti webhook list shows them)')
  const what = `the ${found.service_type ?? ''} webhook to ${hostOf(found.url)}`.replace('  ', ' ')
  if (!yes) {
    if (!confirm) throw new AppError('webhook.unconfirmed', 'nobody is here to be asked: add --yes to remove it')
    if (!(await confirm(`Remove ${what}?`))) throw new AppError('webhook.unconfirmed', 'nothing was removed')
  }
  await setup.removeWebhook(found.webhook_id)
  if (json) return JSON.stringify({ removed: found.webhook_id })
  return `Removed ${what} (${found.webhook_id}). Delivery reports are asked for from now on, and come later.`
}

async function listOrThrow(setup: KaribuSetup): Promise<Webhook[]> {
  const listed = await setup.listWebhooks()
  if (listed) return listed
  throw new AppError('webhook.no_list', 'Briq shows no list of webhooks here: see karibu.base_url')
}

function usable(held: string | null | undefined): string | null {
  return held != null && held.length >= 16 ? held : null
}

/** With Briq's own words, which may repeat what they refuse. */
function refused(error: unknown, secret: string): unknown {
  const words = error instanceof KaribuUnavailable ? error.details?.words : undefined
  if (!(error instanceof Error) || typeof words !== 'string') return error
  const said = words.replaceAll(secret, '(hidden)').slice(0, 200)
  return new AppError('webhook.refused', `${error.message}: ${said}`, { cause: error })
}
