import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { describeKeys } from '../src/config/describe-keys.ts'
import { loadConfig } from '../src/config/load.ts'
import { METRICS } from '../src/metrics.ts'
import { MESSAGE_FILTERS } from '../src/query/filters.ts'
import { VARIABLES } from '../src/rules/variables.ts'
import { messageData, orderData } from '../src/shops/standard-schema.ts'
import { MESSAGE_STATUSES } from '../src/store/words.ts'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

test('the README’s table of settings is the schema’s', () => {
  const table = readme.slice(readme.indexOf('## Every setting'), readme.indexOf('## Tools for the first day'))
  const rows = table.split('\n').filter((line) => line.startsWith('| `'))
  expect(rows).toEqual(
    describeKeys().map(({ key, type, default: fallback, required, meaning }) => {
      return `| \`${key}\` | ${type} | ${required ? 'required' : (fallback ?? '')} | ${meaning} |`
    }),
  )
})

test('the README names every field of our own events, every caption variable, filter and status', () => {
  for (const shape of [orderData.shape, messageData.shape]) {
    for (const field of Object.keys(shape)) expect(readme).toContain(`| \`${field}\` |`)
  }
  for (const { name } of VARIABLES) expect(readme).toContain(`| \`${name}\` |`)
  for (const name of [...MESSAGE_FILTERS, ...MESSAGE_STATUSES]) expect(readme).toContain(`\`${name}\``)
})

test('the README’s example configuration and rules start', () => {
  const blocks = [...readme.matchAll(/```yaml\n([\s\S]*?)```/g)].map((match) => match[1] ?? '')
  const [settings = ''] = blocks
  const rules = blocks.find((text) => text.startsWith('rules:')) ?? ''
  const env = {
    BRIQ_API_KEY: 'an-api-key-of-briq',
    BRIQ_WEBHOOK_SECRET: 'sixteen-characters-and-more',
    DUKA_WEBHOOK_SECRET: 'a-secret-of-the-shop',
  }
  const first = loadConfig({ file: '/etc/risiti/risiti.yaml', text: settings, env })
  expect(Object.keys(first.config.shops)).toEqual(['duka'])
  const text = settings.slice(0, settings.indexOf('rules:')) + rules
  expect(loadConfig({ file: '/etc/risiti/risiti.yaml', text, env }).config.rules.map((rule) => rule.name)).toEqual([
    'big-orders',
    'price-list',
  ])
})

test('the README’s example of a gateway starts', () => {
  const [settings = ''] = [...readme.matchAll(/```yaml\n([\s\S]*?)```/g)].map((match) => match[1])
  const gateway = /```yml\n([\s\S]*?)```/.exec(readme)?.[1] ?? ''
  const env = {
    BRIQ_API_KEY: 'an-api-key-of-briq',
    BRIQ_WEBHOOK_SECRET: 'sixteen-characters-and-more',
    DUKA_PATH_SECRET: 'an-address-nobody-can-guess',
    PESAPAL_KEY: 'a-consumer-key',
    PESAPAL_SECRET: 'a-consumer-secret',
  }
  const text = settings.slice(0, settings.indexOf('shops:')) + gateway
  const { config } = loadConfig({ file: '/etc/risiti/risiti.yaml', text, env })
  expect(config.shops['duka']?.platform).toBe('pesapal')
})

test('the README’s table of metrics is the program’s, and its alert rules name no other', () => {
  const rows = readme.split('\n').filter((line) => line.startsWith('| `risiti_'))
  expect(rows).toEqual(
    Object.entries(METRICS).map(([name, [type, labels, help]]) => {
      return `| \`${name}\` | ${type} | ${labels.map((label) => `\`${label}\``).join(' ')} | ${help} |`
    }),
  )
  const alerts = [...readme.matchAll(/```yaml\n([\s\S]*?)```/g)]
    .map((match) => match[1])
    .find((text) => /groups:/.test(text ?? ''))
  const { groups } = parse(alerts ?? '') as { groups: { rules: { alert: string; expr: string }[] }[] }
  const named = groups.flatMap(({ rules }) => rules.flatMap(({ expr }) => expr.match(/risiti_\w+/g) ?? []))
  expect(named.length).toBeGreaterThan(8)
  for (const name of named) expect(Object.keys(METRICS)).toContain(name)
})
