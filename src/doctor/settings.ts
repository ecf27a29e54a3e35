import type { Fault } from '../config/faults.ts'
import type { Config } from '../config/types.ts'
import { isLoopback } from '../config/values.ts'
import { type Check, count, fail, ok, warn } from './check.ts'

const NAME = 'configuration.file'

/** Pure: what the file is like; `config` is missing where the faults leave none. */
export function settingsChecks({
  file,
  faults,
  config,
}: {
  file: string
  faults: readonly Fault[]
  config: Config | undefined
}): Check[] {
  const wrong = faults.map(({ line, column, path, message }) => {
    const where = `${file}:${line}:${column} ${path}`.trimEnd()
    const variable = /the environment variable (\w+) is not set/.exec(message)?.[1]
    const mend =
      variable === undefined
        ? 'Mend the file; risiti config check names all its faults.'
        : `Put ${variable} into the environment of the service, and of this shell: set -a; . ./.env; set +a`
    return fail(NAME, `${where}: ${message.replaceAll('\n', ' ')}`, mend)
  })
  if (!config) return wrong
  const shops = count(Object.keys(config.shops).length, 'shop')
  const fine = ok(NAME, `${file} is fine: ${shops}, ${count(config.rules.length, 'rule')}`)
  return [...(wrong.length > 0 ? wrong : [fine]), ...meanings(config)]
}

/** What a start takes, and is seldom meant. */
function meanings({ rules, karibu }: Config): Check[] {
  const checks: Check[] = []
  if (rules.length === 0) {
    const mend =
      'Add one under rules: risiti init writes a first one, and “Rules and captions” of the README shows more.'
    checks.push(warn('configuration.rules', 'there is no rule, so nothing is ever sent', mend))
  }
  if (isLoopback(new URL(karibu.baseUrl).hostname)) {
    const text = 'karibu.base_url is on this machine: a sandbox, and no message reaches anybody'
    checks.push(warn('configuration.karibu', text, 'Take karibu.base_url out of the file when it shall be real.'))
  }
  return checks
}
