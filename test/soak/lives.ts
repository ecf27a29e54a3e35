import { cpuMsOf } from '../support/process-facts.ts'
import type { SoakTown } from './town.ts'

/** The processes the service is, one after the other. */
export function createLives({ service }: Pick<SoakTown, 'service'>) {
  const counts = { kill: 0, stop: 0 }
  let startedAt = 0
  let before = 0
  let seen = 0

  /** The last look at a life that ends: a process that is gone tells nothing. */
  function note(): void {
    const pid = service.pid()
    seen = (pid === undefined ? undefined : cpuMsOf(pid)) ?? seen
  }

  async function start(): Promise<void> {
    await service.startService()
    startedAt = performance.now()
  }

  return {
    start,
    note,
    async restart(how: keyof typeof counts) {
      note()
      before += seen
      seen = 0
      if (how === 'kill') await service.kill()
      else {
        const code = await service.stopService()
        if (code !== 0) throw new Error(`the service ended with ${code} when it was asked to stop`)
      }
      counts[how]++
      await start()
    },
    restarts: () => counts.kill + counts.stop,
    counts: () => ({ ...counts }),
    facts: () => ({
      life: counts.kill + counts.stop + 1,
      lifeSeconds: Math.round((performance.now() - startedAt) / 1000),
    }),
    cpuMs() {
      note()
      return before + seen
    },
  }
}
