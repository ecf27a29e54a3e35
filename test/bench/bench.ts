import type { Cores } from './cores.ts'
import type { Figure } from './figures.ts'

/** What a case is run with. */
export interface Bench {
  quick: boolean
  rounds: number
  /** How long one point is measured in one round. */
  ms: number
  cores: Cores
  /** A folder for what is only needed meanwhile. */
  folder: string
  print(line: string): void
}

export type Case = (bench: Bench) => Promise<Figure[]>
