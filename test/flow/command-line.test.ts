import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createActions } from '../../src/api/actions.ts'
import { createClaimLinks } from '../../src/claim-links/links.ts'
import { runClaim } from '../../src/commands/claim.ts'
import { runConversation, runConversations } from '../../src/commands/conversations.ts'
import { runExport } from '../../src/commands/export.ts'
import { runSend } from '../../src/commands/send.ts'
import { runStats } from '../../src/commands/stats.ts'
import type { ShopConfig } from '../../src/config/types.ts'
import { createIds } from '../../src/ids.ts'
import { createHearing } from '../../src/silence/hearing.ts'
import { silencesOf } from '../../src/silence/watch.ts'
import { ASHA, paidOrder, testWorld, type World } from '../support/world.ts'

const duka = {
  id: 'duka',
  sender: '255700000001',
  country: 'TZ',
  timezone: 'Africa/Dar_es_Salaam',
  claimNumber: null,
  claimExpiresAfterMs: 7 * 86_400_000,
  silenceAlarm: 'auto',
} as unknown as ShopConfig
const shops = { duka }

/** One receipt that was read, one that waits for its customer. */
async function town(): Promise<World> {
  const world = await testWorld()
  world.karibu.customerWrites(ASHA)
  await world.run(15_000)
  await world.shopSends('woocommerce', paidOrder())
  const customer = { name: 'Juma', phone: '0754000123' }
  await world.shopSends('woocommerce', paidOrder({ id: '9', number: 'DUKA-0009', customer }))
  await world.run(15_000)
  return world
}

const fits = (text: string) => expect(text.split('\n').filter((line) => line.length > 80)).toEqual([])

test('send by hand goes out through the gate, once for a key, to a number as the shop’s country dials it', async () => {
  const world = await town()
  const { app, clock } = world
  const ids = createIds(clock)
  const actions = createActions({ config: { shops } as never, store: app.store, clock, ids, wakeOutbox() {} })
  const send = (input: Partial<Parameters<typeof runSend>[0]>) =>
    runSend({ shop: 'duka', ...input }, { shops, actions, options: { publicUrl: world.url } })
  const asked = { order: 'DUKA-0107', to: '0712 345 678', idempotencyKey: 'till-1' }
  expect(await send(asked)).toMatch(/^msg_\w+ is to go out: /)
  await world.run(60_000)
  expect(world.karibu.images()).toHaveLength(2)
  expect(await send(asked)).toMatch(/was made before with this key, and is read\.$/)
  const shown = JSON.parse(await send({ ...asked, json: true })) as Record<string, unknown>
  expect(shown).toMatchObject({ status: 'read', to: ASHA, shop: 'duka', order_number: 'DUKA-0107' })
  const refused: [Partial<Parameters<typeof runSend>[0]>, string][] = [
    [{ shop: 'dukaa' }, 'there is no shop dukaa'],
    [{ imageUrl: 'duka.example/a.png', to: ASHA }, '--image-url: must be an https address'],
    [{ order: 'DUKA-0107', caption: 'x'.repeat(1025) }, '--caption: '],
    [{ order: 'DUKA-0107', to: '12' }, 'not a phone number'],
    [{}, 'give either image_url or order'],
    [{ order: 'DUKA-9999' }, 'no order of that id or number'],
  ]
  for (const [input, says] of refused) await expect(send(input)).rejects.toThrow(says)
})

test('conversations tells whose window is open, and of one contact how it is known', async () => {
  const world = await town()
  const look = { timezone: duka.timezone, now: world.clock.now(), marginMs: 60_000 }
  const list = { ...look, sender: undefined, limit: undefined, cursor: undefined, columns: 80 }
  const table = await runConversations({ ...list, json: false }, world.app.store)
  fits(table)
  expect(table).toMatch(/255754000123 +255700000001 +closed +- +-/)
  expect(table).toMatch(/255712345678 +255700000001 +open +21 Nov 12:00/)
  const json = await runConversations({ ...list, json: true }, world.app.store)
  const { body } = await world.get('/v1/conversations')
  expect(JSON.parse(json)).toEqual(body)
  const first = JSON.parse(await runConversations({ ...list, limit: '1', json: true }, world.app.store))
  const more = await runConversations({ ...list, limit: '1', cursor: first.next_cursor, json: false }, world.app.store)
  expect(more.split('\n').filter((line) => line.startsWith('2557'))).toHaveLength(1)
  const one = { ...look, phone: '0712 345 678', shops: [duka] }
  const told = await runConversation({ ...one, json: false }, world.app.store)
  fits(told)
  expect(told).toMatch(/contact +255712345678.*\nour number +255700000001\nwindow +open: the customer wrote/)
  expect(told).toContain('Times are of Africa/Dar_es_Salaam.')
  const known = await world.get(`/v1/conversations/${ASHA}`)
  expect(JSON.parse(await runConversation({ ...one, json: true }, world.app.store))).toEqual(known.body)
  await expect(runConversation({ ...one, phone: '0700000000', json: false }, world.app.store)).rejects.toThrow(
    'nobody of this number',
  )
})

