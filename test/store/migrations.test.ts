import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { migrate } from 'drizzle-orm/better-sqlite3/migrator'
import { expect, onTestFinished, test } from 'vitest'
import { createIds } from '../../src/ids.ts'
import { openReadStore, openStore } from '../../src/store/store.ts'
import { ASHA, paidOrder, START, testWorld } from '../support/world.ts'

const MIGRATIONS = fileURLToPath(new URL('../../migrations/sqlite', import.meta.url))
const JOURNAL = JSON.parse(readFileSync(join(MIGRATIONS, 'meta/_journal.json'), 'utf8')) as {
  entries: { tag: string; when: number }[]
}
const PREFIXES = JOURNAL.entries.map(({ tag }, index) => ({ tag, count: index + 1 }))

type Row = Record<string, unknown>
interface Column {
  name: string
  type: string
  notnull: number
  pk: number
}

/** A database as the program of that time would have made it. */
function databaseOf(folder: string, count: number): Database.Database {
  const migrations = join(folder, 'migrations')
  mkdirSync(join(migrations, 'meta'), { recursive: true })
  const entries = JOURNAL.entries.slice(0, count)
  for (const { tag } of entries) cpSync(join(MIGRATIONS, `${tag}.sql`), join(migrations, `${tag}.sql`))
  writeFileSync(join(migrations, 'meta/_journal.json'), JSON.stringify({ ...JOURNAL, entries }))
  const sqlite = new Database(join(folder, 'risiti.db'))
  sqlite.pragma('journal_mode = WAL')
  migrate(drizzle(sqlite), { migrationsFolder: migrations })
  return sqlite
}

const tablesOf = (sqlite: Database.Database) =>
  sqlite
    .prepare<[], { name: string }>("select name from sqlite_master where type = 'table'")
    .all()
    .map(({ name }) => name)
    .filter((name) => !/^(sqlite_|__)/.test(name))

function aFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'risiti-migrations-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A value of the column's type, the same each time, that differs from row to row. */
function filler({ name, type }: Column, row: number): unknown {
  const kind = type.toLowerCase()
  if (kind === 'blob') return Buffer.from([0, 255, row])
  if (kind === 'integer') return row * 1000 + name.length
  // JSON where the program reads JSON: what it reads is text to the table all the same.
  return JSON.stringify({ [name]: row })
}

test.each(PREFIXES)('a database as $tag left it keeps every row through all later changes', async ({ count }) => {
  const folder = aFolder()
  const before = databaseOf(folder, count)
  const kept = new Map<string, Row[]>()
  for (const table of tablesOf(before)) {
    const columns = before.prepare<[], Column>(`pragma table_info("${table}")`).all()
    for (const row of [1, 2, 3]) {
      const values = columns.map((column) =>
        row === 3 && column.notnull + column.pk === 0 ? null : filler(column, row),
      )
      before.prepare(`insert into "${table}" values (${values.map(() => '?').join(', ')})`).run(values)
    }
    kept.set(table, before.prepare<[], Row>(`select * from "${table}" order by 1`).all())
  }
  before.close()
  expect([...kept.keys()]).toContain('messages')

  const store = openStore(join(folder, 'risiti.db'), createIds({ now: () => START }))
  await store.close()
  const after = new Database(join(folder, 'risiti.db'), { readonly: true })
  onTestFinished(() => void after.close())
  expect(after.pragma('integrity_check', { simple: true })).toBe('ok')
  for (const [table, rows] of kept) {
    const now = after.prepare<[], Row>(`select * from "${table}" order by 1`).all()
    expect(now, table).toMatchObject(rows)
    expect(now, table).toHaveLength(rows.length)
  }
})

test.each(PREFIXES)(
  'a receipt held in a database as $tag left it is released and sent by this program',
  async ({ count }) => {
    const world = await testWorld()
    await world.shopSends('woocommerce', paidOrder())
    expect(await world.messages()).toMatchObject([{ status: 'held' }])
    await world.app.stop()
    const data = join(world.folder, 'data')
    moveRows(join(data, 'risiti.db'), databaseOf(aFolder(), count))
    await world.restart()
    expect(await world.messages()).toMatchObject([{ status: 'held', order_number: 'DUKA-0107' }])
    world.karibu.customerWrites(ASHA)
    await world.run(60_000)
    expect(world.karibu.images()).toHaveLength(1)
    expect(await world.messages()).toMatchObject([{ status: 'read' }])
  },
)

/** Puts into the older database what its tables can hold of the newer one's rows, and takes the newer one's place. */
function moveRows(file: string, older: Database.Database): void {
  const newer = new Database(file)
  for (const table of tablesOf(older)) {
    const names = older
      .prepare<[], Column>(`pragma table_info("${table}")`)
      .all()
      .map(({ name }) => name)
    for (const row of newer.prepare<[], Row>(`select * from "${table}"`).all()) {
      const values = names.map((name) => row[name] ?? null)
      older.prepare(`insert into "${table}" values (${values.map(() => '?').join(', ')})`).run(values)
    }
  }
  newer.close()
  const { name } = older
  older.close()
  cpSync(name, file)
}

test('a database of a newer version is refused in plain words, for writing and for reading', async () => {
  const folder = aFolder()
  const file = join(folder, 'risiti.db')
  const ids = createIds({ now: () => START })
  await openStore(file, ids).close()
  const newer = new Database(file)
  newer
    .prepare('insert into __drizzle_migrations (hash, created_at) values (?, ?)')
    .run('of-tomorrow', Date.now() + 1e12)
  newer.close()
  for (const open of [() => openStore(file, ids), () => openReadStore(file)]) {
    expect(open).toThrow(expect.objectContaining({ code: 'store.newer', message: expect.stringContaining('newer') }))
  }
})
