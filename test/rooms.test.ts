import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const SRC = fileURLToPath(new URL('../src', import.meta.url))

interface Import {
  from: string
  to: string
  typeOnly: boolean
}

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) => /\.tsx?$/.test(file))
const imports: Import[] = files.flatMap((file) => {
  const source = readFileSync(join(SRC, file), 'utf8')
  const now = [...source.matchAll(/^import (type )?(?:(?! from ')[^;])* from '(\.[^']+)'/gm)]
  const later = [...source.matchAll(/await import\(()'(\.[^']+)'\)/g)]
  return [...now, ...later].map((match) => ({
    from: file,
    to: relative(SRC, join(SRC, dirname(file), match[2] ?? '')),
    typeOnly: match[1] === 'type ',
  }))
})
const room = (file: string) => (file.includes('/') ? (file.split('/')[0] ?? '') : '')
const crossing = imports.filter(({ from, to }) => room(from) !== room(to))

test('the walls are looked at: most files import something', () => {
  expect(imports.length).toBeGreaterThan(files.length)
})

test('nothing imports itself by a detour', () => {
  const next = new Map<string, string[]>()
  for (const { from, to } of imports) next.set(from, [...(next.get(from) ?? []), to])
  const done = new Set<string>()
  const visit = (file: string, path: string[]): void => {
    expect(path.includes(file), [...path, file].join(' → ')).toBe(false)
    if (done.has(file)) return
    for (const to of next.get(file) ?? []) visit(to, [...path, file])
    done.add(file)
  }
  for (const file of files) visit(file, [])
})

test('window, rules, shops, karibu and receipts know nothing of the program but its shared words', () => {
  const pure = ['window', 'rules', 'shops', 'karibu', 'receipts']
  const strangers = crossing.filter(({ from, to, typeOnly }) => {
    if (!pure.includes(room(from)) || room(to) === '') return false
    return !(typeOnly && to === 'config/types.ts')
  })
  expect(strangers).toEqual([])
})

test('only store writes SQL, and it decides nothing: it imports no room that does', () => {
  const sql = files.filter((file) => /drizzle-orm|better-sqlite3/.test(readFileSync(join(SRC, file), 'utf8')))
  expect(sql.filter((file) => room(file) !== 'store')).toEqual([])
  expect(crossing.filter(({ from, to }) => room(from) === 'store' && room(to) !== '')).toEqual([])
})

test('the doctor is asked by commands alone, and what judges in it asks nobody', () => {
  const toDoctor = crossing.filter(({ to }) => room(to) === 'doctor').map(({ from }) => room(from))
  expect(new Set(toDoctor)).toEqual(new Set(['commands']))
  const judging = files.filter((file) => room(file) === 'doctor' && !/\/(ask-|examine)/.test(file))
  expect(judging.length).toBeGreaterThan(5)
  const asking = judging.filter((file) => /from '(node:|undici)/.test(readFileSync(join(SRC, file), 'utf8')))
  expect(asking).toEqual([])
  const asks = imports.filter(({ from, to, typeOnly }) => judging.includes(from) && /\/ask-/.test(to) && !typeOnly)
  expect(asks).toEqual([])
})

test('the service never imports the sandbox, and nobody but the entry points the app', () => {
  const toSandbox = crossing.filter(({ to }) => room(to) === 'sandbox').map(({ from }) => room(from))
  expect(new Set(toSandbox)).toEqual(new Set(['commands']))
  const sandboxKnows = crossing.filter(({ from, to }) => room(from) === 'sandbox' && room(to) !== '')
  expect(sandboxKnows).toEqual([])
  const toApp = imports.filter(({ to }) => to === 'app.ts').map(({ from }) => from)
  expect(toApp.every((file) => file.startsWith('commands/'))).toBe(true)
})

test('nothing on the way of an order hangs on to async hooks, which make every await of the process cost more', () => {
  const hooked = files.filter(
    (file) =>
      file.endsWith('.tsx') ||
      /from '(hono\/(jsx|context-storage)|node:async_hooks)/.test(readFileSync(join(SRC, file), 'utf8')),
  )
  // Pages may: drawing the first one is what sets the hooks.
  expect(hooked.filter((file) => !/^(dashboard|sandbox\/phone)\//.test(file))).toEqual([])
})

test('time and chance are read in clock.ts and ids.ts alone, and the environment in main.ts and config', () => {
  const reads = (pattern: RegExp, allowed: RegExp) =>
    files.filter((file) => pattern.test(readFileSync(join(SRC, file), 'utf8')) && !allowed.test(file))
  expect(reads(/Date\.now\(|new Date\(\)|Math\.random\(|randomUUID\(|[^.]setTimeout\(/, /^(clock|ids)\.ts$/)).toEqual([
    'http/server.ts',
  ])
  expect(reads(/process\.(env|argv|exit)/, /^(main\.ts|config\/)/)).toEqual([])
})
