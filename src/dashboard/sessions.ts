import { type Clock, HOUR } from '../clock.ts'
import type { Ids } from '../ids.ts'

export interface Session {
  id: string
  /** Of the token that was signed in with: when that is taken back, the session ends. */
  tokenHash: string
  /** Stands in every form, so that no other site can send one. */
  formKey: string
  expiresAt: number
}

export interface Sessions {
  open(tokenHash: string): Session
  /** Undefined when there is none of this id, or none any more. */
  find(id: string): Session | undefined
  close(id: string): void
}

export const SESSION_MS = 12 * HOUR
/** Whoever signs in more often than this ends the oldest sessions, not our memory. */
const SESSIONS_AT_MOST = 1000

/** In memory alone: a restart signs everybody out. */
export function createSessions(clock: Pick<Clock, 'now'>, ids: Pick<Ids, 'token'>): Sessions {
  const open = new Map<string, Session>()
  return {
    open(tokenHash) {
      const session = { id: ids.token(), tokenHash, formKey: ids.token(), expiresAt: clock.now() + SESSION_MS }
      open.set(session.id, session)
      if (open.size > SESSIONS_AT_MOST) open.delete(open.keys().next().value ?? '')
      return session
    },
    find(id) {
      const session = open.get(id)
      if (session === undefined || session.expiresAt > clock.now()) return session
      open.delete(id)
      return undefined
    },
    close: (id) => void open.delete(id),
  }
}
