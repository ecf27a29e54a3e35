import ipaddr from 'ipaddr.js'
import { type Dispatcher, request } from 'undici'
import { MINUTE, SECOND } from '../clock.ts'
import { messageOf } from '../errors.ts'
import { remember } from './capped.ts'
import { imageFault } from './image-format.ts'
import type { StoredImage } from './state.ts'

export type Fetched =
  | { ok: true; image: StoredImage }
  | { ok: false; fault: 'download' | 'unsupported'; detail: string }

export type FetchMedia = (url: string) => Promise<Fetched>

const CACHE_MS = 10 * MINUTE
const MAX_BYTES = 5 * 1024 * 1024
const MAX_HELD = 10_000
const MEMORY_BYTES = 64 * 1024 * 1024
const TIMEOUT_MS = 10 * SECOND

/** Fetches linked images as WhatsApp does: after the answer, and once in 10 minutes per full URL. */
export function createMediaFetcher(deps: {
  dispatcher: Dispatcher
  now: () => number
  allowLoopback: boolean
}): FetchMedia {
  const cache = new Map<string, { at: number; fetched: Promise<Fetched> }>()
  const held: StoredImage[] = []
  let heldBytes = 0

  function hold(image: StoredImage): void {
    held.push(image)
    heldBytes += image.size
    while (heldBytes > MEMORY_BYTES || held.length > MAX_HELD) {
      const oldest = held.shift()
      if (!oldest) break
      heldBytes -= oldest.size
      oldest.bytes = null
    }
  }

  return async (url) => {
    const now = deps.now()
    const known = cache.get(url)
    if (known && now - known.at < CACHE_MS) return await known.fetched
    const fetched = fetchImage(url, deps)
    remember(cache, url, { at: now, fetched }, MAX_HELD)
    const result = await fetched
    // Only what was downloaded is an asset to reuse.
    if (result.ok) hold(result.image)
    else cache.delete(url)
    return result
  }
}

async function fetchImage(
  url: string,
  deps: { dispatcher: Dispatcher; now: () => number; allowLoopback: boolean },
): Promise<Fetched> {
  const unreachable = addressFault(url, deps.allowLoopback)
  if (unreachable) return { ok: false, fault: 'download', detail: unreachable }
  try {
    // Redirects are not followed: undici does so only when told to.
    const { statusCode, headers, body } = await request(url, {
      dispatcher: deps.dispatcher,
      headersTimeout: TIMEOUT_MS,
      bodyTimeout: TIMEOUT_MS,
      signal: AbortSignal.timeout(2 * TIMEOUT_MS),
      headers: { 'user-agent': 'risiti-sandbox (media)', accept: 'image/*' },
    })
    if (statusCode !== 200) {
      await body.dump()
      const detail = `Downloading media from weblink failed with http code ${statusCode}`
      return { ok: false, fault: 'download', detail }
    }
    const bytes = await readUpTo(body, MAX_BYTES)
    if (bytes === null) return { ok: false, fault: 'unsupported', detail: 'The image is larger than 5 MB' }
    const contentType = String(headers['content-type'] ?? '')
      .replace(/;.*/s, '')
      .trim()
      .toLowerCase()
    if (contentType !== 'image/png' && contentType !== 'image/jpeg') {
      return { ok: false, fault: 'unsupported', detail: `Content-Type ${contentType || '(none)'} is not supported` }
    }
    const detail = imageFault(bytes, contentType)
    if (detail) return { ok: false, fault: 'unsupported', detail }
    return { ok: true, image: { bytes, size: bytes.length, contentType, fetchedAt: deps.now() } }
  } catch (error) {
    return { ok: false, fault: 'download', detail: `Downloading media from weblink failed: ${messageOf(error)}` }
  }
}

/** WhatsApp fetches public https only; http on this machine stands in for it where allowed. */
function addressFault(url: string, allowLoopback: boolean): string | null {
  const { protocol, hostname } = new URL(url)
  const range = rangeOf(hostname)
  if (range === 'loopback' && allowLoopback && (protocol === 'http:' || protocol === 'https:')) return null
  if (protocol !== 'https:') return 'Downloading media from weblink failed: the link is not https'
  return range === 'unicast' ? null : 'Downloading media from weblink failed: the address is not public'
}

function rangeOf(hostname: string): string {
  if (hostname === 'localhost' || hostname.endsWith('.localhost')) return 'loopback'
  const address = hostname.replace(/^\[|\]$/g, '')
  return ipaddr.isValid(address) ? ipaddr.process(address).range() : 'unicast'
}

async function readUpTo(body: AsyncIterable<Uint8Array>, limit: number): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    if (size > limit) return null
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
