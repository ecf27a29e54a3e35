import { parseJson } from '../karibu/answers.ts'
import { PROBE_IMAGE } from '../receipts/probe.ts'
import { type Check, fail, notChecked, ok, warn } from './check.ts'
import { type WebAnswer, whyNone } from './web.ts'

const NAME = 'service.running'

export interface ServiceFacts {
  /** Where it should listen; null where `listen.port` leaves that open. */
  address: string | null
  /** Whether a process holds the data folder. */
  locked: boolean
  /** What that address gives for the picture only we know the name of. */
  probe: WebAnswer | null
}

/** Whether this is the answer of a service with our settings: only that knows the picture. */
export function isOurs(probe: WebAnswer | null): boolean {
  return probe?.kind === 'answer' && probe.status === 200 && probe.body.equals(PROBE_IMAGE.bytes)
}

/** Pure: whether the service runs. */
export function runningCheck({ address, locked, probe }: ServiceFacts): Check {
  const start = 'Start it: risiti serve. What asks it is looked at then.'
  const restart = 'Restart the service: it may run with older settings. Then look at what else uses this port.'
  if (isOurs(probe)) {
    if (locked) return ok(NAME, `the service runs and answers at ${address}`)
    const text = `a service with this key answers at ${address}, but on another data folder`
    return warn(NAME, text, 'See that it was started with this file.')
  }
  const answers = probe?.kind === 'answer'
  if (!locked) {
    if (!answers) return warn(NAME, 'the service does not run', start)
    const text = `the service does not run, and something else answers at ${address}`
    return fail(NAME, text, 'End that, or set another listen.port.')
  }
  if (address === null) return ok(NAME, 'the service runs; at which port is left open (listen.port: 0)')
  const how = answers ? 'with other settings than these' : `but does not answer at ${address}`
  return fail(NAME, `the service runs, ${how}`, restart)
}

/** Pure: what `/readyz` says of the running service. */
export function stateChecks(ready: WebAnswer): Check[] {
  const name = 'service.state'
  const body = ready.kind === 'answer' ? parseJson(ready.body.toString('utf8')) : undefined
  if (!isRecord(body)) return [warn(name, '/readyz does not answer', 'Look into the log of the service.')]
  const troubles = TROUBLES.flatMap((trouble) => trouble(name, body))
  return troubles.length > 0 ? troubles : [ok(name, 'the service is ready, and nothing is paused')]
}

/** Shops that tell nothing any more; undefined when the service does not say. */
export function silentShops(ready: WebAnswer | null): string[] | undefined {
  const body = ready?.kind === 'answer' ? parseJson(ready.body.toString('utf8')) : undefined
  return isRecord(body) ? items(body, 'silent_shops').map(({ shop }) => String(shop)) : undefined
}

type Trouble = (name: string, body: Record<string, unknown>) => Check[]

const TROUBLES: readonly Trouble[] = [
  (name, { database }) =>
    database === 'ok' ? [] : [fail(name, 'the service’s database does not answer', 'Look into its log.')],
  (name, { disk }) =>
    disk === undefined || disk === 'ok'
      ? []
      : [fail(name, 'the service takes nothing in: its disk is almost full', 'Make room.')],
  (name, body) =>
    items(body, 'paused_senders').map(({ sender, code, until }) => {
      const who = `the sender ending in …${String(sender).slice(-4)}`
      return warn(
        name,
        `${who} is paused until ${String(until)}: ${String(code)}`,
        'See what Karibu’s checks say above.',
      )
    }),
  (name, { inbound_refused: refused }) =>
    isRecord(refused)
      ? [
          warn(
            name,
            'Karibu refuses to show what customers write, so held receipts stay held',
            'Give the key that right.',
          ),
        ]
      : [],
  (name, body) =>
    items(body, 'paused_shops').map(({ shop, code }) =>
      warn(name, `the API of ${String(shop)} refuses us: ${String(code)}`, 'Renew the credentials of the shop.'),
    ),
  (name, body) =>
    items(body, 'budgets')
      .filter(({ state }) => state === 'spent')
      .map(({ sender, month }) => {
        const text = `the sender ending in …${String(sender).slice(-4)} has used its budget of ${String(month)}`
        return warn(name, text, 'Raise messages_per_month, or wait for the next month.')
      }),
  (name, body) =>
    items(body, 'notify')
      .filter(({ off_since: since }) => since !== null && since !== undefined)
      .map(({ target }) =>
        warn(name, `${String(target)} answered 410 and is told nothing`, 'Mend or remove the target, and restart.'),
      ),
  (name, { waiting_for_a_person: waiting }) =>
    typeof waiting === 'number' && waiting > 0
      ? [warn(name, `${waiting} uncertain: only a person can settle them`, 'risiti messages --status uncertain')]
      : [],
]

/** Pure: whether a signed event of no meaning is taken at an address; `where` is for people. */
export function signedPostCheck(name: string, where: string, answer: WebAnswer): Check {
  if (answer.kind === 'none') {
    return fail(name, `a signed event could not be posted ${where}: ${whyNone(answer.code)}`, 'Mend the address first.')
  }
  const { status } = answer
  if (status === 200) return ok(name, `an event signed as Briq signs is taken ${where}`)
  const text = `an event signed as Briq signs is answered ${status} ${where}`
  if (status === 401) {
    return fail(
      name,
      text,
      'Restart the service, which has another secret; or let the proxy leave bodies and headers alone.',
    )
  }
  if (status === 503)
    return fail(name, text, 'Its disk is full, or it was started without karibu.webhook_secret: see its log.')
  return fail(name, text, 'Let the proxy pass POST /webhooks/ on as it is, without redirects.')
}

/** What cannot be asked while it does not run. */
export function withoutService(because: string): Check[] {
  return ['service.state', 'service.webhooks'].map((name) => notChecked(name, because))
}

function items(body: Record<string, unknown>, name: string): Record<string, unknown>[] {
  const list = body[name]
  return Array.isArray(list) ? list.filter(isRecord) : []
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
