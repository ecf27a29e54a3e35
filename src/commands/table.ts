/** Plain columns for a terminal; the last one is not padded, and cut where `columns` ends. */
export function formatTable(head: string[], rows: string[][], columns = Number.POSITIVE_INFINITY): string {
  const widths = head.map((title, column) => Math.max(...[title, ...rows.map((row) => row[column] ?? '')].map(widthOf)))
  const before = widths.slice(0, -1).reduce((sum, width) => sum + width + 2, 0)
  const room = Math.max(LEAST, columns - before)
  const line = (cells: string[]) =>
    cells
      .map((cell, column) =>
        column === cells.length - 1 ? cut(cell, room) : cell + ' '.repeat((widths[column] ?? 0) - widthOf(cell)),
      )
      .join('  ')
  return [
    line(head),
    line(widths.map((width, column) => '-'.repeat(column === widths.length - 1 ? Math.min(width, room) : width))),
    ...rows.map(line),
  ].join('\n')
}

/** Of the last column, in the narrowest terminal. */
const LEAST = 24

function cut(text: string, room: number): string {
  if (widthOf(text) <= room) return text
  let kept = ''
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (widthOf(kept + segment) > room - 1) break
    kept += segment
  }
  return `${kept.trimEnd()}…`
}

/** Terminals give CJK and emoji two columns. */
function widthOf(text: string): number {
  let width = 0
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    width +=
      /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u.test(
        segment,
      )
        ? 2
        : 1
  }
  return width
}
