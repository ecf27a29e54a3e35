import { nextTurn } from '../clock.ts'
import type { Page, PageRows } from '../store/search.ts'

/** Of one page of a list. */
export const ROWS = 30
/** How many parts of the list one page may look through. */
const PARTS_AT_MOST = 20

/** A page of a rare find holds few rows, or none: it looks on for a while, and lets others have their turn. */
export async function readOn<Row>(
  list: (page: Page) => Promise<PageRows<Row>>,
  { before, limit }: Page,
): Promise<PageRows<Row>> {
  let found = await list({ before, limit })
  const rows = [...found.rows]
  for (let part = 1; part < PARTS_AT_MOST && found.next !== null && rows.length < limit; part++) {
    await nextTurn()
    found = await list({ before: found.next, limit: limit - rows.length })
    rows.push(...found.rows)
  }
  return { rows, next: found.next }
}
