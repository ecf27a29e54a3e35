import type { Clock } from '../clock.ts'
import type { Scope } from '../config/types.ts'
import { AppError } from '../errors.ts'
import { hashToken } from '../http/auth.ts'
import type { Ids } from '../ids.ts'
import type { ActionStore } from '../store/actions.ts'
import type { Paint } from './paint.ts'
import { formatTable } from './table.ts'
import { shortTimeIn, zoneNote } from './times.ts'

export interface TokenInput {
  name: string
  scopes: Scope[]
  json: boolean
}

/** Makes an API token and shows it once; what is kept is its hash. */
export async function runTokenCreate(
  { name, scopes, json }: TokenInput,
  { store, clock, ids }: { store: Pick<ActionStore, 'addToken' | 'listTokens'>; clock: Clock; ids: Ids },
): Promise<string> {
  const same = (await store.listTokens()).find((token) => token.name === name)
  if (same) {
    const how = `take another name, or end that one first: risiti token revoke ${same.id}`
    throw new AppError('token.exists', `there is a token named ${name} already: ${how}`)
  }
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

export interface TokenListInput {
  json: boolean
  timezone: string
  now: number
  /** Of the terminal. */
  columns?: number
  paint?: Paint
}

/** The tokens made by `token create`; those of the configuration stand there. */
export async function runTokenList(
  { json, timezone, now, columns, paint }: TokenListInput,
  store: Pick<ActionStore, 'listTokens'>,
): Promise<string> {
  const items = (await store.listTokens()).map(({ id, name, scopes, createdAt }) => ({
    id,
    name,
    scopes,
    created_at: new Date(createdAt).toISOString(),
  }))
  if (json) return JSON.stringify({ items }, null, 2)
  if (items.length === 0) return 'No token was made with `risiti token create`.'
  const time = shortTimeIn(timezone, now)
  const table = formatTable(
    ['NAME', 'SCOPES', 'MADE', 'ID'],
    items.map((item) => [item.name, item.scopes.join(', '), time(item.created_at), item.id]),
    { columns, paint, below: 3 },
  )
  return `${table}\n\n${zoneNote(timezone)}`
}

/** Ends a token by its id, or by its name where only one has it; a running service refuses it at once. */
export async function runTokenRevoke(
  idOrName: string,
  store: Pick<ActionStore, 'listTokens' | 'removeToken'>,
  json = false,
): Promise<string> {
  const fitting = (await store.listTokens()).filter(({ id, name }) => id === idOrName || name === idOrName)
  const [token, ...others] = fitting
  if (!token) throw new AppError('token.unknown', 'no token has this id or name (risiti token list shows them)')
  if (others.length > 0) {
    const ids = fitting.map(({ id }) => id).join(', ')
    throw new AppError('token.ambiguous', `several tokens have this name: revoke one by its id (${ids})`)
  }
  await store.removeToken(token.id)
  if (json) return JSON.stringify({ id: token.id, name: token.name, revoked: true })
  return `Token ${token.name} (${token.id}) opens nothing any more.`
}
