import { type ChildProcess, spawn } from 'node:child_process'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type Command, CommanderError } from 'commander'
import type { Cli } from '../../src/commands/cli/cli.ts'
import { createProgram } from '../../src/commands/cli/program.ts'
import { exitCodeOf, explain } from '../../src/commands/failure.ts'
import { fakeCli } from './fake-cli.ts'

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url))

export interface Ended {
  code: number | null
  stdout: string
  stderr: string
}

export interface Running {
  /** Undefined when it could not be started. */
  pid: number | undefined
  stdout(): string
  stderr(): string
  /** Null while it runs. */
  code(): number | null
  signal(name: 'SIGTERM' | 'SIGINT' | 'SIGKILL'): void
  ended: Promise<Ended>
}

type Env = Record<string, string>

/** Nothing of the machine's own settings reaches the program. */
function environment(env: Env): Env {
  return { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', TZ: 'UTC', ...env }
}

const started: ChildProcess[] = []

export interface StartOptions {
  cwd: string
  env?: Env
  /** A file descriptor its standard output goes to, in place of being kept in memory. */
  log?: number | undefined
  /** The processor cores it may run on, as `taskset -c` names them. */
  cores?: string | undefined
  /** Options of Node itself. */
  node?: string[] | undefined
}

export function start(args: string[], options: StartOptions): Running {
  return startNode([...(options.node ?? []), MAIN, ...args], options)
}

export function startNode(args: string[], { cwd, env = {}, log, cores }: StartOptions): Running {
  const [command, given] =
    cores === undefined ? [process.execPath, args] : ['taskset', ['-c', cores, process.execPath, ...args]]
  return watch(spawn(command, given, { cwd, env: environment(env), stdio: ['ignore', log ?? 'pipe', 'pipe'] }))
}

/** Runs the program to its end; `input` is what its standard input holds. */
export async function run(args: string[], { cwd, env = {}, input = '' }: RunOptions): Promise<Ended> {
  const child = spawn(process.execPath, [MAIN, ...args], { cwd, env: environment(env) })
  const running = watch(child)
  child.stdin.on('error', () => {})
  child.stdin.end(Buffer.from(input))
  return running.ended
}

let lastHere: Promise<unknown> = Promise.resolve()

/**
 * The same in this process, which is ten times as quick: for what only a process of its own can show, there is `run`.
 * One after the other, as a process stands in one folder.
 */
export function runHere(args: string[], options: RunOptions): Promise<Ended> {
  const ended = lastHere.then(() => runInTurn(args, options))
  lastHere = ended
  return ended
}

interface RunOptions {
  cwd: string
  env?: Env
  input?: string | Uint8Array
}

async function runInTurn(args: string[], { cwd, env = {}, input = '' }: RunOptions): Promise<Ended> {
  const ended: Ended = { code: 0, stdout: '', stderr: '' }
  const say = (text: string) => void (ended.stdout += text.endsWith('\n') ? text : `${text}\n`)
  const sayAside = (text: string) => (ended.stderr += text) !== ''
  const cli: Cli = {
    ...fakeCli({ columns: 120 }),
    env: environment(env),
    print: say,
    write: async (text) => void (ended.stdout += text),
    exitWith: (code) => void (ended.code = code),
    stdin: Readable.from([Buffer.from(input)]),
    stderr: { write: sayAside } as never,
  }
  const program = createProgram(cli)
  const bind = (command: Command): void => {
    command.exitOverride().configureOutput({ writeOut: (text) => void (ended.stdout += text), writeErr: sayAside })
    for (const one of command.commands) bind(one)
  }
  bind(program)
  const here = process.cwd()
  process.chdir(cwd)
  try {
    await program.parseAsync(args, { from: 'user' })
  } catch (error) {
    ended.code = error instanceof CommanderError ? error.exitCode : exitCodeOf(error)
    if (!(error instanceof CommanderError)) sayAside(`${explain(error)}\n`)
  } finally {
    process.chdir(here)
  }
  return ended
}

/** Runs a line of bash; `$1…` are `args`, then Node and the program. */
export async function runShell(command: string, args: string[], { cwd }: { cwd: string }): Promise<Ended> {
  const given = ['-c', command, 'bash', ...args, process.execPath, MAIN]
  return watch(spawn('bash', given, { cwd, env: environment({}), stdio: ['ignore', 'pipe', 'pipe'] })).ended
}

function watch(child: ChildProcess): Running {
  started.push(child)
  let stdout = ''
  let stderr = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, stdout, stderr }))
  })
  return {
    pid: child.pid,
    stdout: () => stdout,
    stderr: () => stderr,
    code: () => child.exitCode,
    signal: (name) => void child.kill(name),
    ended,
  }
}

/** Ends whatever this file started and still runs. */
export async function endAll(): Promise<void> {
  const running = started.splice(0).filter((child) => child.exitCode === null && child.signalCode === null)
  await Promise.all(
    running.map((child) => {
      const closed = new Promise((resolve) => child.once('close', resolve))
      child.kill('SIGKILL')
      return closed
    }),
  )
}

/** What `look` finds, as soon as it finds something; throws with `what` when it takes too long. */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | undefined> | T | undefined,
  withinMs = 20_000,
): Promise<T> {
  const until = Date.now() + withinMs
  while (Date.now() < until) {
    const found = await look()
    if (found !== undefined) return found
    await sleep(50)
  }
  throw new Error(`not within ${withinMs} ms: ${what}`)
}
