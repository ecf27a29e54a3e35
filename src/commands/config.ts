import { ConfigError, formatFaults } from '../config/faults.ts'
import { configJsonSchema } from '../config/json-schema.ts'
import { type ConfigSource, loadConfig } from '../config/load.ts'
import { warningsOf } from '../config/warnings.ts'

/** `risiti config schema`: what an editor completes and checks risiti.yaml with. */
export function runConfigSchema(): string {
  return `${JSON.stringify(configJsonSchema(), null, 2)}\n`
}

/** `risiti config check`: everything a start would refuse, without starting. */
export function runConfigCheck(source: ConfigSource): { output: string; exitCode: 0 | 2 } {
  try {
    const { config, secrets } = loadConfig(source)
    const shops = count(Object.keys(config.shops).length, 'shop')
    const warnings = warningsOf(secrets).map((warning) => `warning: ${warning}\n`)
    const fine = `${source.file} is fine: ${shops}, ${count(config.rules.length, 'rule')}\n`
    return { output: fine + warnings.join(''), exitCode: 0 }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return { output: `${formatFaults(error.faults)}\n${count(error.faults.length, 'fault')}\n`, exitCode: 2 }
  }
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`
}
