import type { Judged } from './figures.ts'
import { shown } from './report.ts'

const WIDTH = 780
const LABELS = 280
const BARS = 380
const ROW = 34
const TOP = 44

/** Legible on white and on black: text takes the page's colour scheme, bars have one that suits both. */
const STYLE = `
  text { font: 14px system-ui, sans-serif; fill: #24292f }
  .title { font-weight: 600 }
  .other { fill: #8c959f }
  .ours { fill: #0f9d8a }
  .spread { stroke: #57606a; stroke-width: 2 }
  @media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .spread { stroke: #d0d7de } }
`

/** Bars of the figures that have words for it, all per second, with their quartiles. */
export function chartOf(figures: Judged[], title: string): string {
  const rows = figures.flatMap(({ chart, ...figure }) => (chart === undefined ? [] : [{ ...figure, label: chart }]))
  const most = Math.max(...rows.map(({ high }) => high))
  const x = (value: number) => Math.round((LABELS + (BARS * value) / most) * 10) / 10
  const bars = rows.map(({ label, median, low, high }, index) => {
    const y = TOP + index * ROW
    const kind = label.startsWith('Risiti') ? 'ours' : 'other'
    const middle = y + 11
    return [
      `<text x="${LABELS - 12}" y="${y + 16}" text-anchor="end">${label}</text>`,
      `<rect class="${kind}" x="${LABELS}" y="${y}" width="${Math.max(1, Math.round(x(median) - LABELS))}" height="22"/>`,
      `<line class="spread" x1="${x(low)}" y1="${middle}" x2="${x(high)}" y2="${middle}"/>`,
      `<text x="${x(high) + 10}" y="${y + 16}">${shown(median)}</text>`,
    ].join('\n')
  })
  const height = TOP + rows.length * ROW + 8
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${title}">
<style>${STYLE}</style>
<text class="title" x="12" y="24">${title}</text>
${bars.join('\n')}
</svg>
`
}
