import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { Db } from '../../src/store/db.ts'
import { openDatabase, openReader } from '../../src/store/open.ts'
import * as schema from '../../src/store/schema.ts'
import { cursors } from '../../src/store/schema.ts'
import { createWriter } from '../../src/store/writer.ts'

/** The writer's waits while the file is locked: counted, not waited. */
const { lock, waited } = vi.hoisted(() => ({
  lock: { onWait: (_count: number): void => undefined },
  waited: [] as number[],
}))
vi.mock('node:timers/promises', () => ({
  setTimeout: (ms: number) => {
    waited.push(ms)
    lock.onWait(waited.length)
    return new Promise((resolve) => setImmediate(resolve))
  },
}))

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'risiti-writer-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

/** A writer over a real file, a second connection that sees only what is committed, and every statement that ran. */
function aWriter() {
  const file = join(folder(), 'risiti.db')
  const statements: string[] = []
  const sqlite = new Database(file, { verbose: (statement) => statements.push(String(statement)) })
  sqlite.pragma('journal_mode = WAL')
  sqlite.pragma('busy_timeout = 0')
  sqlite.exec('create table kept (name text primary key)')
  const writer = createWriter(sqlite, drizzle(sqlite, { schema }))
  const reader = new Database(file, { readonly: true })
  onTestFinished(() => {
    reader.close()
    sqlite.close()
  })
  return {
    writer,
    sqlite,
    file,
    keep: (name: string) => writer.run(async (db) => insert(db, name)),
    keepPatiently: (name: string) => writer.run(async (db) => insert(db, name), { patient: true }),
    kept: () => reader.prepare('select name from kept order by rowid').pluck().all(),
    commits: () => statements.filter((statement) => statement === 'COMMIT').length,
  }
}

async function insert(db: Db, name: string): Promise<string> {
  await db.run(sql`insert into kept values (${name})`)
  return name
}

test('steps that wait at the same time share one commit', async () => {
  const { keep, kept, commits } = aWriter()
  const names = Array.from({ length: 100 }, (_, index) => `n${index}`)
  expect(await Promise.all(names.map(keep))).toEqual(names)
  // One, unless the machine is so slow that the group's time runs out.
  expect(commits()).toBeLessThan(20)
  expect(kept()).toEqual(names)
})

test('steps that come one after another have a commit each', async () => {
  const { keep, commits } = aWriter()
  for (const name of ['a', 'b', 'c']) await keep(name)
  expect(commits()).toBe(3)
})

test('a crowd is taken in groups, in the order it came', async () => {
  const { keep, kept, commits } = aWriter()
  const names = Array.from({ length: 300 }, (_, index) => `n${index}`)
  await Promise.all(names.map(keep))
  expect(commits()).toBeLessThan(100)
  expect(kept()).toEqual(names)
})

test('slow steps do not hold the event loop together: each few milliseconds others have their turn', async () => {
  const { writer, commits } = aWriter()
  let turns = 0
  const count = () => {
    turns++
    turning = setImmediate(count)
  }
  let turning = setImmediate(count)
  const slow = () =>
    writer.run(async () => {
      for (const until = performance.now() + 3; performance.now() < until; );
    })
  await Promise.all(Array.from({ length: 20 }, slow))
  clearImmediate(turning)
  expect(commits()).toBeGreaterThanOrEqual(5)
  expect(turns).toBeGreaterThanOrEqual(5)
})

test('a result comes only after its commit: a reader beside the writer sees it', async () => {
  const { keep, kept } = aWriter()
  const seenAtResult = await Promise.all(['a', 'b', 'c'].map(async (name) => [await keep(name), kept()]))
  expect(seenAtResult).toEqual(['a', 'b', 'c'].map((name) => [name, ['a', 'b', 'c']]))
})

test('within a step nothing is visible to others yet', async () => {
  const { writer, kept } = aWriter()
  const during = await writer.run(async (db) => {
    await insert(db, 'a')
    return kept()
  })
  expect(during).toEqual([])
  expect(kept()).toEqual(['a'])
})

test('a step that throws is rolled back alone, and told its own error', async () => {
  const { writer, keep, kept, commits } = aWriter()
  const broken = new Error('a rule of the business')
  const results = await Promise.allSettled([
    keep('before'),
    writer.run(async (db) => {
      await insert(db, 'half')
      throw broken
    }),
    keep('after'),
  ])
  expect(results).toEqual([
    { status: 'fulfilled', value: 'before' },
    { status: 'rejected', reason: broken },
    { status: 'fulfilled', value: 'after' },
  ])
  expect(kept()).toEqual(['before', 'after'])
  expect(commits()).toBeLessThanOrEqual(3)
})

test('an error of the database itself (a key that exists) is rolled back alone, too', async () => {
  const { writer, keep, kept } = aWriter()
  const results = await Promise.allSettled([
    keep('a'),
    writer.run(async (db) => {
      await insert(db, 'b')
      await insert(db, 'a')
    }),
    keep('c'),
  ])
  expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(kept()).toEqual(['a', 'c'])
})

test('a failing step is not told before the commit of the others', async () => {
  const { writer, keep, kept } = aWriter()
  const failed = writer.run(async () => {
    throw new Error('no')
  })
  const other = keep('a')
  await expect(failed).rejects.toThrow('no')
  expect(kept()).toEqual(['a'])
  await other
})

test('an error that ends the whole transaction reaches everyone in it so far; who comes after is taken in the next', async () => {
  const { writer, keep, kept, sqlite } = aWriter()
  sqlite.exec(`create trigger full before insert on kept when new.name = 'too much'
    begin select raise(rollback, 'disk is full'); end`)
  const results = await Promise.allSettled([keep('a'), keep('too much'), keep('b')])
  expect(results.map((result) => result.status)).toEqual(['rejected', 'rejected', 'fulfilled'])
  expect(kept()).toEqual(['b'])
  expect(await keep('c')).toBe('c')
  expect(await writer.run(async () => kept())).toEqual(['b', 'c'])
})

