import { expect, test } from 'vitest'
import { wholePage } from '../../src/query/whole-page.ts'
import type { Page, PageRows } from '../../src/store/search.ts'

/** Rows 30 to 1, of which each page looks at seven. */
function aList(fits: (row: number) => boolean) {
  const asked: Page[] = []
  const list = async (page: Page): Promise<PageRows<number>> => {
    asked.push(page)
    const top = page.before === undefined ? 30 : Number(page.before) - 1
    const looked = Array.from({ length: Math.min(7, top) }, (_, index) => top - index)
    const found = looked.filter(fits)
    const rows = found.slice(0, page.limit)
    const end = found.length > page.limit ? rows.at(-1) : looked.at(-1)
    return { rows, next: end === undefined || end === 1 ? null : String(end) }
  }
  return { asked, list }
}

test.each<[string, (row: number) => boolean, number, number[], string | null]>([
  ['rare rows', (row) => row % 10 === 0, 2, [30, 20], '17'],
  ['all of the rare rows', (row) => row % 10 === 0, 50, [30, 20, 10], null],
  ['nothing', () => false, 50, [], null],
  ['rows of one page', () => true, 3, [30, 29, 28], '28'],
  ['rows of two pages', () => true, 9, [30, 29, 28, 27, 26, 25, 24, 23, 22], '22'],
])('%s are read on for until the page is full or the list is at its end', async (_, fits, limit, rows, next) => {
  const { list, asked } = aList(fits)
  expect(await wholePage(list, { before: undefined, limit })).toEqual({ rows, next })
  expect(asked.every((page) => page.limit <= limit && page.limit > 0)).toBe(true)
})

test('reading on begins where the page before ended', async () => {
  const { list } = aList((row) => row % 10 === 0)
  expect(await wholePage(list, { before: '17', limit: 5 })).toEqual({ rows: [10], next: null })
})
