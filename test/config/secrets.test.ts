import { expect, test } from 'vitest'
import { runConfigCheck } from '../../src/commands/config.ts'
import { ConfigError } from '../../src/config/faults.ts'
import { loadConfig } from '../../src/config/load.ts'
import { aFile, ENV } from './a-file.ts'

const LITERAL = 's3cr3t_l1teral_value'
const VALUE = 's3cr3t_env_value_42'

/** Everything a fault could be printed from. */
function shown(text: string, env: Record<string, string>): string {
  try {
    loadConfig({ file: 'risiti.yaml', text, env })
    return ''
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    const { output } = runConfigCheck({ file: 'risiti.yaml', text, env })
    return [output, error.message, error.stack, JSON.stringify(error.faults), JSON.stringify(error.details)].join('\n')
  }
}

test.each([
  ['in the place of the API key', aFile().replace('${BRIQ_API_KEY}', LITERAL)],
  ['beside a variable', aFile().replace('${BRIQ_API_KEY}', `"${LITERAL}\${BRIQ_API_KEY}"`)],
  ['as a list of one', aFile().replace('${BRIQ_API_KEY}', `[${LITERAL}]`)],
  ['as a group', aFile().replace('${BRIQ_API_KEY}', `{ value: ${LITERAL} }`)],
  ['as an alias', aFile().replace('${BRIQ_API_KEY}', `*${LITERAL}`)],
  ['as a tag', aFile().replace('${BRIQ_API_KEY}', `!${LITERAL}`)],
  ['with an open quote', aFile().replace('${BRIQ_API_KEY}', `"${LITERAL}`)],
  ['with a colon in it', aFile().replace('${BRIQ_API_KEY}', `${LITERAL}: x: y`)],
  ['with braces', aFile().replace('"${DUKA_SECRET}"', `}${LITERAL}`)],
  ['with a bad escape', aFile().replace('"${DUKA_SECRET}"', `"\\${LITERAL}"`)],
  ['instead of the list', aFile().replace('["${DUKA_SECRET}"]', LITERAL)],
  ['over two lines', aFile().replace('${BRIQ_API_KEY}', `|\n    ${LITERAL}\n    more`)],
  ['as a token', aFile({ top: `api: { tokens: [{ name: pos, token: ${LITERAL}, scopes: [read] }] }\n` })],
  ['as a token without its key', aFile({ top: `api: { tokens: [${LITERAL}] }\n` })],
])('a secret written into the file is never printed: %s', (_, text) => {
  const output = shown(text, ENV)
  expect(output).not.toBe('')
  expect(output).not.toContain(LITERAL)
})

test.each([
  ['as an address', aFile().replace('https://risiti.duka.example', '${SECRET}')],
  ['as a number', aFile({ top: 'listen: { port: "${SECRET}" }\n' })],
  ['as a choice', aFile({ top: 'locale: ${SECRET}\n' })],
  ['as a platform', aFile().replace('woocommerce', '${SECRET}')],
  ['as a sender', aFile().replace('"255700000001"', '${SECRET}')],
  ['as a zone', aFile({ top: 'timezone: ${SECRET}\n' })],
  ['as a file', aFile({ brand: '      logo: ${SECRET}\n' })],
  ['as a condition', aFile({ rules: rule('if: order.${SECRET} > 5') })],
  ['as a wrong condition', aFile({ rules: rule('if: order.total > 5 &&& "${SECRET}"') })],
  ['as a shop', aFile({ rules: rule('when: { shop: "${SECRET}" }') })],
  [
    'as a variable of a caption',
    aFile({ rules: rule('invite: { template: a, variables: { a: "{{ ${SECRET} }}" } }') }),
  ],
])('a value out of the environment is never printed: %s', (_, text) => {
  const output = shown(text, { ...ENV, SECRET: VALUE })
  expect(output).not.toBe('')
  expect(output).not.toContain(VALUE)
})

test('secrets are apart from the settings, which may be logged whole', () => {
  const env = {
    ...ENV,
    TOKEN: 'a-token-of-16-chars',
    HOOK: 'a-secret-of-16-chars',
    RISITI_API_TOKEN: 'another-token-of-16',
  }
  const text = aFile({
    top: 'api: { tokens: [{ name: pos, token: "${TOKEN}", scopes: [read] }] }\n',
    karibu: '  webhook_secret: ${HOOK}\n',
  })
  const { config, secrets } = loadConfig({ file: 'risiti.yaml', text, env })
  const logged = JSON.stringify(config)
  for (const value of Object.values(env)) {
    expect(logged).not.toContain(value)
    expect(JSON.stringify(secrets)).toContain(value)
  }
})

function rule(line: string): string {
  return `rules:\n  - name: one\n    on: order.paid\n    send: { image: receipt }\n    ${line}\n`
}
