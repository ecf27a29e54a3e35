import { createHmac } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { request } from 'undici'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { postToy, toyWebhook } from '../../src/sandbox/toy-shop.ts'
import { filesHolding } from '../support/files.ts'
import { freePort } from '../support/free-port.ts'
import { ASHA, paidOrder } from '../support/world.ts'
import { type Ended, endAll, eventually, type Running, run, runHere, runShell, start } from './program.ts'

const SECRET = 'duka-secret-of-the-cli-tests'
const ENV = {
  BRIQ_API_KEY: 'karibu-key-of-the-cli-tests',
  BRIQ_WEBHOOK_SECRET: 'whsec_of_the_cli_tests',
  DUKA_SECRET: SECRET,
  RISITI_API_TOKEN: 'api-token-of-the-cli-tests',
}

// Each command is a process of its own.
vi.setConfig({ testTimeout: 60_000 })

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'risiti-cli-'))
})
afterAll(async () => {
  await endAll()
  rmSync(folder, { recursive: true, force: true })
})

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

const risiti = (args: string[], options: { env?: Record<string, string>; input?: string } = {}) =>
  runHere(args, { cwd: folder, ...options })

function yaml({ port = 0, karibu = 'http://127.0.0.1:9', data = 'data' } = {}): string {
  return `listen: { host: 127.0.0.1, port: ${port} }
public_url: http://127.0.0.1:${port || 8787}
data_dir: ${data}
karibu:
  base_url: ${karibu}
  api_key: \${BRIQ_API_KEY}
  webhook_secret: \${BRIQ_WEBHOOK_SECRET}
  sender: "255700000001"
  poll_inbound_every: 1s
shops:
  duka:
    platform: woocommerce
    secrets: ["\${DUKA_SECRET}"]
    country: TZ
    brand: { name: Duka la Asha }
rules:
  - name: receipt
    on: order.paid
    send: { image: receipt, caption: "Asante {{ customer.first_name }}!" }
`
}

const FAULTY = `listen: { host: 127.0.0.1, port: 99999 }
public_url: http://127.0.0.1:8787
karibu:
  api_key: \${NOT_SET_ANYWHERE}
  sender: "255700000001"
  poll_inbuond_every: 1s
shops:
  duka:
    platform: magento
    secrets: ["\${DUKA_SECRET}"]
    country: TZ
    brand: { name: Duka }
rules:
  - name: receipt
    on: order.paid
    send: { image: receipt, caption: "Asante {{ customer.frist_name }}!" }
`

/** One sentence for people: no stack, no code of ours, no second line. */
function expectPlainSentence({ stderr, stdout }: Ended): void {
  expect(stdout).toBe('')
  expect(stderr).toMatch(/^risiti: .{10,300}\n$/)
  expect(stderr).not.toMatch(/\bat .+:\d+:\d+|Error:|unexpected/)
}

describe('help and mistakes on the command line', () => {
  test('--help names every command and exits 0', async () => {
    const { code, stdout, stderr } = await risiti(['--help'])
    expect([code, stderr]).toEqual([0, ''])
    for (const name of [
      'init',
      'doctor',
      'webhook',
      'serve',
      'demo',
      'sandbox',
      'inspect',
      'verify',
      'messages',
      'send',
      'conversations',
      'stats',
      'claim',
      'export',
      'completion',
      'events',
      'rehearse',
      'replay',
      'person',
      'erase',
      'backfill',
      'backup',
      'restore',
      'config',
      'token',
    ]) {
      expect(stdout).toMatch(new RegExp(`^ {2}${name}\\b.* {2,}\\S|^ {2}${name}\\b`, 'm'))
    }
    expect((await risiti(['messages', '--help'])).stdout).toMatch(
      /--since <time> +only made since a time, or how long ago/,
    )
    const serve = await risiti(['serve', '--help'])
    expect([serve.code, serve.stdout]).toEqual([0, expect.stringContaining('--config <file>')])
  })

  test('--version names the version of the package', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as Record<
      string,
      string
    >
    expect(await risiti(['--version'])).toMatchObject({ code: 0, stdout: `${version}\n` })
  })

  test('an unknown command fails and suggests the nearest', async () => {
    const { code, stdout, stderr } = await risiti(['mesages'])
    expect(code).not.toBe(0)
    expect(stdout).toBe('')
    expect(stderr).toContain("unknown command 'mesages'")
    expect(stderr).toContain('messages')
    expect(stderr).toContain('(risiti --help shows the commands)')
    expect((await risiti(['token', 'create'])).stderr).toContain('(risiti token create --help shows how it is used)')
  })

  test('an unknown option, platform or scope fails and says what is known', async () => {
    const option = await risiti(['serve', '--cofnig', 'x'])
    expect([option.code !== 0, option.stderr]).toEqual([true, expect.stringContaining('--config')])
    const platform = await risiti(['inspect', 'magento', 'x.json'])
    expect([platform.code !== 0, platform.stderr]).toEqual([true, expect.stringContaining('woocommerce')])
    const scope = await risiti(['token', 'create', '--name', 'x', '--scope', 'root'])
    expect([scope.code !== 0, scope.stderr]).toEqual([true, expect.stringContaining('read, send, admin')])
  })

  test('without a command the help is shown and the exit code is not 0', async () => {
    const { code, stdout, stderr } = await risiti([])
    expect(code).not.toBe(0)
    expect(stdout + stderr).toContain('serve')
  })
})

