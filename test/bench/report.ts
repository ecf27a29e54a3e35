import { formatTable } from '../../src/commands/table.ts'
import type { Judged } from './figures.ts'

/** Three digits that count; nobody reads more. */
export function shown(value: number): string {
  if (!Number.isFinite(value)) return '-'
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.max(Math.abs(value), 0.001))))
  return value.toLocaleString('en', { maximumFractionDigits: Math.min(digits, 3) })
}

function withUnit(value: number, unit: Judged['unit']): string {
  return unit === '×' ? shown(value) : unit === '/s' ? `${shown(value)}/s` : `${shown(value)} ${unit}`
}

function cells(figure: Judged): string[] {
  const { what, unit, target, met } = figure
  const asked =
    target === undefined ? '' : 'atLeast' in target ? `≥ ${shown(target.atLeast)}` : `≤ ${shown(target.atMost)}`
  const verdict = met === null ? '' : met ? 'met' : 'not met'
  return [what, withUnit(figure.median, unit), `${shown(figure.low)} – ${shown(figure.high)}`, asked, verdict]
}

const HEAD = ['figure', 'median', 'quartiles', 'target', '']

/** Ratios first: they hold on other machines too. */
export function ordered(figures: Judged[]): Judged[] {
  return [...figures.filter(({ kind }) => kind === 'ratio'), ...figures.filter(({ kind }) => kind === 'absolute')]
}

export function plainTable(figures: Judged[]): string {
  return formatTable(HEAD, ordered(figures).map(cells))
}

export function markdownTable(figures: Judged[]): string {
  const line = (row: string[]) => `| ${row.join(' | ')} |`
  return [line(HEAD), line(HEAD.map(() => '---')), ...ordered(figures).map((figure) => line(cells(figure)))].join('\n')
}
