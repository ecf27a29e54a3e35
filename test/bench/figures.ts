import { type Spread, spreadOf } from './statistics.ts'

export type Target = { atLeast: number } | { atMost: number }

/** One line of the report. Most ratios are steady on a noisy machine; only they can fail a run. */
export interface Figure {
  what: string
  kind: 'ratio' | 'absolute'
  unit: '×' | '/s' | 'ms' | 's' | 'MB' | 'bytes' | 'µs'
  /** One of each round. */
  values: number[]
  target?: Target
  /** What was seen of a target still far out of reach: a run fails at half of this instead. */
  reached?: number
  /** Its words in the chart. */
  chart?: string
  /** Too unsteady to fail a run, though it is a ratio. */
  unsteady?: true
}

export interface Judged extends Figure, Spread {
  /** Null where nothing is asked. */
  met: boolean | null
  /** A ratio at less than half of what is asked, or was reached. */
  grossLoss: boolean
}

export function ratio(what: string, values: number[], target?: Target): Figure {
  return { what, kind: 'ratio', unit: '×', values, ...(target && { target }) }
}

export function absolute(what: string, unit: Figure['unit'], values: number[], target?: Target): Figure {
  return { what, kind: 'absolute', unit, values, ...(target && { target }) }
}

export function judge(figure: Figure): Judged {
  const spread = spreadOf(figure.values)
  const { target, reached } = figure
  if (target === undefined) return { ...figure, ...spread, met: null, grossLoss: false }
  /** How many times as good as `bar`. */
  const share = (bar: number) => ('atLeast' in target ? spread.median / bar : bar / spread.median)
  const asked = 'atLeast' in target ? target.atLeast : target.atMost
  const grossLoss = figure.kind === 'ratio' && !figure.unsteady && !(share(reached ?? asked) >= 0.5)
  return { ...figure, ...spread, met: share(asked) >= 1, grossLoss }
}
