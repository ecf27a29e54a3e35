import { parseArgs } from 'node:util'
import { formatTable } from '../../src/commands/table.ts'
import { runCrash } from './run.ts'

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    rate: { type: 'string', default: '10' },
    lives: { type: 'string', default: '2000' },
    json: { type: 'boolean', default: false },
  },
})
const print = (line: string) => process.stderr.write(`${line}\n`)
const report = await runCrash({
  kills: Number(values.kills),
  seed: Number(values.seed),
  rate: Number(values.rate),
  livesMs: Number(values.lives),
  print,
})
const { problems, ...figures } = report
if (values.json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`)
else {
  const rows = Object.entries(figures).map(([name, value]) => [name, String(value ?? '-')])
  process.stdout.write(`${formatTable(['FIGURE', 'VALUE'], rows)}\n`)
}
for (const problem of problems) print(problem)
process.exitCode = problems.length === 0 ? 0 : 1
