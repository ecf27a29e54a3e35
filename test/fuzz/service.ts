import { createApp } from '../../src/app.ts'
import { systemClock } from '../../src/clock.ts'
import { loadConfig } from '../../src/config/load.ts'

/** The service in a process of its own, so that a crash is seen as one and its heap is its own. Talks by IPC. */

export interface Health {
  /** After a full collection, in bytes. */
  heap: number
  rss: number
  /** Log lines of level error, the first of each kind. */
  errors: string[]
  errorCount: number
}

const [file = '', text = ''] = process.argv.slice(2)
const { config, secrets } = loadConfig({ file, text, env: process.env })
const errors = new Set<string>()
let errorCount = 0
const app = createApp(config, secrets, {
  clock: systemClock,
  log: {
    info() {},
    warn() {},
    error(facts: object, name: string) {
      errorCount++
      if (errors.size < 20) errors.add(`${name} ${JSON.stringify(facts).slice(0, 1000)}`)
    },
  },
})
const { port } = await app.start()

process.on('message', (ask) => {
  if (ask === 'health') {
    globalThis.gc?.()
    const { heapUsed: heap, rss } = process.memoryUsage()
    process.send?.({ heap, rss, errors: [...errors], errorCount } satisfies Health)
  } else if (ask === 'stop') {
    void app.stop().then(() => process.exit(0))
  }
})
process.on('disconnect', () => process.exit(1))
process.send?.({ port })
