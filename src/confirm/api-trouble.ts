import { AppError } from '../errors.ts'
import type { AskOutcome } from './decide.ts'

/** The API gave nothing to go by; `outcome` says what that means for the question. */
export class ApiTrouble extends AppError {
  readonly outcome: Extract<AskOutcome, { kind: 'later' | 'blocked' | 'refused' }>

  constructor(outcome: ApiTrouble['outcome'], cause?: unknown) {
    super(outcome.code, outcome.detail, { cause })
    this.outcome = outcome
  }
}

interface Refusal {
  /** Of the platform: `Pesapal`. */
  title: string
  status: number
  retryAfterMs: number | null
  /** The API's own words, without anything secret; "" when it has none. */
  words: string
}

/** What an answer other than 2xx and 404 means. */
export function troubleOf({ title, status, retryAfterMs, words }: Refusal): ApiTrouble {
  const detail = `${title}’s API answered ${status}${words === '' ? '' : `: ${words}`}`
  const later = { kind: 'later', detail, retryAfterMs } as const
  if (status === 429) return new ApiTrouble({ ...later, code: 'api.throttled', everyone: true })
  if (status >= 500 || status === 408 || status === 425) {
    return new ApiTrouble({ ...later, code: `api.http_${status}`, everyone: false })
  }
  if (status === 401 || status === 402 || status === 403) {
    return new ApiTrouble({ kind: 'blocked', code: 'api.key_refused', detail })
  }
  if (status >= 300 && status < 400) {
    const elsewhere = `${detail}, a redirect, and those are not followed: is api_url right?`
    return new ApiTrouble({ kind: 'refused', code: 'api.redirected', detail: elsewhere })
  }
  return new ApiTrouble({ kind: 'refused', code: `api.http_${status}`, detail })
}
