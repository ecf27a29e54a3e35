import { COMPACT, type Density, FIXED, LINE_WIDTH, PAGE, ROOMY, ROW } from './layout.ts'
import { widthEm } from './text.ts'

/** A receipt of more lines than this is a delivery note; nobody reads it on a phone. */
export const MOST_LINES = 40
const ROOMY_UP_TO = 14

/** What a row of the page holds, both sides together, in em of its 26 px. */
const ROW_EM = 23.5

interface SizedLine {
  name: string
  detail: string | null
  amount: string
}

export interface Fit {
  /** How many lines to show; the rest is folded into one row, so that the sum on paper stays the sum of the order. */
  count: number
  density: 'roomy' | 'compact'
}

/** How many of the lines a readable picture holds beside so many other rows; of a longer list the first 41 will do. */
export function fitLines(lines: SizedLine[], otherRows: number): Fit {
  const density = lines.length <= ROOMY_UP_TO ? 'roomy' : 'compact'
  const room = PAGE.maxHeight - FIXED - otherRows * ROW
  return { count: countThatFit(lines, room, density === 'roomy' ? ROOMY : COMPACT), density }
}

function countThatFit(lines: SizedLine[], room: number, sizes: Density): number {
  const foldRow = sizes.name.row + sizes.gap
  let used = 0
  let withFoldRow = 0
  for (const [index, line] of lines.entries()) {
    used += heightOf(line, sizes)
    if (used + foldRow <= room && index < MOST_LINES - 1) withFoldRow = index + 1
    if (used > room || index >= MOST_LINES) return Math.max(1, withFoldRow)
  }
  return lines.length
}

/** How many rows of the page these take: `fixed` keeps its width, `flexible` wraps in what is left beside it. */
export function countRows(pairs: { fixed: string; flexible: string }[]): number {
  return pairs
    .map(({ fixed, flexible }) => Math.ceil(widthEm(flexible) / Math.max(4, ROW_EM - widthEm(fixed))))
    .reduce((sum, count) => sum + Math.max(1, count), 0)
}

function heightOf(line: SizedLine, { name, detail, gap }: Density): number {
  const width = LINE_WIDTH - widthEm(line.amount) * name.size
  const rows = (text: string, size: number) => Math.ceil((widthEm(text) * size) / width)
  return rows(line.name, name.size) * name.row + rows(line.detail ?? '', detail.size) * detail.row + gap
}
