import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { endAll, type Running, start } from '../commands/program.ts'
import { freePort } from '../support/free-port.ts'
import { createKillable, ENV, type Killable } from './killable.ts'
import { startSandbox } from './sandbox.ts'

/** A service that may die at any moment, and a sandbox Karibu that does not; both processes of their own. */
export interface Town extends Killable {
  folder: string
  /** Starts `risiti backup` beside it, without waiting. */
  startBackup(): Running
  /** The database's file. */
  database: string
  /** Takes the database away, so that the next start makes it anew. Only before the first order. */
  forget(): void
  sandbox<T>(path: string, body?: unknown): Promise<T>
  end(keepFolder: boolean): Promise<void>
}

export async function buildTown(): Promise<Town> {
  const folder = mkdtempSync(join(tmpdir(), 'risiti-crash-'))
  const [port, karibuPort] = [await freePort(), await freePort()]
  const karibuUrl = `http://127.0.0.1:${karibuPort}`
  const karibu = ['poll_inbound_every: 1s', 'poll_status_after: 10s', 'absent_after: 5s', 'timeout: 5s']
  const killable = createKillable({ folder, port, karibuUrl, karibu })
  const { call } = await startSandbox({ folder, port: karibuPort, serviceUrl: killable.url })

  return {
    ...killable,
    folder,
    startBackup: () => start(['backup'], { cwd: folder, env: ENV }),
    database: join(folder, 'data/risiti.db'),
    forget: () => rmSync(join(folder, 'data'), { recursive: true, force: true }),
    sandbox: call,
    async end(keepFolder) {
      await endAll()
      if (!keepFolder) rmSync(folder, { recursive: true, force: true })
    },
  }
}
