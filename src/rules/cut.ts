/** Karibu validates captions with Python's `len`, which counts Unicode code points. */
export const CAPTION_LIMIT = 1024

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' })

/** Ends a text that is over `limit` code points with "…", between two characters as people see them. */
export function cutText(text: string, limit: number = CAPTION_LIMIT): { text: string; cut: boolean } {
  if (!isLonger(text, limit)) return { text, cut: false }
  let kept = ''
  let count = 0
  for (const { segment } of graphemes.segment(text)) {
    count += codePoints(segment)
    if (count > limit - 1) break
    kept += segment
  }
  // One "character" longer than a whole caption (stacked accents) is no character worth keeping whole.
  if (kept === '') kept = firstCodePoints(text, limit - 1)
  return { text: `${kept.trimEnd()}…`, cut: true }
}

function isLonger(text: string, limit: number): boolean {
  if (text.length <= limit) return false
  let count = 0
  for (const _ of text) if (++count > limit) return true
  return false
}

function codePoints(text: string): number {
  let count = 0
  for (const _ of text) count++
  return count
}

function firstCodePoints(text: string, limit: number): string {
  return Array.from(text.slice(0, limit * 2))
    .slice(0, limit)
    .join('')
}
