import type { Cores } from './cores.ts'
import type { Figure } from './figures.ts'
import type { Library } from './seed/library.ts'

/** What a case is run with. */
export interface Bench {
  quick: boolean
  rounds: number
  /** How long one point is measured in one round. */
  ms: number
  cores: Cores
  /** A folder for what is only needed meanwhile. */
  folder: string
  /** Where the service is to leave profiles of its processor time; undefined: it makes none. */
  profile: string | undefined
  print(line: string): void
  library: Library
}

export type Case = (bench: Bench) => Promise<Figure[]>
