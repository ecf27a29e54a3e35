import type { platforms } from '../../../src/shops/registry.ts'

/** What one file of the corpus has to give: a reason, an order, a claim or a request about people; matched in part. */
export interface Expected {
  platform: keyof typeof platforms
  file: string
  topic: string | null
  ignored?: RegExp
  order?: Record<string, unknown>
  claim?: Record<string, unknown>
  privacy?: Record<string, unknown>
  /** For an answer of the platform's API: the claim it is asked about, and at which path it is the answer. */
  asked?: { subject: string; path: string; credentials: Record<string, string> }
}
