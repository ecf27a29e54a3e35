import { isLoopback } from '../config/values.ts'
import { PROBE_IMAGE } from '../receipts/probe.ts'
import { isPublicAddress } from '../receipts/public-address.ts'
import { type Check, fail, notChecked, ok, warn } from './check.ts'
import { isOurs } from './service.ts'
import { type WebAnswer, whyNone } from './web.ts'

/** Pure: whether `public_url` can be an address on the internet. `trying` is true with a sandbox for Karibu. */
export function nameCheck(
  publicUrl: string,
  found: { addresses: string[] } | { code: string },
  trying: boolean,
): Check {
  const name = 'address.name'
  const { protocol, hostname } = new URL(publicUrl)
  const mend = 'Give Risiti a public name with https, and set public_url to it.'
  if (isLoopback(hostname)) {
    const text = `public_url is on this machine (${publicUrl}): WhatsApp cannot fetch receipts there`
    return trying ? warn(name, `${text}; for trying it is enough`, mend) : fail(name, text, mend)
  }
  if (protocol !== 'https:')
    return fail(name, 'public_url is plain http: WhatsApp fetches receipts by https alone', mend)
  if ('code' in found) return fail(name, `${hostname}: ${whyNone(found.code)}`, 'Mend its DNS record, or public_url.')
  const [inner] = found.addresses.filter((address) => !isPublicAddress(address))
  if (inner === undefined) return ok(name, `${hostname} is a public address with https`)
  const text = `${hostname} leads to ${inner} from here, which is no public address`
  const isName = hostname.replace(/^\[|\]$/g, '') !== inner
  return isName ? warn(name, `${text}: look from outside whether it does there too`, mend) : fail(name, text, mend)
}

export interface AddressFacts {
  health: WebAnswer
  /** The picture that only a service with our key knows. */
  probe: WebAnswer
  /** The same, asked with HEAD. */
  head: WebAnswer
}

/** Pure: whether what answers at `public_url` is our service, and shows its pictures as WhatsApp wants them. */
export function answerChecks({ health, probe, head }: AddressFacts): Check[] {
  const name = 'address.answers'
  if (health.kind === 'none') {
    const mend = 'Let the proxy listen there and pass on to listen.host and listen.port.'
    return [
      fail(name, `public_url does not answer: ${whyNone(health.code)}`, mend),
      ...withoutAddress('it does not answer'),
    ]
  }
  const isRisiti = health.status === 200 && health.body.toString('utf8').includes('"status":"ok"')
  // At a name nobody can guess, only our service has a picture; what is wrong with it is told by itself.
  const hasPicture = isRisiti && (probe.kind === 'none' || (probe.status >= 200 && probe.status < 400))
  if (isOurs(probe)) return [ok(name, 'public_url answers, and it is this service'), mediaCheck(probe, head)]
  if (hasPicture) return [ok(name, 'public_url answers'), mediaCheck(probe, head)]
  return [strangerCheck(name, health.status, isRisiti), ...withoutAddress('public_url is not this service')]
}

function strangerCheck(name: string, status: number, isRisiti: boolean): Check {
  if (isRisiti) {
    const text = 'a Risiti answers at public_url, but not one with these settings'
    return fail(name, text, 'See which service public_url leads to, and restart it: it may run with another key.')
  }
  const text = `public_url is not this service: its /healthz is answered ${status}`
  if (status >= 300 && status < 400) return fail(name, text, 'It redirects: set public_url to where it leads.')
  return fail(name, text, 'Let the proxy pass /webhooks/, /media/, /claim/ and /healthz on to the service.')
}

function mediaCheck(probe: WebAnswer, head: WebAnswer): Check {
  const name = 'address.media'
  const wrong = [...problemsOf('GET', probe), ...problemsOf('HEAD', head)]
  if (wrong.length === 0)
    return ok(name, 'pictures come through public_url with the right Content-Type and Content-Length')
  const mend = 'Let the proxy pass /media/ on as it is: no redirect, no login, no packing, no changed headers.'
  return fail(name, `pictures come through public_url wrong: ${wrong.join('; ')}`, mend)
}

function problemsOf(method: 'GET' | 'HEAD', answer: WebAnswer): string[] {
  if (answer.kind === 'none') return [`${method}: ${whyNone(answer.code)}`]
  const { status, headers, body } = answer
  if (status !== 200) return [`${method} is answered ${status}${status >= 300 && status < 400 ? ', a redirect' : ''}`]
  const { type, bytes } = PROBE_IMAGE
  const problems: string[] = []
  const given = headers['content-type']
  if (given !== type) problems.push(`${method} has Content-Type ${given ?? 'none'} in place of ${type}`)
  if (headers['content-encoding']) problems.push(`${method} is packed (${headers['content-encoding']})`)
  const length = headers['content-length']
  if (length !== String(bytes.length))
    problems.push(`${method} has Content-Length ${length ?? 'none'} for ${bytes.length} bytes`)
  if (method === 'GET' && !body.equals(bytes)) problems.push('GET gives other bytes')
  return problems
}

export function withoutAddress(because: string): Check[] {
  return ['address.media', 'address.webhooks'].map((name) => notChecked(name, because))
}
