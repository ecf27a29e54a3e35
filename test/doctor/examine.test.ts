import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync, truncateSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { makeBackup } from '../../src/backup/backup.ts'
import { DAY, MINUTE, SECOND } from '../../src/clock.ts'
import type { SandboxOptions } from '../../src/sandbox/options.ts'
import { API_TOKEN, ASHA, INVITING, KARIBU_SECRET, paidOrder, SECRETS } from '../support/world.ts'
import { doctorWorld, find, proxy, said, unwell } from './world.ts'

const SENDER = '255700000001'
/** What a world at 127.0.0.1 with a sandbox always is told. */
const TRYING = ['warn configuration.karibu', 'warn address.name']

const MARKS = [SENDER, ASHA, API_TOKEN, KARIBU_SECRET, 'sandbox-key', 'another-', 'key=', ...Object.values(SECRETS)]

afterAll(() => {
  expect(said.length).toBeGreaterThan(200)
  const leaks = said.filter((check) => MARKS.some((mark) => JSON.stringify(check).includes(mark)))
  expect(leaks).toEqual([])
})

/** Registers at Briq what `webhook` says. */
async function registered(karibu: { url: string; apiKey: string; appId: string }, webhook: Record<string, unknown>) {
  const answer = await fetch(`${karibu.url}/v1/webhooks/`, {
    method: 'POST',
    headers: { 'x-api-key': karibu.apiKey, 'content-type': 'application/json' },
    body: JSON.stringify({ app_id: karibu.appId, service_type: 'whatsapp', ...webhook }),
  })
  expect(answer.status).toBe(201)
}

test('a set-up that works is well in all but being on one machine; looking at it sends, changes and counts nothing', async () => {
  const { world, config, look } = await doctorWorld()
  await registered(world.karibu, { url: `${world.url}/webhooks/karibu`, secret_token: KARIBU_SECRET })
  for (const platform of ['woocommerce', 'shopify', 'standard'] as const)
    await world.shopSends(platform, paidOrder({ id: `4-${platform}`, number: platform }))
  world.karibu.customerWrites(ASHA)
  await world.run(MINUTE)
  await makeBackup({ dataDir: config.dataDir, to: null, minFreeBytes: 0 }, { clock: world.clock, progress() {} })
  const before = [files(world.folder), world.karibu.messages(), await world.get('/v1/events')]
  const asked = world.karibu.requests()

  const checks = await look()
  expect(unwell(checks)).toEqual(TRYING)
  expect(checks.every(({ mend, status }) => (mend === null) === (status === 'ok'))).toBe(true)
  for (const [name, says] of [
    ['service.running', /runs and answers/],
    ['service.webhooks', /is taken/],
    ['address.answers', /it is this service/],
    ['address.media', /right Content-Type/],
    ['address.webhooks', /through public_url/],
    ['karibu.sender', /…0001 is listed as active/],
    ['karibu.webhook', /with our secret/],
    ['storage.pages', /every page/],
    ['shops.duka.deliveries', /told something \d+ (s|min) ago/],
  ] as const)
    expect(find(checks, name).text).toMatch(says)

  expect([files(world.folder), world.karibu.messages(), await world.get('/v1/events')]).toEqual(before)
  const since = Object.entries(world.karibu.requests()).filter(([name, times]) => times !== asked[name])
  expect(since.map(([name]) => name).every((name) => name.startsWith('GET '))).toBe(true)
})

function files(folder: string): [string, string][] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile() && !name.endsWith('-shm'))
    .map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(join(folder, name)))
        .digest('hex'),
    ])
}

