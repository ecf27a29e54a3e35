import { execFileSync } from 'node:child_process'
import { availableParallelism } from 'node:os'

/** Who runs on which processor cores, as `taskset -c` names them; undefined where they cannot be told. */
export interface Cores {
  service: string | undefined
  load: string | undefined
  /** For the service where its drawing threads count too. */
  both: string | undefined
}

/** Gives the service core 0, and core 1 to this process, which makes the load, and to the sandbox. */
export function shareCores(): Cores {
  const nowhere = { service: undefined, load: undefined, both: undefined }
  if (availableParallelism() < 2) return nowhere
  try {
    execFileSync('taskset', ['-a', '-c', '-p', '1', String(process.pid)], { stdio: 'ignore' })
    return { service: '0', load: '1', both: '0,1' }
  } catch {
    return nowhere
  }
}