describe('the configuration', () => {
  test('serve with a faulty file exits 2 and names every fault with its place', async () => {
    const path = file('faulty.yaml', FAULTY)
    const { code, stderr, stdout } = await risiti(['serve', '--config', path], { env: { DUKA_SECRET: SECRET } })
    expect([code, stdout]).toEqual([2, ''])
    const lines = stderr.trimEnd().split('\n')
    expect(lines.every((line) => line.startsWith(`${path}:`) || line.startsWith('    '))).toBe(true)
    const faults = lines.filter((line) => line.startsWith(path)).map((line) => line.slice(path.length + 1))
    const expected: [place: string, about: string][] = [
      ['1:34', 'listen.port'],
      ['4:12', 'NOT_SET_ANYWHERE'],
      ['6:3', 'poll_inbound_every'],
      ['9:15', 'platform'],
      ['16:', 'first_name'],
    ]
    for (const [index, [place, about]] of expected.entries()) {
      expect(faults[index]).toMatch(new RegExp(`^${place}`))
      expect(faults[index]).toContain(about)
    }
    expect(faults).toHaveLength(expected.length)
    expect(stderr).not.toContain(SECRET)
  })

  test('a file that is not YAML exits 2 with the place', async () => {
    const path = file('broken.yaml', 'karibu:\n  api_key: "unended\nshops: [\n')
    const { code, stderr } = await risiti(['serve', '--config', path])
    expect(code).toBe(2)
    expect(stderr).toMatch(/broken\.yaml:\d+:\d+ {2}/)
  })

  test('no configuration is exit 2 and one sentence that says where it is looked for', async () => {
    for (const [args, env] of [
      [['serve'], {}],
      [['serve', '--config', 'nowhere.yaml'], {}],
      [['messages'], { RISITI_CONFIG: 'nowhere.yaml' }],
      [['config', 'check'], {}],
    ] as const) {
      const ended = await run([...args], { cwd: tmpdir(), env })
      expect([args, ended.code]).toEqual([args, 2])
      expectPlainSentence(ended)
      expect(ended.stderr).toContain('RISITI_CONFIG')
    }
  })

  test('a configuration that cannot be read is one plain sentence too', async () => {
    const ended = await risiti(['serve', '--config', folder])
    expect(ended.code).toBe(2)
    expectPlainSentence(ended)
  })

  test('config check and serve say when nobody can ask the API, and it is no fault; a token made by hand is enough', async () => {
    const { RISITI_API_TOKEN: _unset, ...env } = ENV
    const path = file('no-token.yaml', yaml({ data: 'no-token' }))
    const checked = await risiti(['config', 'check', '--config', path], { env })
    expect([checked.code, checked.stdout]).toEqual([
      0,
      expect.stringMatching(/fine.*\nwarning: no API token is set: set RISITI_API_TOKEN/),
    ])
    expect((await risiti(['config', 'check', '--config', path], { env: ENV })).stdout).not.toContain('warning')
    const linesOf = async () => {
      const service = start(['serve', '--config', path], { cwd: folder, env })
      await eventually('a first start', () => (service.stdout().includes('service.started') ? true : undefined))
      service.signal('SIGTERM')
      return (await service.ended).stdout
    }
    expect(await linesOf()).toContain('api.no_token')
    await risiti(['token', 'create', '--name', 'counter', '--config', path])
    expect(await linesOf()).not.toContain('api.no_token')
  })

  test('what the system refuses is told in words that say what, where and how to mend it', async () => {
    const blocked = file('a-file', 'x')
    const path = file('paths.yaml', yaml({ data: 'a-file/data' }))
    const good = file('good-paths.yaml', yaml({ data: 'paths-data' }))
    const told: [args: string[], says: RegExp][] = [
      [['serve', '--config', folder], /it is a folder, not a file/],
      [['serve', '--config', path], /a-file\/data cannot be used: .*a part of this path is a file.*data_dir/],
      [['restore', '--from', join(folder, 'nowhere'), '--config', good], /nowhere.*(no such|cannot be read|no backup)/],
      [['backup', '--config', good], /there is no database/],
      [['inspect', 'woocommerce', folder], /it is a folder, not a file/],
      [['inspect', 'woocommerce', join(folder, 'none.json')], /none\.json cannot be read: there is no such file/],
    ]
    for (const [args, says] of told) {
      const ended = await risiti(args, { env: ENV })
      expectPlainSentence(ended)
      expect([args, ended.stderr]).toEqual([args, expect.stringMatching(says)])
      expect(ended.stderr).not.toMatch(/E[A-Z]{4,}|SQLITE|errno|syscall/)
    }
    expect(blocked).toContain('a-file')
  })

  test('config check is 0 for a good file and 2 with every fault for a faulty one', async () => {
    const good = await risiti(['config', 'check', '--config', file('good.yaml', yaml())], { env: ENV })
    expect([good.code, good.stdout]).toEqual([0, expect.stringContaining('good.yaml is fine: 1 shop, 1 rule')])
    const faulty = await risiti(['config', 'check', '--config', file('faulty.yaml', FAULTY)], { env: ENV })
    expect(faulty.code).toBe(2)
    expect(faulty.stdout).toContain('5 faults')
    expect(good.stdout + faulty.stdout + faulty.stderr).not.toContain(SECRET)
  })

  test('config schema is a JSON Schema and needs no configuration', async () => {
    const { code, stdout } = await risiti(['config', 'schema'])
    expect(code).toBe(0)
    const schema = JSON.parse(stdout) as { $schema: string; properties: Record<string, unknown>; required: string[] }
    expect(schema.$schema).toMatch(/^https?:\/\/json-schema\.org\//)
    expect(Object.keys(schema.properties)).toEqual(expect.arrayContaining(['public_url', 'karibu', 'shops', 'rules']))
    expect(schema.required).toEqual(expect.arrayContaining(['public_url', 'karibu', 'shops']))
  })
})

const manyItems = (count: number) =>
  Array.from({ length: count }, (_, id) => ({ id, name: `Item ${id}`, quantity: 1, subtotal: '1.00', total: '1.00' }))

const webhook = (secret = SECRET, at = Date.now()) =>
  toyWebhook('woocommerce', secret, paidOrder({ createdAt: at, updatedAt: at, paidAt: at }), 'order.updated', at)

describe('inspect', () => {
  test('--json gives exactly the events and what was ignored', async () => {
    const path = file('order.json', webhook().body)
    const { code, stdout } = await risiti(['inspect', 'woocommerce', path, '--topic', 'order.updated', '--json'])
    expect(code).toBe(0)
    const shown = JSON.parse(stdout) as { events: Record<string, unknown>[]; ignored: string | null }
    expect(Object.keys(shown)).toEqual(['events', 'ignored'])
    expect(shown.ignored).toBeNull()
    expect(shown.events.map((event) => event.type)).toEqual(['order.created', 'order.paid'])
    for (const event of shown.events) {
      expect(Object.keys(event)).toEqual(['type', 'test', 'occurred_at', 'order'])
      const order = event.order as Record<string, unknown>
      expect(Object.keys(order)).toEqual([
        'id',
        'number',
        'paid',
        'cancelled',
        'refunded_total',
        'currency',
        'total',
        'customer',
        'country',
        'items',
      ])
      expect(order).toMatchObject({ id: '4522', number: 'DUKA-0107', paid: true, total: '48000.00', currency: 'TZS' })
      expect(order.customer).toEqual({ name: 'Asha Mwinyi', phone: ASHA })
      expect(order.items).toEqual([
        { name: 'Khanga ya pamba – Kilimanjaro', quantity: 2, total: '36000.00' },
        { name: 'Sabuni & mafuta', quantity: 1, total: '9000.00' },
      ])
    }
  })

  test('without --json it is for people: events, items, total and phone', async () => {
    const { code, stdout } = await risiti(['inspect', 'woocommerce', file('order.json', webhook().body)])
    expect(code).toBe(0)
    for (const part of ['order.paid', 'DUKA-0107', 'Khanga', 'TSh 48,000', ASHA]) expect(stdout).toContain(part)
    expect(stdout).not.toMatch(/^[[{]/)
  })

  test('a body that means nothing is told so, not a crash; a file that is not there is one sentence', async () => {
    const odd = await risiti(['inspect', 'shopify', file('odd.json', 'not json'), '--json'])
    expect([odd.code, JSON.parse(odd.stdout)]).toEqual([0, { events: [], ignored: expect.stringMatching(/.{10,}/) }])
    const missing = await risiti(['inspect', 'shopify', 'nowhere.json'])
    expect(missing.code).toBe(1)
    expectPlainSentence(missing)
    expect(missing.stderr).toContain('nowhere.json')
  })

  // A child's pipe is a socket in Node, in a shell it is a true pipe.
  test('- reads standard input from a program that pipes it', async () => {
    const { code, stdout, stderr } = await risiti(['inspect', 'woocommerce', '-', '--json'], { input: webhook().body })
    expect([code, stderr]).toEqual([0, ''])
    expect(JSON.parse(stdout)).toMatchObject({ ignored: null })
  })

  test('- reads standard input in a shell', async () => {
    const command = 'cat "$1" | "$2" "$3" inspect woocommerce - --json'
    const { code, stdout, stderr } = await runShell(command, [file('order.json', webhook().body)], { cwd: folder })
    expect([code, stderr]).toEqual([0, ''])
    expect(JSON.parse(stdout)).toMatchObject({ ignored: null })
  })

  test('a reader that ends early, as head does, is no error', async () => {
    const long = JSON.stringify({ ...JSON.parse(webhook().body), line_items: manyItems(20_000) })
    const command = 'cat "$1" | "$2" "$3" inspect woocommerce - --json | head -n 1; exit "${PIPESTATUS[1]}"'
    const { stderr } = await runShell(command, [file('long.json', long)], { cwd: folder })
    expect(stderr).toBe('')
  })
})

function verify(secret: string, signature: string, body: string): Promise<Ended> {
  const header = `X-WC-Webhook-Signature: ${signature}`
  const args = ['--secret-env', 'THE_SECRET', '--body', file('body.json', body), '--header', header]
  return risiti(['verify', 'woocommerce', ...args], { env: { THE_SECRET: secret } })
}

describe('verify', () => {
  test('a right signature is 0, a wrong one 1 with the reason, and no secret is ever printed', async () => {
    const { body, headers } = webhook()
    const signature = headers['x-wc-webhook-signature'] ?? ''
    const right = await verify(SECRET, signature, body)
    expect([right.code, right.stdout]).toEqual([0, expect.stringContaining('valid')])
    const wrong = await verify('quite-another-secret', signature, body)
    expect([wrong.code, wrong.stdout]).toEqual([1, expect.stringContaining('not valid')])
    expect(wrong.stdout).toContain('the secret is another one')
    const newline = await verify(SECRET, signature, `${body}\n`)
    expect([newline.code, newline.stdout]).toEqual([1, expect.stringContaining('line break')])
    const hex = createHmac('sha256', SECRET).update(body).digest('hex')
    const inHex = await verify(SECRET, hex, body)
    expect([inHex.code, inHex.stdout]).toEqual([1, expect.stringContaining('hex')])
    for (const { stdout, stderr } of [right, wrong, newline, inHex]) {
      expect(stdout + stderr).not.toContain(SECRET)
      expect(stdout + stderr).not.toContain('quite-another-secret')
    }
    // Nor the signature that would have been right.
    expect(newline.stdout + wrong.stdout + inHex.stdout).not.toContain(signature)
  })

  test('a secret that is not in the environment and a header that is none are one sentence each', async () => {
    const body = file('body.json', '{}')
    const args = ['verify', 'woocommerce', '--secret-env', 'NOT_SET', '--body', body, '--header']
    const unset = await risiti([...args, 'X-WC-Webhook-Signature: x'])
    expect(unset.code).toBe(1)
    expectPlainSentence(unset)
    expect(unset.stderr).toContain('NOT_SET')
    const header = await risiti([...args, 'no colon'], { env: { NOT_SET: SECRET } })
    expect(header.code).toBe(1)
    expectPlainSentence(header)
  })
})

describe('messages and tokens without a service', () => {
  test('a database that is not there is one plain sentence', async () => {
    const path = file('fresh.yaml', yaml({ data: 'never-made' }))
    const ended = await risiti(['messages', '--config', path])
    expect(ended.code).toBe(1)
    expectPlainSentence(ended)
    expect(ended.stderr).toContain('never-made')
  })

  test('a database that is none is one plain sentence', async () => {
    const path = file('odd.yaml', yaml({ data: '.' }))
    file('risiti.db', 'this is no database, but it is long enough to look like one to a hasty reader of files')
    const ended = await risiti(['messages', '--config', path])
    rmSync(join(folder, 'risiti.db'))
    expect(ended.code).toBe(1)
    expectPlainSentence(ended)
  })

  test('a data folder that cannot be made is one plain sentence', async () => {
    file('a-file', '')
    const path = file('blocked.yaml', yaml({ data: 'a-file/data' }))
    for (const args of [['serve'], ['token', 'create', '--name', 'till']]) {
      const ended = await risiti([...args, '--config', path], { env: ENV })
      expect([args, ended.code]).toEqual([args, 1])
      expectPlainSentence(ended)
      expect(ended.stderr).toContain('a-file')
    }
  })

  test('a token can be made before the service first runs', async () => {
    const path = file('early.yaml', yaml({ data: 'early/data' }))
    const made = await risiti(['token', 'create', '--config', path, '--name', 'till'])
    expect([made.code, made.stderr]).toEqual([0, ''])
    expect((await risiti(['messages', '--config', path])).stdout).toBe('No message fits.\n')
  })

  test('a port that is taken is one plain sentence', async () => {
    const port = await freePort()
    const path = file('taken.yaml', yaml({ port, data: 'taken' }))
    const first = start(['serve', '--config', path], { cwd: folder, env: ENV })
    await eventually('the service listens', () => first.stdout().includes('service.started') || undefined)
    const elsewhere = file('taken-elsewhere.yaml', yaml({ port, data: 'taken-elsewhere' }))
    const second = await risiti(['serve', '--config', elsewhere], { env: ENV })
    expect(second.code).toBe(1)
    expect(second.stderr).toMatch(
      /^risiti: cannot listen on 127\.0\.0\.1:\d+: another program listens there: .*listen\.port in risiti\.yaml\n$/,
    )
    first.signal('SIGINT')
    expect((await first.ended).code).toBe(0)
  })
})

interface Listed {
  items: { id: string; status: string; order_number: string; to: string; message_id: string }[]
  next_cursor: string | null
}

describe('serve against a sandbox of its own process', () => {
  let service: Running
  let sandbox: Running
  let url = ''
  let karibu = ''
  let config = ''
  let taken = 0

  async function api<T = Listed>(path: string, token = ENV.RISITI_API_TOKEN): Promise<{ status: number; body: T }> {
    const answer = await request(url + path, { headers: { authorization: `Bearer ${token}` } })
    return { status: answer.statusCode, body: (await answer.body.json()) as T }
  }
  const messages = (...args: string[]) => risiti(['messages', '--config', config, ...args])

  /** The whole job by HTTP: held until the customer writes, then read. */
  beforeAll(async () => {
    const port = await freePort()
    url = `http://127.0.0.1:${port}`
    const webhookArgs = ['--webhook-url', `${url}/webhooks/karibu`, '--webhook-secret-env', 'BRIQ_WEBHOOK_SECRET']
    const options = { cwd: folder, env: ENV }
    sandbox = start(['sandbox', '--port', '0', '--api-key', ENV.BRIQ_API_KEY, ...webhookArgs], options)
    karibu = await eventually(
      'the sandbox listens',
      () => /Karibu sandbox on (http:\S+)/.exec(sandbox.stdout())?.[1] ?? undefined,
    )
    config = file('risiti.yaml', yaml({ port, karibu }))
    service = start(['serve'], options)
    await eventually('the service listens', () => service.stdout().includes('service.started') || undefined)
    taken = (await postToy(`${url}/webhooks/duka`, webhook())).status
    await eventually('the receipt is held', async () => (await api('/v1/messages?status=held')).body.items[0])
    const written = await request(`${karibu}/sandbox/inbound`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ from: ASHA, text: 'Habari' }),
    })
    await written.body.dump()
    await eventually('the receipt is read', async () => (await api('/v1/messages?status=read')).body.items[0], 30_000)
  }, 60_000)

  test('the receipt reached the customer once', async () => {
    expect(taken).toBe(200)
    const answer = await request(`${karibu}/sandbox/messages`)
    const { items } = (await answer.body.json()) as {
      items: { id: string; kind: string; to: string; caption: string }[]
    }
    expect(items).toMatchObject([{ kind: 'image', to: ASHA, caption: 'Asante Asha!' }])
    const { body } = await api('/v1/messages')
    expect(body.items).toMatchObject([{ status: 'read', message_id: items[0]?.id, order_number: 'DUKA-0107' }])
  })

  test('messages shows a table while the service runs', async () => {
    const { code, stdout, stderr } = await messages()
    expect([code, stderr]).toEqual([0, ''])
    const [head, rule, row, ...others] = stdout.trimEnd().split('\n')
    expect(head).toMatch(/^MADE +ORDER +TO +STATUS +ID +WHY$/)
    expect(rule).toMatch(/^[- ]+$/)
    expect(row).toMatch(/^\d\d \w+ \d\d:\d\d +DUKA-0107 +255712345678 +read +msg_\w+ +-$/)
    expect(others).toEqual(['', 'Times are of Africa/Dar_es_Salaam.'])
  })

  test('send, claim, conversations, stats and export do what the API does, and give its JSON', async () => {
    const json = async (...args: string[]) => {
      const ended = await risiti([...args, '--config', config, '--json'])
      expect([args, ended.code, ended.stderr]).toEqual([args, 0, ''])
      return JSON.parse(ended.stdout) as Record<string, unknown>
    }
    const claimed = await json('claim', 'duka', 'DUKA-0107')
    expect(claimed).toMatchObject({ usable: false, why_not: expect.stringContaining('gone out'), qr_file: null })
    expect(await json('conversations', '0712 345 678')).toMatchObject({
      items: [{ phone: ASHA, window: { open: true } }],
    })
    const { since: _since, shops: _late, ...known } = (await api<Record<string, unknown>>('/v1/stats')).body
    expect(await json('stats')).toMatchObject({ ...known, shops: [{ shop: 'duka', silent: false }] })
    const exported = await risiti(['export', '--config', config, '--status', 'read', '--format', 'ndjson'])
    expect(exported.stdout).toBe(`${JSON.stringify((await api('/v1/messages?status=read')).body.items[0])}\n`)
  })

  test('events, rehearse and replay run beside the service; a replay asks first, and sends nothing twice', async () => {
    const beside = (command: string, ...args: string[]) => risiti([command, '--config', config, '--json', ...args])
    const events = await beside('events', '--type', 'order.paid')
    const { items } = JSON.parse(events.stdout) as Listed
    expect([events.code, items.length]).toEqual([0, 1])
    const rehearsed = await beside('rehearse', '--since', '1h')
    expect(JSON.parse(rehearsed.stdout)).toMatchObject({ items: [{ order_number: 'DUKA-0107', comparison: 'same' }] })
    const counted = await beside('replay', '--shop', 'duka', '--dry-run')
    expect(JSON.parse(counted.stdout)).toMatchObject({ events: 1, left_out: 0, ids: [items[0]?.id] })
    const unasked = await beside('replay', '--shop', 'duka')
    expect([unasked.code, unasked.stderr]).toEqual([1, expect.stringContaining('add --yes')])
    const replayed = await beside('replay', '--shop', 'duka', '--yes')
    expect(JSON.parse(replayed.stdout)).toMatchObject({ items: [{ event_id: items[0]?.id, due: 0, error: null }] })
    expect((await api('/v1/messages')).body.items).toHaveLength(1)
  })

  test('messages --json gives what the API gives, filters and pages included, and needs no secrets', async () => {
    const { code, stdout } = await messages('--json')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toEqual((await api('/v1/messages')).body)
    const count = async (...args: string[]) => {
      const ended = await messages('--json', ...args)
      expect([args, ended.code]).toEqual([args, 0])
      return (JSON.parse(ended.stdout) as Listed).items.length
    }
    expect(await count('--status', 'read,held', '--shop', 'duka', '--order', 'DUKA-0107')).toBe(1)
    expect(await count('--to', '+255 712 345 678', '--rule', 'receipt', '--q', 'asha', '--limit', '1')).toBe(1)
    expect(await count('--status', 'failed')).toBe(0)
    expect(await count('--error-code', 'whatsapp.131047')).toBe(0)
    expect(await count('--since', '2999-01-01')).toBe(0)
    expect(await count('--since', '1h', '--to', '0712 345 678')).toBe(1)
    expect(await count('--until', '1h')).toBe(0)
    expect((await messages('--status', 'failed')).stdout).toBe('No message fits.\n')
  })

  test('messages show gives the whole story by our id or Karibu’s, as the API does; acts on it are refused as there', async () => {
    const { items } = JSON.parse((await messages('--json')).stdout) as Listed
    const [{ id, message_id: karibuId } = { id: '', message_id: '' }] = items as { id: string; message_id: string }[]
    const on = (...args: string[]) => risiti(['messages', ...args, '--config', config])
    const shown = await on('show', karibuId)
    expect([shown.code, shown.stderr]).toEqual([0, ''])
    expect(shown.stdout).toMatch(new RegExp(`^message +${id}\nstatus +read\n`))
    expect(shown.stdout).toMatch(/because +receipt: matched.*\n(.*\n)* +\d\d \w+ 20\d\d, \d\d:\d\d:\d\d +read/)
    const { attempts_made, timeline } = JSON.parse((await on('show', id, '--json')).stdout) as Record<string, unknown[]>
    expect([attempts_made?.length, timeline?.at(-1)]).toEqual([1, expect.objectContaining({ what: 'read' })])
    for (const [args, what] of [
      [['retry', id], /a message that is read cannot be retried/],
      [['cancel', id], /a message that is read cannot be cancelled/],
      [['settle', id, '--arrived'], /a message that is read cannot be settled/],
      [['settle', id], /say either --arrived or --not-arrived/],
      [['show', 'msg_none'], /there is no message msg_none/],
    ] as const) {
      const ended = await on(...args)
      expect([args, ended.code]).toEqual([args, 1])
      expectPlainSentence(ended)
      expect(ended.stderr).toMatch(what)
    }
  })

  test('a bad filter is one plain sentence and not exit 0', async () => {
    const bad: [flag: string, value: string][] = [
      ['--status', 'delayed'],
      ['--since', 'yesterday'],
      ['--since', '7days'],
      ['--to', '0712'],
      ['--limit', '201'],
      ['--cursor', 'x'],
      ['--error-code', ''],
    ]
    const all = await Promise.all(bad.map(async ([flag, value]) => ({ flag, ended: await messages(flag, value) })))
    for (const { flag, ended } of all) {
      expect([flag, ended.code]).toEqual([flag, 1])
      expectPlainSentence(ended)
      expect(ended.stderr).toContain(flag.slice(2).replace('-', '_'))
    }
  })

  test('a second service on the same data folder is refused; its place is free as soon as the first was killed', async () => {
    const second = await risiti(['serve', '--config', config], { env: ENV })
    expect([second.code, second.stderr]).toEqual([
      1,
      expect.stringMatching(/^risiti: another risiti serve runs on .+\n$/),
    ])
    const path = file('locked.yaml', yaml({ data: 'locked' }))
    const first = start(['serve', '--config', path], { cwd: folder, env: ENV })
    await eventually('it listens', () => first.stdout().includes('service.started') || undefined)
    first.signal('SIGKILL')
    await first.ended
    const next = start(['serve', '--config', path], { cwd: folder, env: ENV })
    await eventually('the next listens', () => next.stdout().includes('service.started') || undefined)
    next.signal('SIGTERM')
    expect((await next.ended).code).toBe(0)
  })

  test('backup beside the running service, and restore into an empty folder only, need no secrets', async () => {
    const made = await risiti(['backup', '--config', config, '--to', 'safe', '--json'])
    expect([made.code, made.stderr]).toEqual([0, ''])
    const backup = JSON.parse(made.stdout) as { folder: string; rows: Record<string, number>; images: number }
    expect(backup).toMatchObject({ folder: join(folder, 'safe'), rows: { messages: 1, orders: 1 }, images: 1 })
    const again = await risiti(['backup', '--config', config, '--to', 'safe'])
    expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('is there already')])
    const running = await risiti(['restore', '--config', config, '--from', 'safe'])
    expect([running.code, running.stderr]).toEqual([1, expect.stringContaining('another risiti serve runs on')])

    const path = file('restored.yaml', yaml({ data: 'restored' }))
    const restored = await risiti(['restore', '--config', path, '--from', 'safe'])
    expect([restored.code, restored.stderr]).toEqual([0, ''])
    expect(restored.stdout).toContain('0 messages that waited then may have gone out since')
    const { stdout } = await risiti(['messages', '--config', path, '--json'])
    expect((JSON.parse(stdout) as Listed).items).toMatchObject([{ order_number: 'DUKA-0107', status: 'read' }])
    const full = await risiti(['restore', '--config', path, '--from', 'safe'])
    expect([full.code, full.stderr]).toEqual([1, expect.stringContaining('is not empty')])
  })

  test('a token made while the service runs works at once, for its scopes only', async () => {
    const made = await risiti(['token', 'create', '--config', config, '--name', 'kaunta', '--json'])
    expect([made.code, made.stderr]).toEqual([0, ''])
    const { token, ...rest } = JSON.parse(made.stdout) as { token: string }
    expect(rest).toEqual({ id: expect.stringMatching(/^tok_/), name: 'kaunta', scopes: ['read'] })
    expect((await api('/v1/messages', token)).status).toBe(200)
    const refused = await request(`${url}/v1/messages`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: '{}',
    })
    expect(refused.statusCode).toBe(403)
    await refused.body.dump()
    const shown = await risiti(['token', 'create', '--config', config, '--name', 'till', '--scope', 'read', 'send'])
    const second = /rst_\S+/.exec(shown.stdout)?.[0] ?? ''
    expect((await api('/v1/messages', second)).status).toBe(200)
    expect(shown.stdout).toContain('read, send')
  })

  test('person prints what is stored; erase forgets it beside the running service, and says so in counts', async () => {
    const customer = { name: 'Juma', phone: '0754000123' }
    const other = paidOrder({ id: '8', number: 'DUKA-0108', customer, paidAt: Date.now(), updatedAt: Date.now() })
    const told = toyWebhook('woocommerce', SECRET, other, 'order.updated', Date.now())
    expect((await postToy(`${url}/webhooks/duka`, told)).status).toBe(200)
    const person = await risiti(['person', '0712 345 678', '--config', config])
    expect([person.code, person.stderr]).toEqual([0, ''])
    const stored = JSON.parse(person.stdout) as Record<string, unknown[]>
    expect(stored).toMatchObject({
      phone: ASHA,
      orders: [
        { state: { number: 'DUKA-0107', currency: 'TZS', total: '48000.00', paidAt: expect.stringMatching(/Z$/) } },
      ],
      messages: [{ status: 'read' }],
    })
    for (const { file: path } of stored['images'] as { file: string }[]) expect(existsSync(path)).toBe(true)
    expect((stored['events'] as { body: string }[]).some(({ body }) => body.includes('Habari'))).toBe(true)

    const erase = (...args: string[]) => risiti(['erase', '0712 345 678', '--config', config, ...args])
    const counted = await erase('--dry-run', '--json')
    expect(JSON.parse(counted.stdout)).toMatchObject({ dry_run: true, orders: 1, messages: 1, images: 1 })
    const unasked = await erase()
    expect([unasked.code, unasked.stderr]).toEqual([1, 'risiti: nobody is here to be asked: add --yes to erase\n'])
    const erased = await erase('--yes')
    expect([erased.code, erased.stderr]).toEqual([0, ''])
    expect(erased.stdout).toMatch(
      /^Erased of the number ending in …5678: 1 order, 1 message, 1 image, \d+ events, 1 con/,
    )
    expect(erased.stdout).not.toContain(ASHA)
    expect(filesHolding(join(folder, 'data'), [ASHA, '0712 345 678', 'Habari', 'Mwinyi'])).toEqual([])
    expect((await api('/v1/messages')).body.items).toMatchObject([{ order_number: 'DUKA-0108', status: 'held' }])
    const again = await erase('--yes', '--json')
    expect(JSON.parse(again.stdout)).toMatchObject({ orders: 0, messages: 0, events: 0, conversations: 0 })
  })

  test('what is no phone number, or none in this country, is one plain sentence', async () => {
    for (const phone of ['asha', '12', '0712345678 / 0754000123', '']) {
      const ended = await risiti(['erase', phone, '--yes', '--config', config])
      expect([phone, ended.code]).toEqual([phone, 1])
      expectPlainSentence(ended)
    }
  })

  test('SIGTERM lets the service end with exit 0, and nothing of it was an error or a secret', async () => {
    service.signal('SIGTERM')
    const { code, stdout, stderr } = await service.ended
    expect([code, stderr]).toEqual([0, ''])
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { level: number; msg: string })
    expect(lines.map((line) => line.msg)).toEqual(expect.arrayContaining(['service.started', 'service.stopping']))
    expect(lines.filter((line) => line.level >= 50)).toEqual([])
    for (const secret of [...Object.values(ENV), ASHA, 'Asante Asha']) expect(stdout).not.toContain(secret)
    // The messages are still there to be listed.
    expect((await messages()).stdout).toContain('DUKA-0108')
    sandbox.signal('SIGTERM')
    expect((await sandbox.ended).code).toBe(0)
  })
})
