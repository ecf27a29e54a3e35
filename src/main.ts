#!/usr/bin/env node
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { systemClock } from './clock.ts'
import type { Cli } from './commands/cli/cli.ts'
import { createProgram } from './commands/cli/program.ts'
import { exitCodeOf, explain } from './commands/failure.ts'
import { createPaint } from './commands/paint.ts'
import { createIds } from './ids.ts'

// A reader that has seen enough (`| head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})

function stopSignal(): AbortSignal {
  const stop = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (stop.signal.aborted) process.exit(130)
      stop.abort()
    })
  }
  return stop.signal
}

/** https://no-color.org */
function takesColours(): boolean {
  const { NO_COLOR: no = '', TERM: terminal = '' } = process.env
  return process.stdout.isTTY && no === '' && terminal !== 'dumb'
}

const cli: Cli = {
  clock: systemClock,
  ids: createIds(systemClock),
  env: process.env,
  print: (text) => void process.stdout.write(text.endsWith('\n') ? text : `${text}\n`),
  async write(text) {
    if (!process.stdout.write(text)) await once(process.stdout, 'drain')
  },
  exitWith(code) {
    process.exitCode = code
  },
  stopSignal,
  // Opened by whoever reads it.
  get stdin() {
    return process.stdin
  },
  stderr: process.stderr,
  isTerminal: process.stdout.isTTY,
  columns: process.stdout.columns ?? 120,
  paint: createPaint(takesColours()),
  temporary: tmpdir(),
}

try {
  await createProgram(cli).parseAsync()
} catch (error) {
  process.stderr.write(`${explain(error)}\n`)
  process.exitCode = exitCodeOf(error)
}
