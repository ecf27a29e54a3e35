import { ENV_TOKEN_NAME } from './cross-checks.ts'
import type { Secrets } from './types.ts'

/** Nobody can ask the API anything: allowed, and seldom meant. */
export const NO_TOKEN = `no API token is set: set ${ENV_TOKEN_NAME} (16 characters or more), name one under api.tokens, or make one with risiti token create; without any, /v1 and /metrics answer 401 to everybody`

/** What a start takes and a person should know. */
export function warningsOf({ apiTokens }: Pick<Secrets, 'apiTokens'>): string[] {
  return apiTokens.length === 0 ? [NO_TOKEN] : []
}
