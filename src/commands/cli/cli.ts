import type { Command } from 'commander'
import type { Clock } from '../../clock.ts'
import type { Env } from '../../config/references.ts'
import type { Ids } from '../../ids.ts'
import type { Paint } from '../paint.ts'

/** What the commands have of the process, handed in by main.ts. */
export interface Cli {
  clock: Clock
  ids: Ids
  env: Env
  print(text: string): void
  /** Writes as fast as whoever reads takes it. */
  write(text: string): Promise<void>
  /** The process ends with this once all is done. */
  exitWith(code: number): void
  /** Aborts at Ctrl-C or a supervisor's stop; a second one ends the process at once. */
  stopSignal(): AbortSignal
  stdin: AsyncIterable<Uint8Array> & NodeJS.ReadableStream & { isTTY?: boolean }
  /** What is printed is seen by a person. */
  isTerminal: boolean
  /** How wide a line may be. */
  columns: number
  /** For a person at a terminal who wants it so. */
  paint: Paint
  stderr: NodeJS.WritableStream & { isTTY?: boolean; columns?: number }
  /** A folder to make others in. */
  temporary: string
}

/**
 * Adds commands to the program. What a command needs is imported when it runs, never before: whoever lists messages does
 * not wait for the server and the drawing of receipts to load.
 */
export type Register = (program: Command, cli: Cli) => void
