import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { endAll } from '../commands/program.ts'
import type { Bench } from './bench.ts'
import { CASES, chosenCases } from './cases.ts'
import { shareCores } from './cores.ts'
import { type Judged, judge } from './figures.ts'
import { plainTable } from './report.ts'
import { createLibrary } from './seed/library.ts'

/** `npm run bench -- --quick`: exit code 1 only when a ratio is at less than half of its target. */
const { values } = parseArgs({
  options: {
    only: { type: 'string', default: Object.keys(CASES).join() },
    quick: { type: 'boolean', default: false },
    json: { type: 'string' },
    profile: { type: 'string' },
  },
})
const cores = shareCores()
const { quick } = values
const options = {
  quick,
  rounds: quick ? 2 : 5,
  ms: quick ? 500 : 1000,
  cores,
  folder: mkdtempSync(join(tmpdir(), 'risiti-bench-')),
  profile: values.profile === undefined ? undefined : resolve(values.profile),
  print: (line: string) => void process.stderr.write(`${line}\n`),
}
const bench: Bench = { ...options, library: createLibrary(options) }
const figures: Judged[] = []
try {
  for (const [name, run] of chosenCases(values.only)) {
    bench.print(`== ${name}`)
    figures.push(...(await run(bench)).map(judge))
  }
} finally {
  await endAll()
  rmSync(bench.folder, { recursive: true, force: true })
}
process.stdout.write(`${plainTable(figures)}\n`)
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(figures, null, 2)}\n`)
const lost = figures.filter(({ grossLoss }) => grossLoss)
for (const { what } of lost) bench.print(`gross loss: ${what}`)
process.exitCode = lost.length === 0 ? 0 : 1
