import type { Config, Secrets } from '../config/types.ts'
import { isLoopback } from '../config/values.ts'
import { probeToken } from '../receipts/probe.ts'
import { answerChecks, nameCheck, withoutAddress } from './address.ts'
import { type Check, notChecked, ok } from './check.ts'
import { isOurs, runningCheck, signedPostCheck, silentShops, stateChecks, withoutService } from './service.ts'
import type { Web, WebAnswer } from './web.ts'
import { signedProbe } from './webhook.ts'

export interface ServiceAsking {
  config: Pick<Config, 'karibu' | 'listen' | 'publicUrl'>
  secrets: Pick<Secrets, 'karibuApiKey' | 'karibuWebhookSecret'>
  locked: boolean
  web: Web
}

/** Asks the running service, where it listens and through `public_url`; what it is asked changes nothing. */
export async function askService(asking: ServiceAsking): Promise<{ checks: Check[]; silent: string[] | undefined }> {
  const { locked, web } = asking
  if (asking.secrets.karibuApiKey === '') return { checks: withoutKey(locked), silent: undefined }
  const address = listenAddress(asking.config)
  const probe = address === null ? null : await web.ask(pictureAt(address, asking))
  const here = isOurs(probe)
  const [ready, local, outside] = await Promise.all([
    here ? web.ask(`${address}/readyz`) : null,
    here ? postCheck('service.webhooks', 'where it listens', `${address}`, asking) : null,
    askAddress(asking, here || locked),
  ])
  const because = locked ? 'the service does not answer where it should' : 'the service does not run'
  const inside = ready && local ? [...stateChecks(ready), local] : withoutService(because)
  return { checks: [runningCheck({ address, locked, probe }), ...inside, ...outside], silent: silentShops(ready) }
}

/** The key is what our service is known by. */
function withoutKey(locked: boolean): Check[] {
  const because = 'the variable of karibu.api_key is not set'
  const runs = locked ? ok('service.running', 'the service runs') : notChecked('service.running', because)
  return [runs, ...withoutService(because), notChecked('address.answers', because), ...withoutAddress(because)]
}

/** Without a service behind it, what answers at `public_url` is still looked at: it may run elsewhere. */
async function askAddress(asking: ServiceAsking, runs: boolean): Promise<Check[]> {
  const { config, web } = asking
  const { publicUrl } = config
  const found = await web.addressesOf(new URL(publicUrl).hostname)
  const trying = isLoopback(new URL(config.karibu.baseUrl).hostname)
  const name = nameCheck(publicUrl, found, trying)
  if ('code' in found) {
    const because = 'public_url has no address'
    return [name, notChecked('address.answers', because), ...withoutAddress(because)]
  }
  const picture = pictureAt(publicUrl, asking)
  const [health, probe, head] = await Promise.all([
    web.ask(`${publicUrl}/healthz`),
    web.ask(picture),
    web.ask(picture, { method: 'HEAD' }),
  ])
  const ours = isOurs(probe)
  if (!runs && !ours) {
    const because = 'the service does not run'
    return [name, notChecked('address.answers', because), ...withoutAddress(because)]
  }
  const checks = answerChecks({ health, probe, head })
  if (checks.some(({ check }) => check === 'address.webhooks')) return [name, ...checks]
  return [name, ...checks, await postCheck('address.webhooks', 'through public_url', publicUrl, asking)]
}

async function postCheck(check: string, where: string, base: string, { secrets, web }: ServiceAsking): Promise<Check> {
  const { karibuWebhookSecret: secret } = secrets
  if (!secret) return notChecked(check, 'the secret of Karibu’s webhooks is not set')
  const { body, headers } = signedProbe(secret)
  const answer: WebAnswer = await web.ask(`${base}/webhooks/karibu`, { method: 'POST', body, headers })
  return signedPostCheck(check, where, answer)
}

function pictureAt(base: string, { secrets }: Pick<ServiceAsking, 'secrets'>): string {
  return `${base}/media/${probeToken(secrets.karibuApiKey)}.png`
}

/** Null when any free port is taken. */
function listenAddress({ listen: { host, port } }: Pick<Config, 'listen'>): string | null {
  if (port === 0) return null
  const name = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`
}
