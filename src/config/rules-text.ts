import { ConfigError } from './faults.ts'
import { loadConfig } from './load.ts'
import type { Config, Rule } from './types.ts'

/**
 * Rules alone, as YAML text or plain data, checked as a start would check them for the shops of a running
 * configuration. Nothing of the environment is filled in: whoever asks may not be who may read it.
 */
export function readRules(rules: unknown, running: Pick<Config, 'shops'>): Rule[] {
  const { text, linesAdded } = withKey(rules)
  try {
    return loadConfig({ file: 'rules', text: `${text}\n${restOf(running)}`, env: {}, secretsOptional: true }).config
      .rules
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    throw new ConfigError(error.faults.map((fault) => ({ ...fault, line: Math.max(1, fault.line - linesAdded) })))
  }
}

function withKey(rules: unknown): { text: string; linesAdded: number } {
  if (typeof rules !== 'string') return { text: `rules: ${JSON.stringify(rules)}`, linesAdded: 0 }
  const lines = rules.split(/\r?\n/)
  const stranger = lines.findIndex((line) => /^(?!rules\s*:|- )[^\s#-]|^---/.test(line))
  if (stranger >= 0) {
    const message = 'only rules are taken here: a list, or rules: and a list under it'
    throw new ConfigError([{ file: 'rules', line: stranger + 1, column: 1, path: '', message }])
  }
  const hasKey = lines.some((line) => line.startsWith('rules'))
  return hasKey ? { text: rules, linesAdded: 0 } : { text: `rules:\n${rules}`, linesAdded: 1 }
}

/** A name of the environment that nobody looks up. */
const SECRET = '$'.concat('{SECRET}')

/** As little as a file needs to be one, with the shops that rules may name. */
function restOf({ shops }: Pick<Config, 'shops'>): string {
  const entries = Object.values(shops).map((shop) => [
    shop.id,
    { platform: 'standard', secrets: [SECRET], country: shop.country, brand: { name: 'shop' } },
  ])
  return [
    'public_url: https://risiti.example',
    `karibu: ${JSON.stringify({ api_key: SECRET, sender: '255700000001' })}`,
    `shops: ${JSON.stringify(Object.fromEntries(entries))}`,
  ].join('\n')
}
