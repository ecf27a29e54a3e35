import { expect, test } from 'vitest'
import { runDoctor } from '../../src/commands/doctor.ts'
import type { Check } from '../../src/doctor/check.ts'

const NOW = Date.parse('2026-11-20T09:00:00Z')
const ENV = {
  BRIQ_API_KEY: 'a-key-nobody-may-see',
  BRIQ_WEBHOOK_SECRET: 'a-secret-nobody-may-see',
  DUKA_SECRET: 'no base64, nobody-may-see',
  RISITI_API_TOKEN: 'a-token-nobody-may-see',
}
/** Nothing listens there: what is asked is refused at once. */
const yaml = (change = '') => `
public_url: http://127.0.0.1:9
listen: { port: 9 }
data_dir: /nowhere/at/all
karibu:
  base_url: http://127.0.0.1:9
  api_key: \${BRIQ_API_KEY}
  webhook_secret: \${BRIQ_WEBHOOK_SECRET}
  sender: "255700000001"
shops:
  duka: { platform: standard, secrets: ["\${DUKA_SECRET}"], country: TZ, brand: { name: Duka } }
${change}`

const doctor = (text: string, { env = ENV, json = true }: { env?: Record<string, string>; json?: boolean } = {}) =>
  runDoctor({ source: { file: '/etc/risiti.yaml', text, env }, json, timeoutMs: 2_000 }, { clock: { now: () => NOW } })

test('as JSON it is a list of checks with four keys; something that failed is exit code 1', async () => {
  const { output, exitCode } = await doctor(yaml())
  expect(exitCode).toBe(1)
  const checks = JSON.parse(output) as Check[]
  expect(checks.length).toBeGreaterThan(20)
  for (const check of checks) {
    expect(Object.keys(check)).toEqual(['check', 'status', 'text', 'mend'])
    expect(check).toMatchObject({
      check: expect.stringMatching(/^[a-z]+\.[\w.-]+$/),
      status: expect.stringMatching(/^(ok|warn|fail)$/),
      text: expect.stringMatching(/.{8}/),
    })
    expect(check.mend === null).toBe(check.status === 'ok')
  }
  expect(checks.filter(({ status }) => status === 'fail').map(({ check }) => check)).toEqual([
    'karibu.key',
    'shops.duka.secrets',
  ])
})

test('for people it is grouped, each line with its mark and what is not well with how to mend it; no secret is shown', async () => {
  const { output } = await doctor(yaml(), { json: false })
  const titles = output.split('\n').filter((line) => /^[A-Zp]/.test(line))
  expect(titles).toEqual(['Configuration', 'Data', 'Receipts', 'Karibu', 'The service', 'public_url', 'Shops', 'API'])
  expect(output).toMatch(/\n {2}warn {2}there is no rule, so nothing is ever sent\n {8}→ Add one/)
  expect(output).toMatch(/\n {2}FAIL {2}Karibu cannot be asked: nothing listens there\n {8}→ /)
  expect(output).toMatch(/\n {2}ok {4}/)
  expect(output).toMatch(/\n2 faults to mend, \d+ warnings\.$/)
  const json = (await doctor(yaml())).output
  for (const said of [output, json]) expect(said).not.toMatch(/nobody-may-see|255700000001/)
})

test('what is not set is named by its variable, and all that does not need it is still looked at', async () => {
  const { BRIQ_API_KEY: _key, DUKA_SECRET: _secret, ...env } = ENV
  const { output, exitCode } = await doctor(yaml(), { env })
  const checks = JSON.parse(output) as Check[]
  expect(exitCode).toBe(1)
  expect(checks.filter(({ status }) => status === 'fail')).toMatchObject([
    {
      check: 'configuration.file',
      text: expect.stringContaining('BRIQ_API_KEY'),
      mend: expect.stringContaining('.env'),
    },
    { check: 'configuration.file', text: expect.stringContaining('DUKA_SECRET') },
    { check: 'shops.duka.secrets', text: expect.stringContaining('1 secret not set') },
  ])
  expect(checks.find(({ check }) => check === 'karibu.key')?.text).toMatch(/^not checked: .*api_key is not set/)
  expect(checks.find(({ check }) => check === 'storage.disk')?.status).toBe('ok')
})

test('a faulty file is told fault by fault, and what hangs on it is not checked', async () => {
  const { output, exitCode } = await doctor(yaml('rulez: []\nretention: { images: soon }\n'))
  expect(exitCode).toBe(1)
  const checks = JSON.parse(output) as Check[]
  const faults = checks.filter(({ status }) => status === 'fail')
  expect(faults.map(({ text }) => text)).toEqual([
    expect.stringMatching(/^\/etc\/risiti\.yaml:\d+:\d+ rulez: .*did you mean rules/),
    expect.stringMatching(/retention\.images/),
  ])
  expect(checks.filter(({ text }) => text.startsWith('not checked: ')).map(({ check }) => check)).toEqual(
    expect.arrayContaining(['storage.database', 'karibu.key', 'service.running', 'address.answers']),
  )
})
