import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createActions } from '../../src/api/actions.ts'
import { makeBackup } from '../../src/backup/backup.ts'
import { restoreBackup } from '../../src/backup/restore.ts'
import { HOUR, MINUTE } from '../../src/clock.ts'
import { runMessage, runMessageAct } from '../../src/commands/message.ts'
import { chooseEvents } from '../../src/commands/replay.ts'
import { createIds } from '../../src/ids.ts'
import { type ApiEvent, type ApiPage, type ApiProblem, type ApiRow, type ApiStory, ask } from '../support/api.ts'
import { API_TOKEN, ASHA, paidOrder, READ_TOKEN, testWorld, type World } from '../support/world.ts'

const optionsOf = ({ url, clock }: World) => ({ publicUrl: url, marginMs: 10 * MINUTE, now: clock.now() })
const shownIn = (world: World, id: string) =>
  runMessage({ id, json: false, options: optionsOf(world), timezone: 'UTC' }, world.app.store)

/** A receipt that Karibu took on, whose answer was lost, and whose link Karibu's list does not show. */
async function uncertainWorld() {
  const world = await testWorld({
    karibu: '  poll_inbound_every: 10m',
    sandbox: { switches: { listEchoesMediaUrl: false, webhookDropAll: true } },
    settings: `api: { tokens: [{ name: counter, token: "\${READ_TOKEN}", scopes: [read] }] }`,
  })
  world.karibu.customerWrites(ASHA)
  await world.run(15_000)
  world.karibu.nextSend({ cut: true, accepted: true })
  await world.shopSends('woocommerce', paidOrder())
  const [message] = await world.messages()
  expect(message?.status).toBe('uncertain')
  return { world, id: message?.id ?? '' }
}

const settle = (world: World, id: string, body: unknown, token = API_TOKEN) =>
  ask<ApiRow & Partial<ApiProblem>>(world, `/v1/messages/${id}/settle`, { method: 'POST', body, token })
const storyOf = async (world: World, id: string) => (await ask<ApiStory>(world, `/v1/messages/${id}`)).body

test('what a person says arrived counts as delivered, is never sent again, and its timeline says who said so', async () => {
  const { world, id } = await uncertainWorld()
  expect((await settle(world, id, { arrived: true }, READ_TOKEN)).status).toBe(403)
  const { status, body } = await settle(world, id, { arrived: true })
  expect([status, body.status, body.reason]).toEqual([200, 'delivered', null])
  await world.run(2 * HOUR)
  expect(world.karibu.images()).toHaveLength(1)
  const story = await storyOf(world, id)
  expect(story.status).toBe('delivered')
  expect(story.timeline.filter(({ what }) => what === 'by hand')).toMatchObject([
    { detail: 'settled as arrived, by the API token RISITI_API_TOKEN' },
  ])
  const { items } = (await ask<ApiPage<ApiEvent>>(world, '/v1/events?type=message.settled')).body
  expect(items).toMatchObject([{ order_number: 'DUKA-0107', topic: 'by_hand', trace: [{ message_id: id }] }])
  const again = await settle(world, id, { arrived: false })
  expect([again.status, again.body.error?.details]).toEqual([409, { status: 'delivered' }])
  expect((await settle(world, id, {})).status).toBe(400)
  expect((await ask(world, '/v1/stats')).body).toMatchObject({ sends_this_month: { '255700000001': 1 } })
})

test('what a person says did not arrive is sent again, once', async () => {
  const { world, id } = await uncertainWorld()
  expect((await settle(world, id, { arrived: false })).body.status).toBe('queued')
  await world.run(10 * MINUTE)
  expect(world.karibu.images()).toHaveLength(2)
  const { timeline } = await storyOf(world, id)
  expect(timeline.find(({ what }) => what === 'by hand')?.detail).toMatch(
    /^settled as not arrived; sent again, by the /,
  )
})

