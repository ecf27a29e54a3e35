import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { copyDatabase } from '../../src/store/copy.ts'

test('what is deleted from a copy can be read in its file no longer', () => {
  const folder = mkdtempSync(join(tmpdir(), 'risiti-copy-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'risiti.db')
  const original = new Database(file)
  original.pragma('journal_mode = WAL')
  original.exec('create table bodies (id integer primary key, body text not null)')
  const insert = original.prepare('insert into bodies (body) values (?)')
  for (let row = 0; row < 100; row += 1) insert.run(`${row < 50 ? 'asha' : 'juma'} ${'x'.repeat(400)}`)
  const to = join(folder, 'copy.db')
  copyDatabase(file, to)
  original.close()
  expect(readFileSync(to).includes('asha')).toBe(true)

  const copy = new Database(to)
  copy.pragma('secure_delete = ON')
  copy.exec("delete from bodies where body like 'asha%'")
  copy.close()

  expect(readFileSync(to).includes('asha')).toBe(false)
  expect(readFileSync(to).includes('juma')).toBe(true)
})
