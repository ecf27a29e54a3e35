import type { Cores } from './cores.ts'
import type { Figure } from './figures.ts'
import { createOrderMaker, type OrderMaker } from './orders.ts'
import { createLibrary, type Library } from './seed/library.ts'

export interface BenchOptions {
  quick: boolean
  cores: Cores
  /** A folder for what is only needed meanwhile. */
  folder: string
  /** Where the service is to leave profiles of its processor time; undefined: it makes none. */
  profile: string | undefined
  print(line: string): void
}

/** What a case is run with. */
export interface Bench extends BenchOptions {
  rounds: number
  /** How long one point is measured in one round. */
  ms: number
  library: Library
  /** All orders of the run: none is made twice, whichever case asks. */
  orders: OrderMaker
}

export type Case = (bench: Bench) => Promise<Figure[]>

export function createBench(options: BenchOptions): Bench {
  const orders = createOrderMaker(Date.now())
  return {
    ...options,
    rounds: options.quick ? 2 : 5,
    ms: options.quick ? 300 : 1000,
    orders,
    library: createLibrary({ ...options, orders }),
  }
}
