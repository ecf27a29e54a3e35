import { systemClock } from '../../src/clock.ts'
import type { Cli } from '../../src/commands/cli/cli.ts'
import { createPaint } from '../../src/commands/paint.ts'
import { createIds } from '../../src/ids.ts'

export interface FakeCli extends Cli {
  /** What was printed. */
  said(): string
  /** What stood on standard error. */
  aside(): string
}

/** The process as a command sees it, without a process. */
export function fakeCli({
  terminal = false,
  columns = 80,
  now,
}: {
  terminal?: boolean
  columns?: number
  now?: () => number
} = {}): FakeCli {
  let said = ''
  let aside = ''
  const clock = now ? { ...systemClock, now } : systemClock
  const stderr = { isTTY: terminal, columns, write: (text: string) => (aside += text) !== '' }
  return {
    clock,
    ids: createIds(clock),
    env: {},
    print: (text) => void (said += `${text}\n`),
    write: async (text) => void (said += text),
    exitWith() {},
    stopSignal: () => new AbortController().signal,
    stdin: process.stdin,
    stderr: stderr as never,
    isTerminal: terminal,
    columns,
    paint: createPaint(terminal),
    temporary: '/tmp',
    said: () => said,
    aside: () => aside,
  }
}
