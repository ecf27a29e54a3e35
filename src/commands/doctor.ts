import type { Clock } from '../clock.ts'
import { ConfigError, type Fault } from '../config/faults.ts'
import { type ConfigSource, loadConfig } from '../config/load.ts'
import type { Secrets } from '../config/types.ts'
import { type Check, type CheckStatus, count, NOT_CHECKED } from '../doctor/check.ts'
import { type Examined, examine } from '../doctor/examine.ts'
import { oneLine } from '../karibu/wire.ts'

export interface DoctorInput {
  source: ConfigSource
  json: boolean
  timeoutMs: number
}

/** Looks at everything and says what to mend; exit code 1 when something failed. */
export async function runDoctor(
  { source, json, timeoutMs }: DoctorInput,
  { clock }: { clock: Pick<Clock, 'now'> },
): Promise<{ output: string; exitCode: 0 | 1 }> {
  const examined = load(source)
  const found = await examine(examined, { clock, timeoutMs })
  const checks = examined.loaded ? found.map((check) => scrubbed(check, examined.loaded?.secrets)) : found
  const exitCode = checks.some(({ status }) => status === 'fail') ? 1 : 0
  return { output: json ? JSON.stringify(checks, null, 2) : report(checks), exitCode }
}

/** With a secret that is not set, the rest is still looked at. */
function load(source: ConfigSource): Examined {
  const faults: Fault[] = []
  for (const secretsOptional of [false, true]) {
    try {
      return { file: source.file, faults, loaded: loadConfig({ ...source, secretsOptional }) }
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      if (!secretsOptional) faults.push(...error.faults)
    }
  }
  return { file: source.file, faults, loaded: undefined }
}

const TITLES: Record<string, string> = {
  configuration: 'Configuration',
  storage: 'Data',
  drawing: 'Receipts',
  karibu: 'Karibu',
  service: 'The service',
  address: 'public_url',
  shops: 'Shops',
  api: 'API',
}

const MARKS: Record<CheckStatus, string> = { ok: 'ok  ', warn: 'warn', fail: 'FAIL' }

function report(checks: readonly Check[]): string {
  const groups = Object.entries(TITLES).flatMap(([group, title]) => {
    const lines = checks.filter(({ check }) => check.split('.')[0] === group).map(line)
    return lines.length === 0 ? [] : [`${title}\n${lines.join('\n')}`]
  })
  return `${groups.join('\n\n')}\n\n${verdict(checks)}`
}

function line({ status, text, mend }: Check): string {
  const isShort = mend === null || text.startsWith(NOT_CHECKED)
  return `  ${MARKS[status]}  ${text}${isShort ? '' : `\n        → ${mend}`}`
}

function verdict(checks: readonly Check[]): string {
  const having = (status: CheckStatus) => checks.filter((check) => check.status === status).length
  const [bad, odd] = [having('fail'), having('warn')]
  if (bad > 0) return `${count(bad, 'fault')} to mend${odd > 0 ? `, ${count(odd, 'warning')}` : ''}.`
  return odd > 0 ? `Nothing is broken; ${count(odd, 'warning')}.` : 'All is well.'
}

/** Anything shorter would be found in every other sentence. */
const SHORTEST_HIDDEN = 6

/** No check says a secret, or tells the terminal what to do; what others told of themselves might. */
function scrubbed(check: Check, secrets: Secrets | undefined): Check {
  if (!secrets) return check
  const shops = Object.values(secrets.shops).flatMap(({ signing, path, credentials }) => [
    ...signing,
    ...path,
    ...Object.values(credentials),
  ])
  const tokens = secrets.apiTokens.map(({ token }) => token)
  const hidden = [secrets.karibuApiKey, secrets.karibuWebhookSecret ?? '', ...shops, ...tokens]
  const scrub = (text: string) =>
    hidden
      .filter((one) => one.length >= SHORTEST_HIDDEN)
      .reduce((clean, one) => clean.replaceAll(one, '(hidden)'), oneLine(text))
  return { ...check, text: scrub(check.text), mend: check.mend === null ? null : scrub(check.mend) }
}
