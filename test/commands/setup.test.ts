import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Check } from '../../src/doctor/check.ts'
import { freePort } from '../support/free-port.ts'
import { endAll, eventually, run, start } from './program.ts'

// Each command is a process of its own.
vi.setConfig({ testTimeout: 60_000 })

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'risiti-setup-'))
})
afterAll(async () => {
  await endAll()
  rmSync(folder, { recursive: true, force: true })
})

const risiti = (args: string[], env: Record<string, string> = {}) => run(args, { cwd: folder, env })

function variables(): Record<string, string> {
  const lines = readFileSync(join(folder, '.env'), 'utf8').split('\n')
  return Object.fromEntries(lines.flatMap((line) => (/^\w+=./.test(line) ? [line.split(/=(.*)/).slice(0, 2)] : [])))
}

test('from nothing to a set-up the doctor finds nothing wrong with: init, sandbox, webhook register, serve, doctor', async () => {
  expect((await risiti(['doctor'])).code).toBe(2)
  const asked = await risiti(['init'])
  expect([asked.code, asked.stderr]).toEqual([1, 'risiti: say --public-url: nobody is asked here\n'])
  const [port, karibuPort] = [await freePort(), await freePort()]
  const made = await risiti([
    'init',
    '--yes',
    '--public-url',
    `http://127.0.0.1:${port}`,
    '--sender',
    '255700000001',
    '--write-env',
  ])
  expect([made.code, made.stderr]).toEqual([0, ''])
  const again = await risiti(['init', '--yes', '--public-url', 'https://x.example'])
  expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('add --force')])

  const file = join(folder, 'risiti.yaml')
  const written = readFileSync(file, 'utf8')
  const karibu = `listen: { port: ${port} }\nkaribu:\n  base_url: http://127.0.0.1:${karibuPort}\n`
  writeFileSync(file, written.replace('karibu:\n', karibu))
  const { BRIQ_WEBHOOK_SECRET: secret = '', ...env } = { ...variables(), BRIQ_API_KEY: 'sandbox-key' }
  const sandbox = start(['sandbox', '--port', String(karibuPort)], { cwd: folder })
  const appId = await eventually('the sandbox', () => /app id +(\S+)/.exec(sandbox.stdout())?.[1])

  const registered = await risiti(['webhook', 'register', '--app-id', appId, '--write-env', 'new.env', '--json'], env)
  expect([registered.code, registered.stderr]).toEqual([0, ''])
  expect(JSON.parse(registered.stdout)).toMatchObject({ done: 'registered', secret: { written_to: 'new.env' } })
  const kept = await risiti(['webhook', 'register'], { ...env, BRIQ_WEBHOOK_SECRET: secret })
  expect([kept.code, kept.stdout]).toEqual([0, expect.stringContaining('it has our secret now')])

  const whole = { ...env, BRIQ_WEBHOOK_SECRET: secret }
  const service = start(['serve'], { cwd: folder, env: whole })
  await eventually('the service', () => service.stdout().includes('service.started') || undefined)
  const sound = await risiti(['doctor', '--json'], whole)
  const unwell = (JSON.parse(sound.stdout) as Check[]).filter(({ status }) => status !== 'ok').map(({ check }) => check)
  expect([sound.code, sound.stderr, unwell]).toEqual([
    0,
    '',
    ['configuration.karibu', 'storage.backups', 'address.name', 'shops.duka.deliveries'],
  ])
  const broken = await risiti(['doctor'], { ...whole, BRIQ_API_KEY: 'another-key' })
  expect([broken.code, broken.stdout]).toEqual([1, expect.stringContaining('FAIL  Karibu answered 401')])
  const lines = service.stdout()
  for (const text of [made, again, registered, kept, sound, broken]
    .map(({ stdout, stderr }) => stdout + stderr)
    .concat(lines))
    for (const value of Object.values(whole)) expect(text).not.toContain(value)
  service.signal('SIGTERM')
  expect((await service.ended).code).toBe(0)
})