test('stats tells what the API tells', async () => {
  const world = await town()
  // The service looks every five minutes.
  await world.run(300_000)
  const { store } = world.app
  const hearing = createHearing(store, world.clock)
  await hearing.listen()
  const now = world.clock.now()
  const input = { since: undefined, timezone: 'UTC', now, shops: silencesOf({ shops }, hearing, now), columns: 80 }
  const text = await runStats({ ...input, json: false }, store)
  fits(text)
  expect(text).toMatch(/ 1 {2}read\n/)
  expect(text).toMatch(/Waiting now\n +1 {2}held\n/)
  expect(text).toMatch(/duka +20 Nov 09:00 +well +none/)
  const { body } = await world.get<{ shops: { shop: string }[] }>('/v1/stats')
  const told = { ...body, shops: body.shops.filter(({ shop }) => shop === 'duka') }
  expect(JSON.parse(await runStats({ ...input, json: true }, store))).toEqual(told)
})

test('claim tells the link of an order, writes its QR code, and says why none lets a receipt go', async () => {
  const world = await town()
  const links = createClaimLinks({ shops, store: world.app.store, clock: world.clock })
  const folder = mkdtempSync(join(tmpdir(), 'risiti-claim-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const qr = join(folder, 'till.png')
  const input = { shop: 'duka', order: 'DUKA-0009', qr, json: false, timezone: 'UTC' }
  const text = await runClaim(input, links)
  expect(text).toMatch(/^code +[A-Z0-9]{4}(-[A-Z0-9]{4}){3}\nlink +https:\/\/wa\.me\/255700000001\?text=/)
  expect(text).toMatch(/lets a receipt go +yes\n/)
  expect(readFileSync(qr).subarray(1, 4).toString()).toBe('PNG')
  const json = JSON.parse(await runClaim({ ...input, order: 'DUKA-0107', qr: undefined, json: true }, links))
  const { body } = await world.get('/v1/orders/duka/DUKA-0107/claim')
  const { qr_svg: _svg, qr_png: _png, ...known } = body
  expect(json).toEqual({ ...known, qr_file: null })
  await expect(runClaim({ ...input, qr: 'till.gif' }, links)).rejects.toThrow('must end in .svg or .png')
  await expect(runClaim({ ...input, order: 'none' }, links)).rejects.toThrow('no order of that id')
})

test('export writes what the API exports, into a file that has its name only when it is whole', async () => {
  const world = await town()
  const { store } = world.app
  const folder = mkdtempSync(join(tmpdir(), 'risiti-export-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const to = join(folder, 'all.csv')
  let written = ''
  const lines: string[] = []
  const ports = {
    store,
    clock: world.clock,
    write: async (text: string) => void (written += text),
    show: (line: () => string) => void lines.push(line()),
  }
  const input = { filter: {}, format: 'csv' as const, to, publicUrl: world.url, shops: [duka] }
  expect(await runExport(input, ports)).toBe(`2 messages in ${to}`)
  const { body } = await world.get<string>('/v1/messages/export?format=csv')
  expect(readFileSync(to, 'utf8')).toBe(body)
  expect(statSync(to).mode & 0o777).toBe(0o600)
  expect(await runExport({ ...input, filter: { to: '0712345678' }, format: 'ndjson', to: undefined }, ports)).toBeNull()
  expect(
    written
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toMatchObject([{ to: ASHA, status: 'read' }])
  expect(lines.at(-1)).toBe('1 message …')
  const broken = { ...ports, store: { ...store, listMessages: () => Promise.reject(new Error('gone')) } }
  await expect(runExport({ ...input, to: join(folder, 'broken.csv') }, broken)).rejects.toThrow(
    'broken.csv cannot be written',
  )
  expect(readdirSync(folder)).toEqual(['all.csv'])
})
