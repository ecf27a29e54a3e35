import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { chartOf } from './chart.ts'
import type { Judged } from './figures.ts'
import type { Machine } from './machine.ts'
import { markdownTable } from './report.ts'

const README = fileURLToPath(new URL('../../README.md', import.meta.url))
const CHART = fileURLToPath(new URL('chart.svg', import.meta.url))
const BEGIN = '<!-- bench: npm run bench -- --readme -->'
const END = '<!-- bench ends -->'
export const CHART_TITLE = 'Requests a second over 64 connections, one core, 6 KB orders'

export interface Run {
  machine: Machine
  quick: boolean
  /** ISO 8601. */
  ranAt: string
}

/** Writes table and chart anew, between the marks. */
export function refreshReadme(figures: Judged[], run: Run): void {
  writeFileSync(CHART, chartOf(figures, CHART_TITLE))
  writeFileSync(README, withFigures(readFileSync(README, 'utf8'), figures, run))
}

export function withFigures(readme: string, figures: Judged[], { machine, quick, ranAt }: Run): string {
  const [begin, end] = [readme.indexOf(BEGIN), readme.indexOf(END)]
  if (begin < 0 || end < begin) throw new Error(`the README has no ${BEGIN} … ${END}`)
  const asked = figures.filter(({ met }) => met !== null)
  const met = asked.filter((figure) => figure.met).length
  const { processor, cores, memoryGb, node, sqlite, loadBefore } = machine
  const busy = loadBefore > cores / 4 ? ' Other work had the machine too: only the ratios say much.' : ''
  const text = `
Measured on ${ranAt.slice(0, 10)}${quick ? ' (`--quick`)' : ''}: ${processor}, ${cores} cores, ${memoryGb} GB, Node ${node}, SQLite ${sqlite}, load ${loadBefore} before it began.${busy}
${met} of ${asked.length} targets met.

![${CHART_TITLE}](test/bench/chart.svg)

${markdownTable(figures)}
`
  return `${readme.slice(0, begin)}${BEGIN}${text}${readme.slice(end)}`
}
