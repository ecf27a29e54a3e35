import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { createRisitiClient, RisitiError } from '../../src/client/client.ts'
import { startNode } from '../commands/program.ts'
import { API_TOKEN, ASHA, paidOrder, testWorld } from '../support/world.ts'
import { type Document, typesOf } from './types-of.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

test('the client’s types are what the running service’s OpenAPI document says', async () => {
  const world = await testWorld()
  const { body } = await world.get<Document>('/openapi.json')
  await expect(typesOf(body)).toMatchFileSnapshot('../../src/client/types.ts')
})

/** A program of somebody else's, in a folder where Risiti is installed as `npm pack` would lay it out. */
function consumer(source: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'risiti-client-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const installed = join(folder, 'node_modules', 'risiti')
  mkdirSync(installed, { recursive: true })
  cpSync(join(ROOT, 'package.json'), join(installed, 'package.json'))
  cpSync(join(ROOT, 'dist', 'client'), join(installed, 'dist', 'client'), { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  writeFileSync(join(folder, 'ask.ts'), source)
  const compilerOptions = { module: 'node16', target: 'es2022', lib: ['es2023', 'dom'], strict: true, types: [] }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['ask.ts'] }))
  return folder
}

function compile(folder: string): { ok: boolean; said: string } {
  try {
    execFileSync(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', '.'], { cwd: folder })
    return { ok: true, said: '' }
  } catch (error) {
    return { ok: false, said: String((error as { stdout?: Buffer }).stdout) }
  }
}

const ASK = `
import { createRisitiClient, type Message, RisitiError } from 'risiti/client'
declare const process: { env: Record<string, string | undefined> }

const risiti = createRisitiClient({ url: process.env.RISITI_URL ?? '', token: process.env.RISITI_TOKEN ?? '' })
const seen: Message[] = []
for await (const message of risiti.allMessages({ shop: 'duka', limit: 1 })) seen.push(message)
const story = await risiti.getMessage(seen[0]?.id ?? '')
const total: string | undefined = story.order?.total
const refused = await risiti.settleMessage(story.id, { arrived: true }).catch((error: unknown) => {
  return error instanceof RisitiError ? [error.status, error.code, error.details?.['status']] : []
})
console.log(JSON.stringify({ numbers: seen.map((one) => one.order_number), status: story.status, total, refused }))
`

test('somebody else’s program compiles against the built package, and does what it says with a running service', async () => {
  const world = await testWorld()
  world.karibu.customerWrites(ASHA)
  await world.run(15_000)
  await world.shopSends('woocommerce', paidOrder())
  await world.shopSends('woocommerce', paidOrder({ id: '4523', number: 'DUKA-0108' }))
  await world.run(30_000)
  const folder = consumer(ASK)
  expect(compile(folder)).toEqual({ ok: true, said: '' })
  const env = { RISITI_URL: `${world.url}/`, RISITI_TOKEN: API_TOKEN }
  const { code, stdout, stderr } = await startNode([join(folder, 'ask.js')], { cwd: folder, env }).ended
  expect([code, stderr]).toEqual([0, ''])
  expect(JSON.parse(stdout)).toEqual({
    numbers: ['DUKA-0108', 'DUKA-0107'],
    status: 'read',
    total: '48000.00',
    refused: [409, 'message.not_possible', 'read'],
  })
  const wrong = consumer(
    ASK.replace("{ shop: 'duka', limit: 1 }", "{ shpo: 'duka' }").replace('order?.total', 'order.total'),
  )
  const { said } = compile(wrong)
  expect(said).toMatch(/'shpo' does not exist/)
  expect(said).toMatch(/'story\.order' is possibly 'null'/)
}, 60_000)

test('the README’s program compiles too', () => {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8')
  const source = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? ''
  expect(source).toContain("from 'risiti/client'")
  const process = 'declare const process: { env: Record<string, string | undefined> }\n'
  expect(compile(consumer(process + source))).toEqual({ ok: true, said: '' })
})

test('every method of the client asks what the reference documents', async () => {
  const world = await testWorld()
  world.karibu.customerWrites(ASHA)
  await world.run(15_000)
  await world.shopSends('woocommerce', paidOrder())
  await world.run(15_000)
  const risiti = createRisitiClient({ url: world.url, token: API_TOKEN })
  const held = paidOrder({ id: '9', number: 'DUKA-0009', customer: { name: 'Juma', phone: '0754000123' } })
  await world.shopSends('woocommerce', held)
  const { items } = await risiti.listMessages({ status: 'held', since: '1h' })
  const id = items[0]?.id ?? ''
  expect(items).toMatchObject([{ order_number: 'DUKA-0009' }])
  expect(await risiti.cancelMessage(id)).toMatchObject({ id, status: 'cancelled' })
  expect(await risiti.retryMessage(id)).toMatchObject({ id, status: 'queued' })
  const asked = { shop: 'duka', order: 'DUKA-0107' }
  const sent = await risiti.sendMessage(asked, { idempotencyKey: 'once' })
  expect((await risiti.sendMessage(asked, { idempotencyKey: 'once' })).id).toBe(sent.id)
  const csv = await new Response(await risiti.exportMessages({ shop: 'duka', format: 'csv' })).text()
  expect(csv.trimEnd().split('\r\n')).toHaveLength(4)
  expect((await risiti.listConversations({ limit: 1 })).items).toHaveLength(1)
  const phones: (string | null)[] = []
  for await (const { phone } of risiti.allConversations({ limit: 1 })) phones.push(phone)
  expect(new Set(phones)).toEqual(new Set([ASHA, '255754000123']))
  expect(await risiti.getConversations(`+${ASHA}`)).toMatchObject({ items: [{ phone: ASHA, window: { open: true } }] })
  const { items: events } = await risiti.listEvents({ order: 'DUKA-0107', type: 'order.paid' })
  const event = events[0]?.id ?? ''
  expect(await risiti.getEvent(event)).toMatchObject({ id: event, body: expect.stringContaining('DUKA-0107') })
  expect(await risiti.replayEvent(event)).toMatchObject({ type: 'order.paid' })
  expect(await risiti.rehearse({ since: '1h', limit: 1 })).toMatchObject({ items: [{ rule: 'receipt' }] })
  expect(await risiti.getClaimLink('duka', 'DUKA-0107')).toMatchObject({ usable: false })
  expect(Buffer.from(await risiti.getClaimImage('duka', 'DUKA-0107', 'svg')).toString()).toMatch(/^<svg/)
  expect(await risiti.getStats({ since: '1h' })).toMatchObject({ by_status: { read: 1 } })
  const problem = await risiti.getMessage('none/of these').catch((error: unknown) => error)
  expect(problem).toBeInstanceOf(RisitiError)
  expect(problem).toMatchObject({ status: 404, code: 'message.unknown' })
  const stranger = createRisitiClient({
    url: `${world.url}/elsewhere`,
    token: 'x',
    fetch: async () => new Response('<p>', { status: 502 }),
  })
  await expect(stranger.getStats()).rejects.toMatchObject({ status: 502, code: 'unknown' })
})
