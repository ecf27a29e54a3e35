import { createInterface } from 'node:readline/promises'
import { SECOND } from '../../clock.ts'
import { countOf, type Progress, progressLine, type ShowLine } from '../progress.ts'
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

/** Often enough to be followed. */
const SHOW_EVERY_MS = SECOND / 10
const CLEAR = '\r\u001b[K'

/** Runs `work` with one line on standard error that is written over, and gone at the end; undefined where nobody watches. */
export async function withLine<T>(
  { stderr, clock }: Pick<Cli, 'stderr' | 'clock'>,
  work: (show: ShowLine | undefined) => Promise<T>,
): Promise<T> {
  if (!stderr.isTTY) return work(undefined)
  let shownAt = Number.NEGATIVE_INFINITY
  const width = (stderr.columns ?? 80) - 1
  const show: ShowLine = (line, isRare = false) => {
    if (!isRare && clock.now() - shownAt < SHOW_EVERY_MS) return
    shownAt = clock.now()
    stderr.write(CLEAR + line().slice(0, width))
  }
  // The line is done with, however the work ended.
  return work(show).finally(() => stderr.write(CLEAR))
}

/** Runs `work` with a bar that counts `word`s and says how long it will take. */
export function withBar<T>(
  cli: Pick<Cli, 'stderr' | 'clock'>,
  word: string,
  work: (progress: Progress | undefined) => Promise<T>,
): Promise<T> {
  const startedAt = cli.clock.now()
  return withLine(cli, (show) =>
    work(
      show &&
        ((done, total) =>
          show(() => {
            const said = `${done.toLocaleString('en')} of ${countOf(total, word)}`
            return progressLine({ part: total === 0 ? null : done / total, said, startedAt, now: cli.clock.now() })
          })),
    ),
  )
}

/** Runs `work` with what is being done told line by line, and a bar where it is counted. */
export function withSteps<T>(
  cli: Pick<Cli, 'stderr' | 'clock'>,
  work: (progress: (text: string, done?: number, total?: number) => void) => Promise<T>,
): Promise<T> {
  return withLine(cli, (show) => {
    let step = ''
    let startedAt = 0
    return work((text, done, total) => {
      if (!show) return
      if (text !== step) cli.stderr.write(`${CLEAR}${text} …\n`)
      if (text !== step) startedAt = cli.clock.now()
      step = text
      if (done === undefined || total === undefined) return
      const said = `${done.toLocaleString('en')} of ${total.toLocaleString('en')}`
      show(() => progressLine({ part: done / total, said, startedAt, now: cli.clock.now() }))
    })
  })
}
