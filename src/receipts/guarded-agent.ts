import { lookup as dnsLookup, type LookupAddress } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { Agent, buildConnector } from 'undici'
import { isPublicAddress } from './public-address.ts'

/** Thrown inside the connection, so that whatever led there (a name, a redirect, a changed DNS answer) is stopped. */
export class BlockedAddressError extends Error {}

export interface GuardOptions {
  /** Origins (`http://127.0.0.1:8787`) that may be private and on any port: exactly these. */
  allow: string[]
  timeoutMs: number
}

const PORTS = new Set([80, 443])

/**
 * An agent that connects to the public internet and the allowed origins only. The address is checked when it is used:
 * DNS may answer differently a moment later, and a literal address is never looked up at all. Names with even one
 * private address are refused.
 */
export function guardedAgent({ allow, timeoutMs }: GuardOptions): Agent {
  const free = buildConnector({ timeout: timeoutMs })
  const guarded = buildConnector({ timeout: timeoutMs, lookup: guardedLookup(isPublicAddress) })
  return new Agent({
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    // A connection is used once, so each request's address is a checked one.
    pipelining: 0,
    connect(options, done) {
      if (allow.includes(originOf(options))) return free(options, done)
      const host = options.hostname.replace(/^\[|\]$/g, '')
      if (isIP(host) !== 0 && !isPublicAddress(host)) return done(new BlockedAddressError('address'), null)
      if (!PORTS.has(portOf(options))) return done(new BlockedAddressError('port'), null)
      guarded(options, (...result) => {
        const [error, socket] = result
        if (error || isPublicAddress(socket.remoteAddress ?? '')) return done(...result)
        socket.destroy()
        done(new BlockedAddressError('address'), null)
      })
    },
  })
}

function portOf({ port, protocol }: buildConnector.Options): number {
  return Number(port || (protocol === 'https:' ? 443 : 80))
}

function originOf(options: buildConnector.Options): string {
  const { protocol, hostname } = options
  const host = isIP(hostname) === 6 ? `[${hostname}]` : hostname
  return new URL(`${protocol}//${host}:${portOf(options)}`).origin
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
