import { parseArgs } from 'node:util'
import { runFlood } from './flood.ts'
import { runFuzz } from './run.ts'
import { silent, slowBody, slowHead } from './slow.ts'
import { startTarget } from './target.ts'

/** `npm run fuzz -- --count 100000 --seed 1`: exit code 1 when a promise broke. */
const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
  },
})
const target = await startTarget()
// Real time, beside the rest: the server names 10 s for the head and 30 s for the whole request.
const LONGEST_MS = 75_000
const slow = Promise.all([slowHead, slowBody, silent].map((client) => client(target.port, LONGEST_MS)))
try {
  const figures = await runFuzz(target, {
    count: Number(values.count),
    seed: Number(values.seed),
    withinMs: 10_000,
    log: (line) => console.log(line),
  })
  const mainJobMs = target.crash() === null ? await target.mainJob('255754999001', 20_000) : null
  const flood = target.crash() === null ? await runFlood(target, 2000) : null
  const [slowHeadEnd, slowBodyEnd, silentEnd] = await slow
  const ends = { slowHeadEnd, slowBodyEnd, silentEnd }
  console.log(JSON.stringify({ seed: Number(values.seed), mainJobMs, flood, ...ends, ...figures }, null, 2))
  const broken = figures.faults.length + figures.eventsLost + figures.rowsLeft
  process.exitCode = broken > 0 || mainJobMs === null ? 1 : 0
} finally {
  await target.stop()
}
