import type { Context } from 'hono'
import ipaddr from 'ipaddr.js'

/** What the server hands over with each request. */
export interface ServerEnv {
  /** Null when the connection is gone already. */
  remoteAddress: string | null
  /** The address as it was sent, before anything put it in order. */
  asked: string
}

/**
 * Who sent the request, as far as it can be told: the connection's address, or what a proxy on this machine wrote last
 * into X-Forwarded-For. An IPv6 address counts as its /64, which is what one customer of a network has.
 */
export function addressOf(c: Context): string {
  const remote = remoteOf(c.env)
  if (remote === undefined) return 'unknown'
  const told = remote.range() === 'loopback' ? c.req.header('x-forwarded-for')?.split(',').at(-1)?.trim() : undefined
  const address = (told === undefined ? undefined : parse(told)) ?? remote
  if (address.kind() === 'ipv4') return address.toString()
  return `${address.toNormalizedString().split(':').slice(0, 4).join(':')}::/64`
}

function remoteOf(env: unknown): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  if (typeof env !== 'object' || env === null || !('remoteAddress' in env)) return undefined
  return typeof env.remoteAddress === 'string' ? parse(env.remoteAddress) : undefined
}

/** An IPv4 address in IPv6's clothes comes out as itself. */
function parse(text: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  return ipaddr.isValid(text) ? ipaddr.process(text) : undefined
}
