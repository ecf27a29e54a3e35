import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { safeBack } from '../../src/dashboard/gate.ts'
import { dayStart, whenIn } from '../../src/dashboard/when.ts'
import { preferredLanguage } from '../../src/dashboard/words/language.ts'
import { reasonIn } from '../../src/dashboard/words/reasons.ts'
import { REASON_TEXTS, REASONS_BY_STATUS } from '../../src/query/reasons.ts'

const FOLDER = new URL('../../src/dashboard/words/', import.meta.url)

test('no words are empty or the same in both languages by mistake', async () => {
  const same: string[] = []
  for (const file of readdirSync(fileURLToPath(FOLDER))) {
    const made = Object.values((await import(new URL(file, FOLDER).href)) as Record<string, unknown>)
    for (const words of made) {
      if (typeof words !== 'function' || words.length !== 1) continue
      const [english, swahili] = [words('en'), words('sw')] as Record<string, unknown>[]
      if (typeof english !== 'object' || english === null) continue
      for (const [key, text] of Object.entries(english)) {
        expect([file, key, text, swahili?.[key]]).not.toContain('')
        if (typeof text === 'string' && text === swahili?.[key]) same.push(`${file} ${key}`)
      }
    }
  }
  expect(same.length).toBeLessThan(10)
})

test('every stored reason has its Swahili, which is not the English', () => {
  const codes = Object.keys(REASON_TEXTS).map((code) => ['cancelled', code])
  const special = Object.entries(REASONS_BY_STATUS).flatMap(([status, texts]) =>
    Object.keys(texts).map((code) => [status, code]),
  )
  expect(codes.length + special.length).toBeGreaterThan(25)
  for (const [status = '', code = ''] of [...codes, ...special]) {
    const [english, swahili] = [reasonIn('en', status, code), reasonIn('sw', status, code)]
    expect([code, english.length > 10 && swahili.length > 10 && english !== swahili]).toEqual([code, true])
  }
})

test.each([
  [undefined, undefined],
  ['sw', 'sw'],
  ['sw-TZ,sw;q=0.9,en;q=0.8', 'sw'],
  ['en-GB,en;q=0.9,sw;q=0.8', 'en'],
  ['fr-FR,fr;q=0.9,sw;q=0.5,en;q=0.3', 'sw'],
  ['en;q=0, sw;q=0.1', 'sw'],
  ['de, *;q=0.1', undefined],
  [';;;,,q=', undefined],
])('of %j, the language is %s', (header, language) => {
  expect(preferredLanguage(header)).toBe(language)
})

test.each([
  ['/dashboard/messages?q=1', '/dashboard/messages?q=1'],
  ['/dashboard', '/dashboard'],
  ['/dashboard?x=1', '/dashboard?x=1'],
  ['https://evil.example/dashboard', '/dashboard'],
  ['//evil.example/dashboard', '/dashboard'],
  ['/dashboard/../v1/messages', '/dashboard'],
  ['/dashboard/%2e%2e/v1/messages', '/dashboard'],
  ['/dashboard//evil.example', '/dashboard//evil.example'],
  ['/dashboard\\..\\..', '/dashboard'],
  ['/dashboardevil', '/dashboard'],
  ['/v1/messages', '/dashboard'],
  ['javascript:alert(1)', '/dashboard'],
  ['/dashboard/\r\nset-cookie:x', '/dashboard'],
  ['', '/dashboard'],
  [null, '/dashboard'],
])('back to %j leads to %s', (wanted, path) => {
  expect(safeBack(wanted)).toBe(path)
})

test('days and times are said as people say them', () => {
  const now = Date.parse('2026-11-20T20:30:00Z')
  const when = whenIn('en', 'Africa/Dar_es_Salaam', now)
  const said = ['2026-11-20T21:00:00Z', '2026-11-19T20:59:00Z', '2026-11-26T06:00:00Z', '2026-11-27T06:00:00Z'].map(
    (at) => when.time(Date.parse(at)),
  )
  expect(said).toEqual(['tomorrow 00:00', 'yesterday 23:59', 'Thursday 09:00', '27 Nov 09:00'])
  expect(when.exact(now)).toBe('20 Nov 2026, 23:30:00')
  expect(when.day(Date.parse('2026-11-12T06:00:00Z'))).toBe('12 Nov')
})

test('a day begins when the clocks of its place say so, also where they are put forward', () => {
  const iso = (text: string, zone: string, on = 0) => new Date(dayStart(text, zone, on) ?? Number.NaN).toISOString()
  expect(iso('2026-11-20', 'Africa/Dar_es_Salaam')).toBe('2026-11-19T21:00:00.000Z')
  expect(iso('2026-11-20', 'Africa/Dar_es_Salaam', 1)).toBe('2026-11-20T21:00:00.000Z')
  expect(iso('2026-03-29', 'Europe/Berlin')).toBe('2026-03-28T23:00:00.000Z')
  expect(iso('2026-03-29', 'Europe/Berlin', 1)).toBe('2026-03-29T22:00:00.000Z')
  expect(dayStart('7d', 'UTC')).toBeUndefined()
  expect(dayStart('2026-99-99', 'UTC')).toBeUndefined()
})
