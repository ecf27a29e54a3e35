import type { Context } from 'hono'
import type { Scope } from '../config/types.ts'
import type { Holder } from '../http/auth.ts'
import { lacksScope } from '../http/auth.ts'
import type { Session } from './sessions.ts'
import type { Language } from './words/language.ts'

/** What every page is drawn with. */
export interface Page {
  language: Language
  /** The address asked for, with its query. */
  path: string
  now: number
  /** Null before anybody has signed in. */
  caller: (Holder & { session: Session }) | null
  /** Only the part of the page that is live was asked for. */
  fragment: boolean
}

export interface PageEnv {
  Variables: {
    page: Page
    /** What a form held; empty unless one was sent. */
    form: URLSearchParams
  }
}

export type PageContext = Context<PageEnv>

/** Any one of the scopes is enough: whether a button is shown. */
export function may({ caller }: Page, ...anyOf: Scope[]): boolean {
  return anyOf.some((scope) => caller?.scopes.includes(scope))
}

/** The same, where it is done. */
export function requireScope(page: Page, ...anyOf: Scope[]): void {
  if (!may(page, ...anyOf)) throw lacksScope(anyOf)
}
