#!/usr/bin/env node
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { Command } from 'commander'
import { systemClock } from './clock.ts'
import { addBackfillCommand } from './commands/cli/backfill.ts'
import { addBackupCommands } from './commands/cli/backups.ts'
import type { Cli } from './commands/cli/cli.ts'
import { addConfigCommands } from './commands/cli/config.ts'
import { addEventCommands } from './commands/cli/events.ts'
import { addMessageCommands } from './commands/cli/messages.ts'
import { addPayloadCommands } from './commands/cli/payloads.ts'
import { addPeopleCommands } from './commands/cli/people.ts'
import { addServiceCommands } from './commands/cli/service.ts'
import { addTokenCommands } from './commands/cli/token.ts'
import { exitCodeOf, explain } from './commands/failure.ts'
import { createPaint } from './commands/paint.ts'
import { createIds } from './ids.ts'
import { VERSION } from './version.ts'

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
  columns: process.stdout.columns ?? 120,
  paint: createPaint(takesColours()),
  temporary: tmpdir(),
}

const program = new Command('risiti')
  .description('Draws a shop’s receipts, sends them on WhatsApp, and knows what became of each one.')
  .version(VERSION)
  // An option after `messages show` is that command’s own.
  .enablePositionalOptions()
  .showHelpAfterError('(risiti --help shows the commands)')

for (const add of [
  addServiceCommands,
  addPayloadCommands,
  addMessageCommands,
  addEventCommands,
  addPeopleCommands,
  addBackfillCommand,
  addBackupCommands,
  addConfigCommands,
  addTokenCommands,
])
  add(program, cli)

try {
  await program.parseAsync()
} catch (error) {
  process.stderr.write(`${explain(error)}\n`)
  process.exitCode = exitCodeOf(error)
}