test('the command line settles, retries and cancels as the API does, and leaves the same trail', async () => {
  const { world, id } = await uncertainWorld()
  const { clock, app } = world
  const actions = createActions({
    config: {} as never,
    store: app.store,
    clock,
    ids: createIds(clock),
    wakeOutbox() {},
  })
  const act = (wanted: Parameters<typeof runMessageAct>[0]['act']) =>
    runMessageAct({ id, json: false, options: optionsOf(world), act: wanted }, actions)
  await expect(act({ kind: 'retry', acceptDuplicate: false })).rejects.toThrow(/ask the customer/)
  expect(await act({ kind: 'settle', arrived: false })).toBe(
    `${id} is to go out: a running service sends it within a minute, if it may.`,
  )
  expect(await act({ kind: 'cancel' })).toBe(`${id} is cancelled.`)
  expect(await act({ kind: 'retry', acceptDuplicate: false })).toContain('is to go out')
  const trail = (await storyOf(world, id)).timeline.filter(({ what }) => what === 'by hand')
  expect(trail.map(({ detail }) => detail)).toEqual([
    'settled as not arrived; sent again, on the command line',
    'cancelled, on the command line',
    'sent again, on the command line',
  ])
  // What people did is nothing to be taken once more.
  const replayed = await chooseEvents({ events: [], filter: { source: 'duka' }, now: clock.now() }, app.store)
  expect([replayed.ids.length, replayed.bodiesGone]).toEqual([1, 0])
})

test('a message shows the last look and when the next is; once nobody can tell, whom it waits for, and /readyz counts it', async () => {
  const { world, id } = await uncertainWorld()
  await world.run(MINUTE)
  const looking = await shownIn(world, id)
  expect(looking).toMatch(/last look +look \d: Karibu’s list shows one message to this contact/)
  expect(looking).toMatch(/next look +20 Nov 2026, 09:\d\d:\d\d \(UTC\)/)
  expect((await world.messages())[0]?.reason?.text).toMatch(/; next look 2026-11-20T09:/)
  expect((await world.get('/readyz')).body).toMatchObject({ waiting_for_a_person: 0 })
  await world.leap(25 * HOUR)
  const waiting = await shownIn(world, id)
  expect(waiting).toMatch(
    /why +it may be on the phone, and Karibu’s list cannot tell; ask the customer, then settle it/,
  )
  expect(waiting).toContain(`risiti messages settle ${id} --arrived, or --not-arrived`)
  expect(waiting).not.toContain('next look')
  expect((await world.get('/readyz')).body).toMatchObject({ status: 'ok', waiting_for_a_person: 1 })
})

test('a restored message that was never tried has no attempts, and says in API and command line that it may have gone', async () => {
  const world = await testWorld()
  await world.shopSends('woocommerce', paidOrder())
  const dataDir = join(world.folder, 'data')
  const ports = { clock: world.clock, progress() {} }
  const { folder } = await makeBackup({ dataDir, to: null, minFreeBytes: 0 }, ports)
  const safe = join(world.folder, 'safe')
  cpSync(folder, safe, { recursive: true })
  await world.app.stop()
  rmSync(dataDir, { recursive: true })
  await restoreBackup({ from: safe, dataDir, publicUrl: world.url }, ports)
  await world.restart()
  const [message] = await world.messages()
  expect(message).toMatchObject({ status: 'uncertain', reason: { code: 'restored' }, attempts: 0 })
  const story = await storyOf(world, message?.id ?? '')
  expect([story.attempts, story.attempts_made]).toEqual([0, []])
  expect(story.timeline.map(({ what }) => what)).toContain('restored')
  expect(await shownIn(world, message?.id ?? '')).toMatch(/why +the database was restored from a backup/)
  await world.run(20 * MINUTE)
  world.karibu.customerWrites(ASHA)
  await world.run(MINUTE)
  expect(await world.messages()).toMatchObject([{ status: 'read', attempts: 1 }])
})
