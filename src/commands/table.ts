import { type Paint, paintWord, plain } from './paint.ts'

export interface TableOptions {
  /** Of the terminal. */
  columns?: number | undefined
  /** From this column on a row goes on below, where the terminal is too narrow for all of it. */
  below?: number
  paint?: Paint | undefined
  /** The column whose word has a colour. */
  coloured?: number
}

/** Of the last column, in the narrowest terminal. */
const LEAST = 24
const GAP = '  '

/** Plain columns for a terminal; the last one is not padded, and cut where `columns` ends. */
export function formatTable(head: string[], rows: string[][], options: TableOptions = {}): string {
  const { columns = Number.POSITIVE_INFINITY, below, paint = plain, coloured } = options
  const all = widthsOf(head, rows)
  const fits = widthOfAll(all.slice(0, -1)) + GAP.length + LEAST <= columns
  const wraps = below !== undefined && !fits
  const first = wraps ? all.slice(0, below) : all
  const room = Math.max(LEAST, columns - widthOfAll(first.slice(0, -1)) - GAP.length)
  const lineOf = (cells: string[], colours: boolean) =>
    first
      .map((width, column) => {
        const cell = cells[column] ?? ''
        const shown = column === first.length - 1 ? cut(cell, room) : cell
        const padding = column === first.length - 1 ? '' : ' '.repeat(width - widthOf(cell))
        return (colours && column === coloured ? paintWord(paint, shown) : shown) + padding
      })
      .join(GAP)
      .trimEnd()
  const restOf = (cells: string[]) => {
    const indent = ' '.repeat((first[0] ?? 0) + GAP.length)
    const rest = cells.slice(below).filter((cell) => cell !== '' && cell !== '-')
    const left = Math.max(LEAST, columns - indent.length)
    const joined = rest.join(GAP)
    const lines = widthOf(joined) <= left ? [joined] : rest
    return lines.filter((line) => line !== '').map((line) => paint('dim', indent + cut(line, left)))
  }
  const rule = first.map((width, column) => '-'.repeat(column === first.length - 1 ? Math.min(width, room) : width))
  return [
    paint('bold', lineOf(head, false)),
    paint('dim', rule.join(GAP)),
    ...rows.flatMap((row) => [lineOf(row, true), ...(wraps ? restOf(row) : [])]),
  ].join('\n')
}

/** `name      value` by line; null leaves a line out. */
export function formatFacts(facts: [name: string, value: string | null][], paint: Paint = plain): string {
  const width = Math.max(...facts.map(([name]) => name.length)) + 2
  return facts
    .flatMap(([name, value]) => (value === null ? [] : `${paint('dim', name.padEnd(width))}${value}`))
    .join('\n')
}

function widthsOf(head: string[], rows: string[][]): number[] {
  return head.map((title, column) => Math.max(...[title, ...rows.map((row) => row[column] ?? '')].map(widthOf)))
}

function widthOfAll(widths: number[]): number {
  return widths.reduce((sum, width) => sum + width + GAP.length, 0) - GAP.length
}

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
