import type { Page, PageRows } from '../store/search.ts'

/** Reads on until a page is full or nothing is left: for whoever has the time that a rare find takes. */
export async function wholePage<Row>(list: (page: Page) => Promise<PageRows<Row>>, page: Page): Promise<PageRows<Row>> {
  const rows: Row[] = []
  let next = page.before ?? null
  do {
    const found = await list({ before: next ?? undefined, limit: page.limit - rows.length })
    rows.push(...found.rows)
    next = found.next
  } while (next !== null && rows.length < page.limit)
  return { rows, next }
}
