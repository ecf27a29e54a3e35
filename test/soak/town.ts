import { mkdtempSync, openSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createActivity } from '../../src/activity.ts'
import { systemClock } from '../../src/clock.ts'
import { createIds } from '../../src/ids.ts'
import { seededRandom } from '../../src/sandbox/random.ts'
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts'
import type { SentSnapshot } from '../../src/sandbox/snapshot.ts'
import { endAll } from '../commands/program.ts'
import { createKillable, ENV, type Killable } from '../crash/killable.ts'
import { createFaultProxy, type FaultProxy } from '../faults/proxy.ts'
import { freePort } from '../support/free-port.ts'

export interface SoakTown {
  service: Killable
  karibu: Sandbox
  proxy: FaultProxy
  folder: string
  end(keepFolder: boolean): Promise<void>
}

/** Enough for every lookup and poll of the last minutes at fifty orders a second. */
const KEEP = 40_000

/** The built service as shipped, by itself; the sandbox and the fault proxy between them live in this process. */
export async function buildSoakTown(seed: number, watch: (message: SentSnapshot) => void): Promise<SoakTown> {
  const folder = mkdtempSync(join(tmpdir(), 'risiti-soak-'))
  const port = await freePort()
  const clock = systemClock
  const activity = createActivity()
  const karibu = createSandbox({
    clock,
    ids: createIds(clock),
    activity,
    webhook: { url: `http://127.0.0.1:${port}/webhooks/karibu`, secret: ENV.BRIQ_WEBHOOK_SECRET },
    random: seededRandom(seed),
    keep: KEEP,
    keepAlive: true,
    watch,
  })
  const { url: target } = await karibu.start()
  const proxy = await createFaultProxy({ target, activity, keepAlive: true })
  const service = createKillable({
    folder,
    port,
    karibuUrl: proxy.url,
    // The fault stages are made for answers that are awaited for one second.
    karibu: ['timeout: 1s', 'poll_inbound_every: 5s', 'poll_status_after: 15s', 'absent_after: 30s'],
    rule: ['expires_after: 5m'],
    log: openSync('/dev/null', 'w'),
  })
  return {
    service,
    karibu,
    proxy,
    folder,
    async end(keepFolder) {
      await endAll()
      await proxy.stop()
      await karibu.stop()
      if (!keepFolder) rmSync(folder, { recursive: true, force: true })
    },
  }
}