describe('Karibu', () => {
  test.each<[string, SandboxOptions['switches'], RegExp, string[]]>([
    ['a refused key', { auth: 'unauthorized' }, /401.*does not take the key/, ['sender', 'templates', 'webhook']],
    [
      'a key without a workspace',
      { auth: 'no-workspace' },
      /belongs to no workspace/,
      ['sender', 'templates', 'webhook'],
    ],
    ['a clock a minute off', { clockAheadMs: MINUTE }, /60 s behind/, []],
    ['a clock ten minutes off', { clockAheadMs: -10 * MINUTE }, /10 min ahead of .*misjudged/, []],
    ['no time told', { clockAheadMs: null }, /not known/, []],
    ['a fault of its own', { readFault: { http: 503 } }, /503/, ['sender', 'templates', 'webhook']],
  ])('%s is told, and what hangs on it is not checked', async (_, switches = {}, says, unchecked) => {
    const { world, look } = await doctorWorld()
    world.karibu.set(switches)
    const checks = await look()
    const [told] = checks.filter(({ check, status }) => /karibu\.(key|clock)/.test(check) && status !== 'ok')
    expect(told?.text).toMatch(says)
    const left = checks.filter(({ check, text }) => check.startsWith('karibu.') && text.startsWith('not checked: '))
    expect(left.map(({ check }) => check.replace('karibu.', ''))).toEqual(unchecked)
  })

  test('one that is away, or answers without end, holds nothing up', async () => {
    const { world, look } = await doctorWorld()
    world.karibu.set({ readFault: { delayMs: DAY } })
    const startedAt = performance.now()
    expect(find(await look({ timeoutMs: 300 }), 'karibu.key')).toMatchObject({
      status: 'fail',
      text: expect.stringMatching(/took too long/),
    })
    expect(performance.now() - startedAt).toBeLessThan(3_000)
    await world.karibu.goDown()
    const checks = await look()
    expect(find(checks, 'karibu.key')).toMatchObject({
      status: 'fail',
      text: expect.stringMatching(/nothing listens there/),
    })
    expect(find(checks, 'karibu.clock').status).toBe('warn')
    expect(find(checks, 'service.running').status).toBe('ok')
    await world.karibu.comeBack()
  })

  test('a sender that is inactive, or unknown, is a fault', async () => {
    const { config, look } = await doctorWorld({
      sandbox: { senders: [{ number: '255700000002' }, { number: SENDER, active: false }] },
    })
    expect(find(await look(), 'karibu.sender')).toMatchObject({
      status: 'fail',
      text: expect.stringMatching(/…0001.*inactive/),
    })
    const shops = { duka: { ...config.shops['duka']!, sender: '255799999999' } }
    expect(find(await look({ config: { shops } }), 'karibu.sender')).toMatchObject({
      status: 'fail',
      text: expect.stringMatching(/…9999.*does not list/),
    })
  })

  test.each<[string, SandboxOptions['templates'], string, RegExp]>([
    [
      'an approved template with its variables',
      [{ name: 'receipt_ready', params: ['1'] }],
      'ok',
      /approved, and receipt/,
    ],
    ['one that waits', [{ name: 'receipt_ready', status: 'PENDING' }], 'fail', /IN_REVIEW, not APPROVED/],
    ['one that nobody made', [{ name: 'receipt_ready_2' }], 'fail', /no template receipt_ready/],
    ['one with other variables', [{ name: 'receipt_ready', params: ['1', '2'] }], 'fail', /wants .* 1, 2.*gives 1/],
  ])('%s', async (_, templates = [], status, says) => {
    const { look } = await doctorWorld({ rules: INVITING, sandbox: { templates } })
    expect(find(await look(), 'karibu.templates')).toMatchObject({ status, text: expect.stringMatching(says) })
  })

  const here = (url: string) => `${url}/webhooks/karibu`
  test.each<[string, (url: string) => Record<string, unknown> | null, string, RegExp]>([
    ['no webhook', () => null, 'warn', /no webhook is registered/],
    [
      'one that leads elsewhere',
      () => ({ url: 'https://other.example/x?key=another' }),
      'warn',
      /https:\/\/other\.example\/…/,
    ],
    ['one of another service', (url) => ({ url: here(url), service_type: 'sms' }), 'warn', /for sms, not whatsapp/],
    [
      'one with another secret',
      (url) => ({ url: here(url), secret_token: 'another-secret-of-16' }),
      'fail',
      /another secret/,
    ],
    ['one without a secret', (url) => ({ url: here(url) }), 'fail', /no secret/],
    ['ours', (url) => ({ url: here(url), secret_token: KARIBU_SECRET }), 'ok', /with our secret/],
  ])('the webhook at Briq: %s', async (_, webhook, status, says) => {
    const { world, look } = await doctorWorld({ webhooks: false })
    const made = webhook(world.url)
    if (made) await registered(world.karibu, made)
    // Said as a host alone: what follows it may be a key.
    const { text, ...rest } = find(await look(), 'karibu.webhook')
    expect([rest.status, text]).toEqual([status, expect.stringMatching(says)])
    expect(text).not.toContain('key=')
  })

  test('without a secret of our own nothing of Briq’s is taken, and that is told', async () => {
    const { world, look } = await doctorWorld()
    await registered(world.karibu, { url: here(world.url), secret_token: KARIBU_SECRET })
    const checks = await look({ secrets: { karibuWebhookSecret: null } })
    expect(find(checks, 'karibu.signature').status).toBe('warn')
    expect(find(checks, 'karibu.webhook')).toMatchObject({ status: 'fail', text: expect.stringMatching(/is not set/) })
    expect(find(checks, 'service.webhooks').text).toMatch(/^not checked: /)
  })
})

