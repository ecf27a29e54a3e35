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
  /** Its words in the chart. */
  chart?: string
  /** Too unsteady to fail a run, though it is a ratio. */
  unsteady?: true
}

export interface Judged extends Figure, Spread {
  /** Null where nothing is asked. */
  met: boolean | null
  /** A ratio at less than half of what is asked. */
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
  const { target } = figure
  if (target === undefined) return { ...figure, ...spread, met: null, grossLoss: false }
  // How many times as good as asked.
  const share = 'atLeast' in target ? spread.median / target.atLeast : target.atMost / spread.median
  const grossLoss = figure.kind === 'ratio' && !figure.unsteady && !(share >= 0.5)
  return { ...figure, ...spread, met: share >= 1, grossLoss }
}
