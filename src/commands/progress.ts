import { MINUTE, SECOND } from '../clock.ts'

export interface ProgressState {
  /** How much is done, 0 to 1; null when that cannot be told. */
  part: number | null
  /** What is done, in words: `1,200 of 2,400 orders`. */
  said: string
  startedAt: number
  now: number
}

/** Told of long work as it goes on. */
export type Progress = (done: number, total: number) => void

/** Shows a line in place of the one before: now and then, or at once what is rare. */
export type ShowLine = (line: () => string, isRare?: boolean) => void

const BAR = 24

/** Pure: `[############------------] 50%  1,200 of 2,400 orders, about 3 min left`. */
export function progressLine({ part, said, startedAt, now }: ProgressState): string {
  if (part === null) return `${said} …`
  const done = Math.min(1, Math.max(0, part))
  const filled = Math.round(done * BAR)
  const bar = `[${'#'.repeat(filled)}${'-'.repeat(BAR - filled)}]`
  const left = done === 0 || done === 1 ? '' : `, about ${span(((now - startedAt) / done) * (1 - done))} left`
  return `${bar} ${Math.floor(done * 100)}%  ${said}${left}`
}

/** `1 order`, `2,400 orders`. */
export function countOf(count: number, word: string): string {
  return `${count.toLocaleString('en')} ${word}${count === 1 ? '' : 's'}`
}

function span(ms: number): string {
  if (ms < 90 * SECOND) return `${Math.max(1, Math.round(ms / SECOND))} s`
  const minutes = Math.round(ms / MINUTE)
  return minutes < 90 ? `${minutes} min` : `${Math.round(minutes / 60)} h`
}
