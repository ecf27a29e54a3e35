import { parseArgs } from 'node:util'
import { runSoak } from './run.ts'

/** `npm run soak -- --minutes 60 --rate 50 --seed 1`: exit code 1 when a promise broke. */
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '60' },
    rate: { type: 'string', default: '50' },
    seed: { type: 'string', default: '1' },
  },
})
const ending = new AbortController()
process.on('SIGINT', () => {
  if (ending.signal.aborted) process.exit(130)
  ending.abort()
})
const { problems, ...report } = await runSoak({
  seconds: Number(values.minutes) * 60,
  rate: Number(values.rate),
  seed: Number(values.seed),
  // A picture that was not fetched twice is offered again after five minutes.
  patienceMs: 10 * 60_000,
  signal: ending.signal,
  print: (line) => void process.stderr.write(`${line}\n`),
})
process.stdout.write(`${JSON.stringify(report, null, 2)}\n`)
for (const problem of problems) process.stderr.write(`${problem}\n`)
process.exitCode = problems.length === 0 && report.waiting === 0 ? 0 : 1
