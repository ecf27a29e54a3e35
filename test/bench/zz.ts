import { rmSync, statSync } from 'node:fs'
import { fillDatabase } from './seed/fill.ts'
import { takeSample } from './seed/sample.ts'

const sample = await takeSample({ cores: {}, profile: undefined } as never)
console.log('sampled')
for (const n of [10_000, 100_000]) {
  const t = performance.now()
  rmSync('/tmp/seed' + n, { recursive: true, force: true })
  await fillDatabase({ folder: '/tmp/seed' + n, sample, messages: n, now: Date.now() })
  console.log(n, (performance.now() - t) / 1000, 's', statSync('/tmp/seed' + n + '/data/risiti.db').size / n, 'B/msg')
}
