import type { MiddlewareHandler } from 'hono'
import { notFound } from './error-handler.ts'

const DETOUR = /\/(?:\.|%2e){1,2}(?:\/|$)/i

/**
 * A proxy before us lets some folders through by the address as it was sent, so `/media/../metrics` must not lead out of
 * the one it names, as it would once it is read as a URL.
 */
export function refuseDetours(): MiddlewareHandler {
  return async (c, next) => (DETOUR.test(pathIn(c.env)) ? notFound(c) : await next())
}

function pathIn(env: unknown): string {
  const asked = typeof env === 'object' && env !== null && 'asked' in env ? env.asked : undefined
  return typeof asked === 'string' ? (asked.split(/[?#]/)[0] ?? '') : ''
}