test('a commit that fails reaches everyone in it, and the next one works', async () => {
  const { writer, keep, kept, sqlite } = aWriter()
  sqlite.pragma('foreign_keys = ON')
  sqlite.exec('create table child (of text references kept (name) deferrable initially deferred)')
  const orphan = () => writer.run(async (db) => void (await db.run(sql`insert into child values ('nobody')`)))
  const results = await Promise.allSettled([keep('a'), orphan()])
  expect(results.map((result) => result.status)).toEqual(['rejected', 'rejected'])
  expect(kept()).toEqual([])
  await keep('b')
  expect(kept()).toEqual(['b'])
})

/** Another process that holds the file until the writer has waited so often. */
function aLock(file: string, waits: number) {
  const other = new Database(file)
  other.exec('begin immediate')
  waited.length = 0
  lock.onWait = (count) => {
    if (count === waits) other.close()
  }
  onTestFinished(() => {
    lock.onWait = () => undefined
    other.close()
  })
  return other
}

test('a database locked by another process for a moment is waited for, and the event loop goes on', async () => {
  const { keep, kept, file } = aWriter()
  aLock(file, 50)
  const other = keep('b')
  expect(await keep('a')).toBe('a')
  await other
  expect(kept()).toEqual(['b', 'a'])
  expect(waited).toHaveLength(50)
})

test('a database locked for good refuses the steps before the shops give up, and nothing hangs', async () => {
  const { keep, kept, file } = aWriter()
  const other = aLock(file, Number.POSITIVE_INFINITY)
  const results = await Promise.allSettled([keep('a'), keep('a2')])
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  await expect(keep('a3')).rejects.toThrow('the database did not take the change')
  expect(waited.reduce((sum, ms) => sum + ms, 0) / 2).toBeLessThanOrEqual(20_000)
  other.close()
  await keep('b')
  expect(kept()).toEqual(['b'])
})

test('a step handed in from within a step comes after it', async () => {
  const { writer, keep, kept } = aWriter()
  const nested: Promise<string>[] = []
  await writer.run(async (db) => {
    nested.push(keep('inner'))
    await insert(db, 'outer')
  })
  await Promise.all(nested)
  expect(kept()).toEqual(['outer', 'inner'])
})

test('drained waits for every step handed in so far, also when one fails', async () => {
  const { writer, keep, kept } = aWriter()
  await writer.drained()
  const names = Array.from({ length: 200 }, (_, index) => `n${index}`)
  const all = Promise.allSettled([writer.run(() => Promise.reject(new Error('no'))), ...names.map(keep)])
  await writer.drained()
  expect(kept()).toHaveLength(200)
  expect((await all).map(({ status }) => status)).toEqual(['rejected', ...names.map(() => 'fulfilled')])
})

test('the service’s database is opened so that a commit survives a power cut', async () => {
  const file = join(folder(), 'data', 'risiti.db')
  const database = openDatabase(file)
  expect(database.synchronous()).toBe(2)
  await database.writer.run(async (db) => void (await db.insert(cursors).values({ name: 'a', value: '1' })))
  expect(database.synchronous()).toBe(2)
  expect(await database.reader.select().from(cursors)).toEqual([{ name: 'a', value: '1' }])
  await database.close()
  const beside = new Database(file, { readonly: true })
  expect(beside.pragma('journal_mode', { simple: true })).toBe('wal')
  beside.close()
})

test('closing waits for what was handed in', async () => {
  const file = join(folder(), 'risiti.db')
  const database = openDatabase(file)
  const step = database.writer.run(async (db) => void (await db.insert(cursors).values({ name: 'a', value: '1' })))
  await database.close()
  await step
  const { reader, close } = openReader(file)
  expect(await reader.select().from(cursors)).toEqual([{ name: 'a', value: '1' }])
  close()
})

test('opening the same file again keeps what it holds', async () => {
  const file = join(folder(), 'risiti.db')
  const first = openDatabase(file)
  await first.writer.run(async (db) => void (await db.insert(cursors).values({ name: 'a', value: '1' })))
  await first.close()
  const second = openDatabase(file)
  expect(await second.reader.select().from(cursors)).toHaveLength(1)
  await second.close()
})

test('the reader cannot write', async () => {
  const file = join(folder(), 'risiti.db')
  const database = openDatabase(file)
  await expect(async () => database.reader.insert(cursors).values({ name: 'a', value: '1' })).rejects.toThrow(
    /readonly/,
  )
  await database.close()
})

test('a file that is no database, and one that is not there, are named', () => {
  const here = folder()
  expect(() => openDatabase(here)).toThrow(expect.objectContaining({ code: 'store.unusable' }) as Error)
  expect(() => openReader(join(here, 'none.db'))).toThrow(expect.objectContaining({ code: 'store.missing' }) as Error)
})

test('patient steps go out with the next commit, in their turn', async () => {
  const { keepPatiently, keep, kept, commits } = aWriter()
  const patient = ['a', 'b'].map(keepPatiently)
  await keep('c')
  expect(kept()).toEqual(['a', 'b', 'c'])
  await Promise.all(patient)
  expect(commits()).toBe(1)
})

test('patient steps nobody comes to join are kept all the same, and a close waits for them', async () => {
  const { keepPatiently, kept, writer, commits } = aWriter()
  expect(await keepPatiently('a')).toBe('a')
  void keepPatiently('b')
  await writer.drained()
  expect(kept()).toEqual(['a', 'b'])
  expect(commits()).toBe(2)
})
