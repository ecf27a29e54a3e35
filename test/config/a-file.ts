import { ConfigError, formatFaults } from '../../src/config/faults.ts'
import { loadConfig } from '../../src/config/load.ts'
import type { Config, Secrets } from '../../src/config/types.ts'

export const ENV = {
  BRIQ_API_KEY: 'live-key-0123456789',
  DUKA_SECRET: 'duka-webhook-secret',
} satisfies Record<string, string>

/** The smallest file that starts, with pieces to put in: each ends in its own line. */
export function aFile({ top = '', karibu = '', shop = '', brand = '', rules = '' } = {}): string {
  return `public_url: https://risiti.duka.example
${top}karibu:
  api_key: \${BRIQ_API_KEY}
  sender: "255700000001"
${karibu}shops:
  duka:
    platform: woocommerce
    secrets: ["\${DUKA_SECRET}"]
    country: TZ
${shop}    brand:
      name: Duka la Asha
${brand}${rules}`
}

export function load(
  text: string,
  env: Record<string, string | undefined> = ENV,
): { config: Config; secrets: Secrets } {
  return loadConfig({ file: 'conf/risiti.yaml', text, env })
}

/** The faults as people see them, without the name of the file. */
export function faultsOf(text: string, env: Record<string, string | undefined> = ENV): string[] {
  try {
    load(text, env)
    return []
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return formatFaults(error.faults)
      .split('\n')
      .map((line) => line.replace('conf/risiti.yaml:', ''))
  }
}
