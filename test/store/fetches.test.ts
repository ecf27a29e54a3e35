import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createMediaStore } from '../../src/store/media.ts'
import { openDatabase } from '../../src/store/open.ts'
import { mediaFetches } from '../../src/store/schema.ts'
import { NOW } from '../support/rows.ts'

async function aMediaStore() {
  const folder = mkdtempSync(join(tmpdir(), 'risiti-fetches-'))
  const database = openDatabase(join(folder, 'risiti.db'))
  onTestFinished(async () => {
    await database.close()
    rmSync(folder, { recursive: true, force: true })
  })
  return { store: createMediaStore(database), fetches: () => database.reader.select().from(mediaFetches) }
}

test('an image that is fetched without end leaves a hundred notes of it, the newest time among them', async () => {
  const { store, fetches: kept } = await aMediaStore()
  const fetches = Array.from({ length: 150 }, (_, index) => ({ token: 'a', at: NOW + index, method: 'GET' }))
  await Promise.all(fetches.map((fetch) => store.addFetch({ ...fetch, userAgent: null })))
  await store.addFetch({ token: 'b', at: NOW, method: 'GET', userAgent: null })
  expect(await kept()).toHaveLength(101)
  expect(await store.fetchedSince(['a'], NOW + 149)).toBe(true)
  expect(await store.fetchedSince(['a'], NOW + 150)).toBe(false)
})

test('being asked about without end neither hides that an image was fetched nor passes for it', async () => {
  const { store, fetches: kept } = await aMediaStore()
  const heads = Array.from({ length: 120 }, (_, index) => ({ token: 'a', at: NOW + index, method: 'HEAD' }))
  await store.addFetch({ token: 'a', at: NOW - 1, method: 'GET', userAgent: null })
  await Promise.all(heads.map((head) => store.addFetch({ ...head, userAgent: null })))
  const gets = async () => (await kept()).filter(({ method }) => method === 'GET').map(({ at }) => at)
  expect(await gets()).toEqual([NOW - 1])
  await store.addFetch({ token: 'a', at: NOW + 200, method: 'GET', userAgent: null })
  expect(await gets()).toEqual([NOW - 1, NOW + 200])
})
