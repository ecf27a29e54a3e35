import { lookup as dnsLookup, type LookupAddress } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { Agent, buildConnector } from 'undici'
import { isLoopback, isPublicAddress } from './public-address.ts'

/** Thrown inside the connection, so that whatever led there (a name, a redirect, a changed DNS answer) is stopped. */
export class BlockedAddressError extends Error {}

export interface GuardOptions {
  /** For trying things out on one machine: also loopback addresses, and on any port. */
  allowLoopback: boolean
  timeoutMs: number
}

const PORTS = new Set([80, 443])

/**
 * An agent that connects to the public internet only. The address is checked when it is used: DNS may answer
 * differently a moment later, and a literal address is never looked up at all. Names with even one private address are
 * refused.
 */
export function guardedAgent({ allowLoopback, timeoutMs }: GuardOptions): Agent {
  const allowed = (address: string) => isPublicAddress(address) || (allowLoopback && isLoopback(address))
  const connect = buildConnector({ timeout: timeoutMs, lookup: guardedLookup(allowed) })
  return new Agent({
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    // A connection is used once, so each request's address is a checked one.
    pipelining: 0,
    connect(options, done) {
      const host = options.hostname.replace(/^\[|\]$/g, '')
      const port = Number(options.port || (options.protocol === 'https:' ? 443 : 80))
      if (isIP(host) !== 0 && !allowed(host)) return done(new BlockedAddressError('address'), null)
      if (!PORTS.has(port) && !allowLoopback) return done(new BlockedAddressError('port'), null)
      connect(options, (error, socket) => {
        if (error) return done(error, null)
        if (allowed(socket.remoteAddress ?? '')) return done(null, socket)
        socket.destroy()
        done(new BlockedAddressError('address'), null)
      })
    },
  })
}

function guardedLookup(allowed: (address: string) => boolean): LookupFunction {
  return (hostname, options, done) => {
    dnsLookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      const [first] = addresses ?? []
      if (error || !first) return done(error ?? new Error('no address'), '')
      if (!addresses.every(({ address }) => allowed(address))) return done(new BlockedAddressError('address'), '')
      if (options.all) return done(null, addresses)
      done(null, first.address, first.family)
    })
  }
}
