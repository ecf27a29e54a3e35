import { createApp } from '../app.ts'
import type { Clock } from '../clock.ts'
import type { Config, Secrets } from '../config/types.ts'
import { warningsOf } from '../config/warnings.ts'
import type { Log } from '../log.ts'

export interface ServePorts {
  clock: Clock
  log: Log
  /** Aborts to end the service. */
  signal: AbortSignal
}

/** Runs the service until `signal` aborts, then lets what is under way finish. */
export async function runServe(
  { config, secrets }: { config: Config; secrets: Secrets },
  ports: ServePorts,
): Promise<void> {
  const { clock, log, signal } = ports
  const app = createApp(config, secrets, { clock, log })
  try {
    const { host, port } = await app.start()
    log.info(
      { host, port, publicUrl: config.publicUrl, shops: Object.keys(config.shops), rules: config.rules.length },
      'service.started',
    )
    const made = await app.store.listTokens()
    if (made.length === 0) for (const hint of warningsOf(secrets)) log.warn({ hint }, 'api.no_token')
    await new Promise<void>((resolve) => {
      if (signal.aborted) return resolve()
      signal.addEventListener('abort', () => resolve(), { once: true })
    })
    log.info({}, 'service.stopping')
  } finally {
    await app.stop()
  }
}
