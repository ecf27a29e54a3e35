import type { Clock } from '../clock.ts'
import type { Scope } from '../config/types.ts'
import { hashToken } from '../http/auth.ts'
import type { Ids } from '../ids.ts'
import type { ActionStore } from '../store/actions.ts'

export interface TokenInput {
  name: string
  scopes: Scope[]
  json: boolean
}

/** Makes an API token and shows it once; what is kept is its hash. */
export async function runTokenCreate(
  { name, scopes, json }: TokenInput,
  { store, clock, ids }: { store: Pick<ActionStore, 'addToken'>; clock: Clock; ids: Ids },
): Promise<string> {
  const token = `rst_${ids.token()}`
  const id = ids.next('tok')
  await store.addToken({ id, name, scopes, hash: hashToken(token), createdAt: clock.now() })
  if (json) return JSON.stringify({ id, name, scopes, token })
  return [
    `Token ${name} (${scopes.join(', ')}):`,
    '',
    `  ${token}`,
    '',
    'It is shown this once; only its hash is kept.',
  ].join('\n')
}
