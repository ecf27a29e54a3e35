import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { parse } from 'yaml'
import { describeKeys } from '../src/config/describe-keys.ts'
import { loadConfig } from '../src/config/load.ts'
import { METRICS } from '../src/metrics.ts'
import { MESSAGE_FILTERS } from '../src/query/filters.ts'
import { VARIABLES } from '../src/rules/variables.ts'
import { platforms } from '../src/shops/registry.ts'
import { messageData, orderData } from '../src/shops/standard-schema.ts'
import { MESSAGE_STATUSES } from '../src/store/words.ts'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

/** The first block of this kind under a heading. */
function blockUnder(heading: string, kind: string, holding = ''): string {
  const section = readme.slice(readme.indexOf(`${heading}\n`))
  const blocks = [...section.matchAll(/^```(\w+)\n([\s\S]*?)^```/gm)]
  return blocks.find(([, of, text = '']) => of === kind && text.includes(holding))?.[2] ?? ''
}

const TRY = '### Try it without WhatsApp'
const TRY_ENV = Object.fromEntries(
  [...blockUnder(TRY, 'sh', 'export').matchAll(/([A-Z_]+)=([\w.-]+)/g)].map(([, name, value]) => [name, value]),
)

/** Runs a block in a shell as a reader would, and gives what its curl would have sent. */
function sentBy(block: string): { address: string; headers: Headers; body: Uint8Array } {
  const folder = mkdtempSync(join(tmpdir(), 'risiti-readme-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const script = `set -eu\ncurl() { printf '%s\\n' "$@"; }\n${block}`
  const options = { cwd: folder, encoding: 'utf8', env: { PATH: process.env['PATH'], ...TRY_ENV } } as const
  const [address = '', ...rest] = execFileSync('sh', ['-c', script], options).trim().split('\n')
  const after = (flag: string) => rest.filter((_, index) => rest[index - 1] === flag)
  const headers = new Headers(
    after('-H').map((line): [string, string] => [line.split(': ')[0] ?? '', line.split(': ')[1] ?? '']),
  )
  const [file = ''] = after('--data-binary')
  return { address, headers, body: readFileSync(join(folder, file.replace('@', ''))) }
}

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

test('the README’s configuration for trying starts, and what it posts is taken as paid orders of one customer', () => {
  const text = blockUnder(TRY, 'yaml')
  const { config, secrets } = loadConfig({ file: '/etc/risiti/try.yaml', text, env: TRY_ENV })
  expect(Object.keys(config.shops)).toEqual(['duka', 'malipo'])
  const samples = [
    { shop: 'duka', platform: platforms.woocommerce, block: blockUnder(TRY, 'sh', 'SIGNATURE='), total: 4_800_000 },
    {
      shop: 'malipo',
      platform: platforms.clickpesa,
      block: blockUnder('#### A ClickPesa payment by hand', 'sh', 'CHECKSUM='),
      total: 1_800_000,
    },
  ]
  for (const { shop, platform, block, total } of samples) {
    const { address, headers, body } = sentBy(block)
    expect(address).toBe(`${config.publicUrl}/webhooks/${shop}`)
    const signing = secrets.shops[shop]?.signing ?? []
    expect(platform.verify({ headers, body }, signing, 0)).toEqual({ ok: true })
    const altered = Buffer.from(Buffer.from(body).toString().replace('8000.00', '9000.00'))
    expect(platform.verify({ headers, body: altered }, signing, 0)).toMatchObject({ code: 'signature.invalid' })
    const [reading] = platform.read(body, { topic: platform.topic(headers), country: 'TZ' })
    if (reading?.kind !== 'order') throw new Error(`${shop} posts no order`)
    expect(reading.order).toMatchObject({ total, phone: { e164: '255712345678' }, customer: { firstName: 'Asha' } })
    expect(Math.abs(Date.now() - (reading.order.paidAt ?? 0))).toBeLessThan(60_000)
  }
})

test('every link within the README leads to a heading', () => {
  const headings = [...readme.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N} -]/gu, '')
      .replaceAll(' ', '-'),
  )
  for (const [, target] of readme.matchAll(/\]\(#([^)]+)\)/g)) expect(headings).toContain(target)
})
