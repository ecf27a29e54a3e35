import { type Check, fail, ok, warn } from './check.ts'

export interface FontFacts {
  /** Families that are not installed. */
  missing: readonly string[]
  /** Why the fonts could not be read at all; null when they could. */
  trouble: string | null
}

const NAME = 'drawing.fonts'
const SCRIPTS = 'Latin, Greek, Cyrillic and Arabic letters'

/** Pure: which scripts a receipt can be drawn in. */
export function fontCheck({ missing, trouble }: FontFacts): Check {
  if (trouble !== null) {
    return fail(NAME, `the fonts of receipts cannot be read: ${trouble}`, 'Install them again: npm ci')
  }
  if (missing.length === 0) return ok(NAME, `${SCRIPTS}, Chinese and emoji can be drawn`)
  const text = `${SCRIPTS} and emoji can be drawn; ${missing.join(', ')} is missing, so Chinese comes out as boxes`
  return warn(NAME, text, 'If customers write Chinese: npm ci --include=optional (76 MB)')
}
