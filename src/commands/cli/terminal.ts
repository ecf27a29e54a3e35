import { createInterface } from 'node:readline/promises'
import type { Cli } from './cli.ts'

/** Asks whoever sits there for a yes; undefined when nobody does. */
export function askerOf({ stdin, stderr }: Pick<Cli, 'stdin' | 'stderr'>) {
  if (!stdin.isTTY) return undefined
  return async (question: string): Promise<boolean> => {
    const terminal = createInterface({ input: stdin, output: stderr })
    const answer = await terminal.question(`${question} [y/N] `).finally(() => terminal.close())
    return /^(y|yes|ndiyo)$/i.test(answer.trim())
  }
}

/** Says what is being done, to a person at a terminal alone. */
export function stepsOn({ stderr }: Pick<Cli, 'stderr'>): (text: string) => void {
  return (text) => {
    if (stderr.isTTY) stderr.write(`${text} …\n`)
  }
}

/** One line that is written over; undefined where nobody watches. */
export function countOn({ stderr }: Pick<Cli, 'stderr'>, what: string) {
  if (!stderr.isTTY) return undefined
  return (done: number, total: number): void => {
    stderr.write(`\r${done} of ${total} events ${what}${done === total ? '\n' : ''}`)
  }
}
