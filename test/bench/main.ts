import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { endAll } from '../commands/program.ts'
import { createBench } from './bench.ts'
import { CASES, chosenCases } from './cases.ts'
import { chartOf } from './chart.ts'
import { shareCores } from './cores.ts'
import { type Judged, judge } from './figures.ts'
import { describeMachine } from './machine.ts'
import { CHART_TITLE, refreshReadme } from './readme.ts'
import { ordered, plainTable } from './report.ts'

/** `npm run bench -- --quick`: exit code 1 when a ratio is at less than half of what is asked or was reached, or a case could not be run. */
const { values } = parseArgs({
  options: {
    only: { type: 'string', default: Object.keys(CASES).join() },
    quick: { type: 'boolean', default: false },
    json: { type: 'string' },
    chart: { type: 'string' },
    readme: { type: 'boolean', default: false },
    profile: { type: 'string' },
  },
})
const print = (line: string) => void process.stderr.write(`${line}\n`)
const cases = chosenCases(values.only)
const machine = describeMachine()
const folder = mkdtempSync(join(tmpdir(), 'risiti-bench-'))
const figures: Judged[] = []
const broken: string[] = []

async function clear(): Promise<void> {
  await endAll()
  rmSync(folder, { recursive: true, force: true })
}
process.once('SIGINT', () => void clear().finally(() => process.exit(130)))
try {
  const bench = createBench({
    quick: values.quick,
    folder,
    cores: shareCores(),
    profile: values.profile === undefined ? undefined : resolve(values.profile),
    print,
  })
  for (const [name, run] of cases) {
    print(`== ${name}`)
    try {
      figures.push(...(await run(bench)).map(judge))
    } catch (error) {
      // What the other cases find is worth having all the same.
      broken.push(name)
      print(error instanceof Error ? (error.stack ?? error.message) : String(error))
    }
  }
} finally {
  await clear()
}
process.stdout.write(`${plainTable(figures)}\n`)
const ran = { machine, quick: values.quick, ranAt: new Date().toISOString() }
if (values.json !== undefined) {
  writeFileSync(values.json, `${JSON.stringify({ ...ran, figures: ordered(figures) }, null, 2)}\n`)
}
if (values.chart !== undefined) writeFileSync(values.chart, chartOf(figures, CHART_TITLE))
if (values.readme) refreshReadme(figures, ran)
const lost = figures.filter(({ grossLoss }) => grossLoss)
for (const { what } of lost) print(`gross loss: ${what}`)
for (const name of broken) print(`broken: ${name}`)
process.exitCode = lost.length + broken.length === 0 ? 0 : 1
