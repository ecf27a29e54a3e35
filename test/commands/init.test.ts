import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Question } from '../../src/commands/init/answers.ts'
import { type InitInput, runInit } from '../../src/commands/init/init.ts'
import { loadConfig } from '../../src/config/load.ts'
import { settingsChecks } from '../../src/doctor/settings.ts'
import { shopChecks, tokenCheck } from '../../src/doctor/shops.ts'
import { createIds } from '../../src/ids.ts'
import { PLATFORM_NAMES, platformNamed } from '../../src/shops/registry.ts'

const ids = createIds({ now: () => Date.parse('2026-11-20T09:00:00Z') })
const PUBLIC_URL = 'https://risiti.duka.example'

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'risiti-init-'))
  onTestFinished(() => rmSync(made, { recursive: true }))
  return made
}

const init = (at: string, change: Partial<InitInput> = {}, asker?: Parameters<typeof runInit>[1]['asker']) =>
  runInit(
    {
      file: join(at, 'risiti.yaml'),
      given: { publicUrl: PUBLIC_URL },
      writeEnv: undefined,
      force: false,
      json: true,
      ...change,
    },
    { ids, asker },
  )

const namesIn = (text: string) =>
  [...text.matchAll(/^([A-Z][A-Z0-9_]*)=(.*)$/gm)].map(([, name = '', value = '']) => ({ name, value }))

test.each(PLATFORM_NAMES)(
  'what it writes for %s starts once .env is filled in, and the doctor finds nothing wrong in it',
  async (platform) => {
    const at = folder()
    await init(at, {
      given: { publicUrl: PUBLIC_URL, platform, shop: '9-duka_la', shopName: 'Duka la "Asha" ${X}' },
      writeEnv: true,
    })
    const file = join(at, 'risiti.yaml')
    const text = readFileSync(file, 'utf8')
    const made = namesIn(readFileSync(join(at, '.env'), 'utf8'))
    expect(namesIn(readFileSync(join(at, '.env.example'), 'utf8'))).toEqual(
      made.map(({ name }) => ({ name, value: '' })),
    )
    // What is left empty is given to us by somebody: Briq, the platform.
    const env = Object.fromEntries(
      made.map(({ name, value }) => [
        name,
        value || (name === 'BRIQ_SENDER' ? '255700000001' : 'whsec_Z2l2ZW4gdG8gdXM='),
      ]),
    )
    const { config, secrets } = loadConfig({ file, text, env })
    expect(config).toMatchObject({
      publicUrl: PUBLIC_URL,
      shops: { '9-duka_la': { platform, sender: '255700000001', brand: { name: 'Duka la "Asha" ${X}' } } },
      rules: [{ name: 'receipt', on: 'order.paid' }],
    })
    const checks = [
      ...settingsChecks({ file, faults: [], config }),
      ...shopChecks(config, secrets, {
        lastTold: new Map([['9-duka_la', 0]]),
        silent: [],
        secretProblem: (name, secret) => platformNamed(name)?.secretProblem(secret) ?? null,
        now: 0,
      }),
      tokenCheck(secrets, 0),
    ]
    expect(checks.filter(({ status }) => status !== 'ok')).toEqual([])
    for (const { name } of made.slice(0, -1)) expect(text).toContain(`\${${name}}`)
  },
)

test('no secret is written without consent; with it, only to .env, which only its owner may read', async () => {
  const without = folder()
  await init(without)
  expect(readdirSync(without).toSorted()).toEqual(['.env.example', 'risiti.yaml'])
  const at = folder()
  const output = await init(at, { writeEnv: true })
  expect(statSync(join(at, '.env')).mode & 0o777).toBe(0o600)
  const secrets = namesIn(readFileSync(join(at, '.env'), 'utf8')).flatMap(({ value }) => value || [])
  expect(secrets).toHaveLength(3)
  expect(new Set(secrets).size).toBe(3)
  const elsewhere =
    output + ['risiti.yaml', '.env.example'].map((name) => readFileSync(join(at, name), 'utf8')).join('')
  for (const secret of secrets) expect(elsewhere).not.toContain(secret)
})

test('what is there is never written over without being told to, and a value in .env not even then', async () => {
  const at = folder()
  writeFileSync(join(at, 'risiti.yaml'), 'mine')
  await expect(init(at, { writeEnv: true })).rejects.toThrow(/risiti\.yaml would be written over: add --force/)
  await expect(init(at, {}, { answer: async () => '', agree: async () => false })).rejects.toThrow('--force')
  expect(readFileSync(join(at, 'risiti.yaml'), 'utf8')).toBe('mine')
  expect(readdirSync(at)).toEqual(['risiti.yaml'])
  writeFileSync(join(at, '.env'), 'BRIQ_API_KEY=mine\nBRIQ_WEBHOOK_SECRET=mine-of-16-characters\n')
  await init(at, { writeEnv: true, force: true })
  expect(readFileSync(join(at, 'risiti.yaml'), 'utf8')).toContain(PUBLIC_URL)
  expect(readFileSync(join(at, '.env'), 'utf8')).toMatch(
    /^BRIQ_API_KEY=mine\nBRIQ_WEBHOOK_SECRET=mine-of-16-characters\n/,
  )
})

test.each([
  [{}, /say --public-url/],
  [{ publicUrl: 'http://risiti.duka.example' }, /--public-url must begin with https/],
  [{ publicUrl: PUBLIC_URL, platform: 'magento' }, /--platform must be woocommerce, /],
  [{ publicUrl: PUBLIC_URL, shop: 'karibu' }, /--shop is Briq’s own/],
  [{ publicUrl: PUBLIC_URL, shop: 'Duka' }, /--shop use small letters/],
  [{ publicUrl: PUBLIC_URL, sender: '0712345678' }, /--sender must begin with the country code/],
  [{ publicUrl: PUBLIC_URL, country: 'UK' }, /--country must be GB/],
  [{ publicUrl: PUBLIC_URL, timezone: 'Dar' }, /--timezone/],
])('%j is refused in one sentence before anything is written', async (given, says) => {
  const at = folder()
  await expect(init(at, { given })).rejects.toThrow(says)
  expect(readdirSync(at)).toEqual([])
})

test('at a terminal only what was not said is asked, and it ends with three steps', async () => {
  const at = folder()
  const asked: string[] = []
  const asker = {
    async answer({ name, fallback }: Question) {
      asked.push(name)
      return name === 'publicUrl' ? `${PUBLIC_URL}/` : (fallback ?? '')
    },
    async agree(question: string) {
      asked.push(question)
      return true
    },
  }
  const output = await init(at, { given: { platform: 'pesapal', shop: 'malipo' }, json: false }, asker)
  expect(asked).toEqual([
    'publicUrl',
    'sender',
    'shopName',
    'country',
    'timezone',
    'locale',
    'color',
    expect.stringContaining('.env?'),
  ])
  const steps = output.slice(output.indexOf('Next:')).split('\n').slice(1)
  expect(steps).toEqual([
    expect.stringMatching(/1\. Fill in BRIQ_API_KEY, BRIQ_SENDER, MALIPO_CONSUMER_KEY, MALIPO_CONSUMER_SECRET;/),
    expect.stringMatching(
      /2\. risiti serve .*Pesapal at https:\/\/risiti\.duka\.example\/webhooks\/malipo\/<the secret/,
    ),
    expect.stringMatching(/3\. risiti webhook register .*risiti doctor/),
  ])
})
