import { createHash, timingSafeEqual } from 'node:crypto'
import type { MiddlewareHandler } from 'hono'
import type { Scope } from '../config/types.ts'
import { AppError } from '../errors.ts'

export interface TokenSource {
  /** Tokens of the configuration and the environment. */
  configured: { name: string; scopes: Scope[]; token: string }[]
  /** Tokens made by `risiti token create`, by the hex SHA-256 they are kept as. */
  find(hash: string): Promise<{ name: string; scopes: string[] } | undefined>
}

declare module 'hono' {
  interface ContextVariableMap {
    /** The name of the token that asks. */
    caller: string
  }
}

/** Any one of the scopes is enough. */
export type RequireScope = (...anyOf: Scope[]) => MiddlewareHandler

export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

export interface Holder {
  name: string
  scopes: readonly string[]
}

export interface Tokens {
  /** Who holds the token of this hash; undefined when it is not known, or not any more. */
  holderOf(hash: string): Promise<Holder | undefined>
}

export function createTokens({ configured, find }: TokenSource): Tokens {
  const known = configured.map(({ name, scopes, token }) => ({ name, scopes, hash: Buffer.from(hashToken(token)) }))
  return {
    async holderOf(hash) {
      // Every one is compared, so that the time taken tells nothing.
      const match = known.filter((one) => timingSafeEqual(one.hash, Buffer.from(hash)))
      return match[0] ?? (await find(hash))
    },
  }
}

/** `Authorization: Bearer <token>`; 401 without a good one, 403 when it may not do this. */
export function createAuth({ holderOf }: Tokens): RequireScope {
  return (...anyOf) =>
    async (c, next) => {
      const token = /^Bearer ([\x21-\x7e]{1,500})$/i.exec(c.req.header('authorization') ?? '')?.[1]
      if (!token) throw new AppError('auth.missing', 'send Authorization: Bearer <token>')
      const holder = await holderOf(hashToken(token))
      if (!holder) throw new AppError('auth.invalid', 'this token is not known')
      if (!anyOf.some((scope) => holder.scopes.includes(scope))) throw lacksScope(anyOf)
      c.set('caller', holder.name)
      await next()
    }
}

export function lacksScope(anyOf: Scope[]): AppError {
  return new AppError('auth.scope', `this token may not do that: it needs the scope ${anyOf.join(' or ')}`)
}
