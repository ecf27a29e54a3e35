import type Database from 'better-sqlite3'
import { getTableColumns, type InferInsertModel, type SQL, sql } from 'drizzle-orm'
import type { SQLiteTable } from 'drizzle-orm/sqlite-core'
import type { Db } from './db.ts'
import { messages } from './schema.ts'
import type { MessageStatus } from './words.ts'

/**
 * A query that is composed once for each connection, its values left open as placeholders: composing one costs far more
 * than running it. For what runs several times for every order.
 */
export function prepared<Q extends object>(compose: (db: Db) => Q): (db: Db) => Q {
  const composed = new WeakMap<Db, Q>()
  return (db) => {
    const known = composed.get(db)
    if (known) return known
    const query = compose(db)
    composed.set(db, query)
    return query
  }
}

/**
 * A whole row, every column left open. Only for tables whose JSON columns are never null: drizzle would write the text
 * `null` in place of nothing.
 */
export function openRow<T extends SQLiteTable>(table: T): InferInsertModel<T> {
  const names = Object.keys(getTableColumns(table))
  return Object.assign(Object.create(null), Object.fromEntries(names.map((name) => [name, sql.placeholder(name)])))
}

const SHAPES_AT_MOST = 100

/**
 * `prepared` for rows that fill different columns at different times: composed once for each set of them. Columns that
 * are to be null are written so, since drizzle would put the text `null` into a JSON column's placeholder.
 */
export function shaped<V extends object, Q extends object>(compose: (db: Db, open: V) => Q): (db: Db, row: V) => Q {
  const composed = new WeakMap<Db, Map<string, Q>>()
  return (db, row) => {
    let kept = composed.get(db)
    if (!kept) composed.set(db, (kept = new Map()))
    let shape = ''
    for (const [name, value] of Object.entries(row)) {
      if (value !== undefined) shape += value === null ? `${name}-,` : `${name},`
    }
    let query = kept.get(shape)
    if (!query) {
      if (kept.size >= SHAPES_AT_MOST) kept.clear()
      kept.set(shape, (query = compose(db, opened(row))))
    }
    return query
  }
}

function opened<V extends object>(row: V): V {
  const filled = Object.entries(row).filter(([, value]) => value !== undefined)
  const open = filled.map(([name, value]) => [name, value === null ? null : sql.placeholder(name)])
  return Object.assign(Object.create(null), Object.fromEntries(open))
}

/**
 * The status written out. SQLite compares a bound one with the conditions of partial indexes each time it is bound, and
 * compiles the statement anew for it: ten times what running it costs.
 */
export function isStatus(status: MessageStatus): SQL {
  return sql`${messages.status} = ${sql.raw(`'${status}'`)}`
}

const STATEMENTS_AT_MOST = 500

/** Compiled statements are used again: the same few come for every order, composed anew each time. */
export function keepStatements(sqlite: Database.Database): void {
  const compile = sqlite.prepare.bind(sqlite)
  const kept = new Map<string, Database.Statement>()

  function prepare(source: string): Database.Statement {
    const known = kept.get(source)
    if (known) return known
    const statement: Database.Statement = compile(source)
    // Lists of ids come in many lengths; the common statements are back at once.
    if (kept.size >= STATEMENTS_AT_MOST) kept.clear()
    kept.set(source, statement)
    return statement
  }

  Object.assign(sqlite, { prepare })
}
