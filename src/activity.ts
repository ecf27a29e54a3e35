/** What is under way in the program: a stop waits for it, and tests know by it when all is still. */
export interface Activity {
  /** Counts `work` as under way until it settles, and gives it back. */
  track<T>(work: Promise<T>): Promise<T>
  /** Counts something as under way until the returned function is called (once; more calls do nothing). */
  begin(): () => void
  /** Resolves as soon as nothing is under way. */
  idle(): Promise<void>
  readonly count: number
}

export function createActivity(): Activity {
  let count = 0
  let waiting: (() => void)[] = []
  const begin = () => {
    count++
    let ended = false
    return () => {
      if (ended) return
      ended = true
      if (--count > 0) return
      const resolves = waiting
      waiting = []
      for (const resolve of resolves) resolve()
    }
  }
  return {
    begin,
    track(work) {
      const end = begin()
      void work.then(end, end)
      return work
    },
    idle: () => (count === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
    get count() {
      return count
    },
  }
}
