import { parseArgs } from 'node:util'
import { runMix } from './mix.ts'

/** `npm run faults -- --orders 2000 --seed 1 [--blind] [--lag 20000]`: exit code 1 when a promise broke. */
const { values } = parseArgs({
  options: {
    orders: { type: 'string', default: '500' },
    seed: { type: 'string', default: '1' },
    blind: { type: 'boolean', default: false },
    lag: { type: 'string', default: '0' },
  },
})

const figures = await runMix({
  orders: Number(values.orders),
  seed: Number(values.seed),
  listTells: !values.blind,
  listLagMs: Number(values.lag),
  log: (line) => console.log(line),
})
console.log(JSON.stringify({ seed: Number(values.seed), ...figures }, null, 2))
const settled = values.blind || figures.unsettled.length === 0
process.exitCode = figures.copied.length + figures.lost.length + figures.invitedTwice > 0 || !settled ? 1 : 0
