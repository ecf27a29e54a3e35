import { ConfigError, formatFaults } from '../config/faults.ts'
import { configJsonSchema } from '../config/json-schema.ts'
import { type ConfigSource, loadConfig } from '../config/load.ts'
import { warningsOf } from '../config/warnings.ts'

/** `risiti config schema`: what an editor completes and checks risiti.yaml with. */
export function runConfigSchema(): string {
  return `${JSON.stringify(configJsonSchema(), null, 2)}\n`
}

/** `risiti config check`: everything a start would refuse, without starting. */
export function runConfigCheck(source: ConfigSource, json = false): { output: string; exitCode: 0 | 2 } {
  try {
    const { config, secrets } = loadConfig(source)
    const warnings = warningsOf(secrets)
    const shops = Object.keys(config.shops).length
    const rules = config.rules.length
    if (json)
      return { output: asJson({ file: source.file, ok: true, shops, rules, warnings, faults: [] }), exitCode: 0 }
    const fine = `${source.file} is fine: ${count(shops, 'shop')}, ${count(rules, 'rule')}\n`
    return { output: fine + warnings.map((warning) => `warning: ${warning}\n`).join(''), exitCode: 0 }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    const { faults } = error
    const output = json
      ? asJson({ file: source.file, ok: false, warnings: [], faults })
      : `${formatFaults(faults)}\n${count(faults.length, 'fault')}\n`
    return { output, exitCode: 2 }
  }
}

function asJson(facts: Record<string, unknown>): string {
  return `${JSON.stringify(facts, null, 2)}\n`
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`
}