describe('the service', () => {
  test('one that does not run leaves what asks it unchecked, and nothing of that is a failure', async () => {
    const { world, look } = await doctorWorld()
    await world.app.stop()
    const checks = await look()
    expect(checks.filter(({ status }) => status === 'fail')).toEqual([])
    expect(find(checks, 'service.running')).toMatchObject({ status: 'warn', text: 'the service does not run' })
    for (const name of ['service.state', 'service.webhooks', 'address.answers', 'address.media', 'address.webhooks'])
      expect(find(checks, name).text).toMatch(/^not checked: .*the service does not run/)
  })

  test('one with another key or secret than the settings is told from one with these', async () => {
    const { world, look } = await doctorWorld()
    const key = await look({ secrets: { karibuApiKey: 'another-key' } })
    expect(find(key, 'service.running')).toMatchObject({
      status: 'fail',
      text: expect.stringMatching(/with other settings/),
    })
    expect(find(key, 'address.answers')).toMatchObject({
      status: 'fail',
      text: expect.stringMatching(/not one with these settings/),
    })
    const secret = await look({ secrets: { karibuWebhookSecret: 'another-secret-of-16' } })
    expect(find(secret, 'service.webhooks')).toMatchObject({
      status: 'fail',
      text: expect.stringMatching(/answered 401/),
    })
    expect(find(secret, 'address.webhooks')).toMatchObject({
      status: 'fail',
      text: expect.stringMatching(/answered 401/),
    })
    expect((await world.get('/v1/events')).body).toMatchObject({ items: [] })
  })

  test('what it says of itself is passed on: a refused key pauses a sender, and shows nothing that customers write', async () => {
    const { world, look } = await doctorWorld()
    world.karibu.customerWrites(ASHA)
    await world.run(20 * SECOND)
    world.karibu.set({ auth: 'unauthorized' })
    await world.shopSends('woocommerce', paidOrder())
    await world.run(MINUTE)
    const state = (await look()).filter(({ check }) => check === 'service.state').map(({ text }) => text)
    expect(state).toEqual([
      expect.stringMatching(/…0001 is paused until .*karibu\./),
      expect.stringMatching(/refuses to show what customers write/),
    ])
  })
})

describe('public_url', () => {
  const media = /^\/media\//
  test.each<[string, Parameters<typeof proxy>[0], string, RegExp]>([
    ['passes everything on', () => false, 'ok', /right Content-Type/],
    [
      'changes the type of pictures',
      ({ url = '' }, _, headers) => {
        if (media.test(url)) headers['content-type'] = 'text/html'
        return false
      },
      'fail',
      /GET has Content-Type text\/html.*HEAD has/,
    ],
    [
      'redirects pictures',
      ({ url = '' }, outgoing) => media.test(url) && !!outgoing.writeHead(302, { location: '/login' }).end(),
      'fail',
      /GET is answered 302, a redirect/,
    ],
    [
      'takes no HEAD',
      ({ url = '', method }, outgoing) => media.test(url) && method === 'HEAD' && !!outgoing.writeHead(405).end(),
      'fail',
      /^[^;]*HEAD is answered 405$/,
    ],
    [
      'does not tell the length',
      ({ url = '', method }, outgoing) => media.test(url) && method === 'GET' && sendsChunked(outgoing),
      'fail',
      /GET has Content-Length none/,
    ],
    [
      'answers pictures with nothing',
      ({ url = '', socket }) => media.test(url) && !!socket.destroy(),
      'fail',
      /was cut/,
    ],
  ])('behind a proxy that %s', async (_, spoil, status, says) => {
    const front = await proxy(spoil)
    const { world, look } = await doctorWorld({ publicUrl: front.url })
    front.lead(world.url)
    const checks = await look()
    expect(find(checks, 'address.media')).toMatchObject({ status, text: expect.stringMatching(says) })
    expect(find(checks, 'address.webhooks').status).toBe('ok')
  })

  test('which is somebody else’s, redirects, alters bodies or never answers is a fault with its reason', async () => {
    const modes: Record<string, Parameters<typeof proxy>[0]> = {
      stranger: (_, outgoing) => !!outgoing.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Karibu</h1>'),
      redirect: (_, outgoing) => !!outgoing.writeHead(301, { location: 'https://www.duka.example' }).end(),
      rewrites: ({ method, headers }) => {
        if (method === 'POST') headers['x-briq-signature'] = 'sha256=00'
        return false
      },
      silent: () => true,
    }
    let mode = 'stranger'
    const front = await proxy((...call) => modes[mode]?.(...call) ?? false)
    const { world, look } = await doctorWorld({ publicUrl: front.url })
    front.lead(world.url)
    expect(find(await look(), 'address.answers')).toMatchObject({
      status: 'fail',
      text: expect.stringMatching(/is not this service.*200/),
    })
    mode = 'redirect'
    const redirected = await look()
    expect(find(redirected, 'address.answers')).toMatchObject({
      status: 'fail',
      mend: expect.stringMatching(/redirects/),
    })
    expect(find(redirected, 'address.media').text).toMatch(/^not checked/)
    mode = 'rewrites'
    const rewritten = await look()
    expect(find(rewritten, 'service.webhooks').status).toBe('ok')
    expect(find(rewritten, 'address.webhooks')).toMatchObject({
      status: 'fail',
      text: expect.stringMatching(/answered 401 through public_url/),
    })
    mode = 'silent'
    const startedAt = performance.now()
    expect(find(await look({ timeoutMs: 300 }), 'address.answers')).toMatchObject({
      status: 'fail',
      text: expect.stringMatching(/too long/),
    })
    expect(performance.now() - startedAt).toBeLessThan(3_000)
  })
})

