import { tmpdir } from 'node:os'
import { afterAll, expect, test } from 'vitest'
import { visit, wordsOf } from '../sandbox/phone-pages.ts'
import { webhookReceiver } from '../sandbox/world.ts'
import { endAll, eventually, run, start } from './program.ts'

afterAll(endAll)

const ENV = { DUKA_WEBHOOK_SECRET: 'a-secret-for-duka' }
const cwd = tmpdir()

test('risiti sandbox says where the phone is; its toy shop posts to the shop it was told of', async () => {
  const { url, received } = await webhookReceiver()
  const shop = ['--shop-url', url, '--shop-secret-env', 'DUKA_WEBHOOK_SECRET']
  const sandbox = start(['sandbox', '--port', '0', ...shop], { cwd, env: ENV })
  const phone = await eventually('the phone’s address', () => /^ {2}(http:\S+)\/phone$/m.exec(sandbox.stdout())?.[1])
  const { text } = await visit(phone, '/phone/shop')
  expect(wordsOf(text)).toContain('Sign in with an API token of yours')
  expect(text).toContain(`href="${new URL('/dashboard', url).href}"`)
  const bought = await visit(phone, '/phone/shop/orders', { form: { khanga: '1', phone: '255712345678', paid: 'yes' } })
  expect(bought.status).toBe(303)
  expect(received.map((post) => post.json.status)).toEqual(['pending', 'processing'])
  expect(sandbox.stdout() + text).not.toContain(ENV.DUKA_WEBHOOK_SECRET)
  sandbox.signal('SIGTERM')
  expect((await sandbox.ended).code).toBe(0)
})

test('half a toy shop is refused, as is an address that is none', async () => {
  const address = 'http://127.0.0.1:8787/webhooks/duka'
  const half = await run(['sandbox', '--port', '0', '--shop-url', address], { cwd, env: ENV })
  expect([half.code, half.stderr]).toEqual([1, 'risiti: the toy shop needs both --shop-url and --shop-secret-env\n'])
  const none = await run(['sandbox', '--shop-url', 'duka', '--shop-secret-env', 'DUKA_WEBHOOK_SECRET'], {
    cwd,
    env: ENV,
  })
  expect([none.code, none.stderr]).toEqual([1, expect.stringContaining('an address with http:// or https://')])
})
