import type { Clock } from '../clock.ts'
import type { Config, Secrets } from '../config/types.ts'
import { createKaribuClient, KaribuUnavailable } from '../karibu/client.ts'
import { standingOf } from '../karibu/registration.ts'
import { probeSender } from '../karibu/sender-probe.ts'
import { createKaribuSetup, type KaribuSetup } from '../karibu/setup-client.ts'
import { errorCode } from '../outgoing.ts'
import type { Check } from './check.ts'
import { clockCheck, keyCheck, senderCheck, type Told, withoutKaribu } from './karibu.ts'
import { invitationsOf, templateChecks } from './templates.ts'
import { whyNone } from './web.ts'
import { type WebhookFacts, webhookChecks } from './webhook.ts'

export interface KaribuAsking {
  config: Pick<Config, 'karibu' | 'rules' | 'shops' | 'publicUrl'>
  secrets: Pick<Secrets, 'karibuApiKey' | 'karibuWebhookSecret'>
  clock: Pick<Clock, 'now'>
  timeoutMs: number
}

/** Asks Karibu what costs nothing and changes nothing. */
export async function askKaribu({ config, secrets, clock, timeoutMs }: KaribuAsking): Promise<Check[]> {
  if (secrets.karibuApiKey === '') {
    const because = 'the variable of karibu.api_key is not set'
    return withoutKaribu(because, ['karibu.key', 'karibu.clock'])
  }
  let time: { heardAt: number | null; now: number } = { heardAt: null, now: clock.now() }
  const options = {
    baseUrl: config.karibu.baseUrl,
    apiKey: secrets.karibuApiKey,
    timeoutMs,
    concurrency: 4,
    now: clock.now,
    heard: (at: number | undefined) => {
      time = { heardAt: at ?? null, now: clock.now() }
    },
  }
  const client = createKaribuClient(options)
  const setup = createKaribuSetup(options)
  try {
    const listed = await told(client.listSenders())
    const first = [keyCheck(listed), clockCheck(time)]
    if (listed.kind !== 'told') return [...first, ...withoutKaribu('Karibu did not answer as it should')]
    const names = [...new Set(Object.values(config.shops).map(({ sender }) => sender))]
    const senders = await Promise.all(
      names.map(async (name) => senderCheck(name, await probeSender({ listSenders: async () => listed.value }, name))),
    )
    const [templates, webhook] = await Promise.all([
      Promise.all(
        invitationsOf(config.rules).map(async (one) =>
          templateChecks(one, await told(setup.findTemplates(one.template))),
        ),
      ),
      told(askWebhook(setup, `${config.publicUrl}/webhooks/karibu`)),
    ])
    return [...first, ...senders, ...templates.flat(), ...webhookChecks(webhook, secrets.karibuWebhookSecret)]
  } finally {
    await Promise.all([client.close(), setup.close()])
  }
}

async function askWebhook(setup: KaribuSetup, url: string): Promise<WebhookFacts | null> {
  const listed = await setup.listWebhooks()
  if (listed === null) return null
  const standing = standingOf(listed, url, null)
  if (standing.kind !== 'right') return { standing, secret: undefined, deliveries: null }
  const { webhook_id: id } = standing.webhook
  const [secret, deliveries] = await Promise.all([
    setup.secretOf(id).catch(() => undefined),
    setup.deliveriesOf(id).catch(() => null),
  ])
  return { standing, secret, deliveries }
}

async function told<T>(answer: Promise<T>): Promise<Told<T>> {
  try {
    return { kind: 'told', value: await answer }
  } catch (error) {
    if (!(error instanceof KaribuUnavailable)) throw error
    const { status, code } = error.details ?? {}
    if (typeof status === 'number') return { kind: 'refused', status, code: typeof code === 'string' ? code : null }
    return { kind: 'silent', reason: reasonOf(error) }
  }
}

/** What the system said is at the end of the chain. */
function reasonOf(error: Error): string {
  let last = error
  while (last.cause instanceof Error) last = last.cause
  return last === error ? error.message : whyNone(errorCode(last))
}