function sendsChunked(outgoing: ServerResponse): boolean {
  outgoing.writeHead(200, { 'content-type': 'image/png', 'transfer-encoding': 'chunked' })
  outgoing.end('x')
  return true
}

describe('data, shops and the API', () => {
  test('a disk with less than disk.min_free is a fault, one near it a warning', async () => {
    const { look } = await doctorWorld()
    expect(find(await look({ config: { disk: { minFreeBytes: 1e15 } } }), 'storage.disk').status).toBe('fail')
    const free = Number(/^([\d.]+) GB/.exec(find(await look(), 'storage.disk').text)?.[1]) * 1e9
    expect(find(await look({ config: { disk: { minFreeBytes: free * 0.7 } } }), 'storage.disk').status).toBe('warn')
  })

  test('a folder that cannot be, and a database that is none, cut short or not there yet', async () => {
    const { world, config, look } = await doctorWorld()
    const blocked = await look({ config: { dataDir: join(config.dataDir, 'risiti.db', 'data') } })
    expect(find(blocked, 'storage.folder')).toMatchObject({
      status: 'fail',
      text: expect.stringMatching(/a file, not a folder|no folder/),
    })
    const fresh = await look({ config: { dataDir: join(world.folder, 'new', 'data') } })
    expect(find(fresh, 'storage.folder')).toMatchObject({ status: 'ok', text: expect.stringMatching(/is made when/) })
    expect(find(fresh, 'storage.database').status).toBe('ok')
    expect(readdirSync(world.folder)).not.toContain('new')
    await world.shopSends('woocommerce', paidOrder())
    await world.app.stop()
    truncateSync(join(config.dataDir, 'risiti.db'), 40_960)
    const cut = await look()
    expect(find(cut, 'storage.pages').status).not.toBe('ok')
    expect(cut.some(({ check, status }) => check.startsWith('storage.') && status === 'fail')).toBe(true)
  })

  test('a secret that cannot be right, no token, and an old backup are told', async () => {
    const { world, config, secrets, look } = await doctorWorld()
    const shops = { ...secrets.shops, mtandao: { signing: ['whsec_no base64!'], path: [], credentials: {} } }
    const wrong = await look({ secrets: { shops, apiTokens: [] } })
    expect(find(wrong, 'shops.mtandao.secrets')).toMatchObject({
      status: 'fail',
      text: expect.stringMatching(/is not base64/),
    })
    expect(find(wrong, 'shops.duka.secrets').status).toBe('ok')
    expect(find(wrong, 'shops.duka.deliveries')).toMatchObject({
      status: 'warn',
      text: expect.stringMatching(/told nothing yet/),
    })
    expect(find(wrong, 'api.tokens').status).toBe('warn')
    expect(find(wrong, 'storage.backups')).toMatchObject({ status: 'warn', text: expect.stringMatching(/no backup/) })
    await makeBackup({ dataDir: config.dataDir, to: null, minFreeBytes: 0 }, { clock: world.clock, progress() {} })
    await world.leap(8 * DAY)
    expect(find(await look(), 'storage.backups')).toMatchObject({
      status: 'warn',
      text: expect.stringMatching(/8 days old/),
    })
  })
})
