import type { Overview } from '../query/overview.ts'
import type { Say } from './say.ts'
import type { OverviewWords } from './words/overview.ts'

/** What each part of the first page is drawn from. */
export interface Parts {
  words: OverviewWords
  say: Say
  overview: Overview
}
