import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createMediaStore } from '../../src/store/media.ts'
import { openDatabase } from '../../src/store/open.ts'
import { mediaFetches } from '../../src/store/schema.ts'
import { NOW } from '../support/rows.ts'

test('an image that is fetched without end leaves a hundred notes of it, the newest time among them', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'risiti-fetches-'))
  const database = openDatabase(join(folder, 'risiti.db'))
  onTestFinished(async () => {
    await database.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const store = createMediaStore(database)
  const fetches = Array.from({ length: 150 }, (_, index) => ({ token: 'a', at: NOW + index, method: 'GET' }))
  await Promise.all(fetches.map((fetch) => store.addFetch({ ...fetch, userAgent: null })))
  await store.addFetch({ token: 'b', at: NOW, method: 'GET', userAgent: null })
  expect(await database.reader.select().from(mediaFetches)).toHaveLength(101)
  expect(await store.fetchedSince(['a'], NOW + 149)).toBe(true)
  expect(await store.fetchedSince(['a'], NOW + 150)).toBe(false)
})
