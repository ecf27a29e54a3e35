import { type Dispatcher, errors, request } from 'undici'
import { AppError } from '../errors.ts'
import { BlockedAddressError, type GuardOptions, guardedAgent } from './guarded-agent.ts'
import { checkImage, MAX_IMAGE_BYTES } from './image-check.ts'

export interface FetchedImage {
  bytes: Uint8Array
  type: 'image/png' | 'image/jpeg'
}

export type FetchImage = (url: string) => Promise<FetchedImage>

const MOST_REDIRECTS = 3
const REDIRECTS = new Set([301, 302, 303, 307, 308])

/** Fetches pictures from wherever a shop points us, without letting it point us into our own network. */
export function createImageFetcher(options: GuardOptions): FetchImage {
  const dispatcher = guardedAgent(options)
  return async function fetchImage(url) {
    const signal = AbortSignal.timeout(options.timeoutMs)
    const bytes = await download(url, { dispatcher, signal, allow: options.allow }).catch(translate)
    const check = checkImage(bytes)
    if (!check.ok) throw new AppError('image.not_an_image', `The image cannot be sent: ${check.reason}.`)
    return { bytes, type: check.type }
  }
}

interface Way {
  dispatcher: Dispatcher
  signal: AbortSignal
  allow: string[]
}

/** Redirects are followed by hand: each hop has to pass what the first address had to pass. */
async function download(start: string, { dispatcher, signal, allow }: Way): Promise<Uint8Array> {
  let url = parseUrl(start, allow)
  for (let hops = 0; hops <= MOST_REDIRECTS; hops++) {
    const { statusCode, headers, body } = await request(url, {
      dispatcher,
      signal,
      headers: { accept: 'image/png, image/jpeg', 'accept-encoding': 'identity', 'user-agent': 'Risiti' },
    })
    if (!REDIRECTS.has(statusCode)) {
      if (statusCode === 200) return await readBody(body, Number(headers['content-length']) || 0)
      discard(body)
      throw new AppError('image.unreachable', `The image's server answered ${statusCode}.`)
    }
    discard(body)
    const { location } = headers
    if (typeof location !== 'string') {
      throw new AppError('image.unreachable', "The image's server redirects to nowhere.")
    }
    url = parseUrl(location, allow, url)
  }
  throw new AppError('image.unreachable', `The image's server redirects more than ${MOST_REDIRECTS} times.`)
}

async function readBody(body: Dispatcher.ResponseData['body'], announced: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = announced
  if (size <= MAX_IMAGE_BYTES) {
    size = 0
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      size += chunk.byteLength
      if (size > MAX_IMAGE_BYTES) break
      chunks.push(chunk)
    }
  }
  if (size <= MAX_IMAGE_BYTES) return Buffer.concat(chunks)
  discard(body)
  throw new AppError('image.too_large', 'The image is larger than 5 MB.')
}

/** Closes the connection; what is still on its way is not wanted. */
function discard(body: Dispatcher.ResponseData['body']): void {
  body.on('error', () => {}).destroy()
}

function parseUrl(text: string, allow: string[], base?: URL): URL {
  const url = URL.canParse(text, base?.href) ? new URL(text, base) : null
  if (url === null || (url.protocol !== 'https:' && !allow.includes(url.origin)))
    throw new AppError('image.blocked_address', "The image's address is not one that begins with https://.")
  if (url.username || url.password)
    throw new AppError('image.blocked_address', "The image's address must not hold a user name or password.")
  return url
}

/** Whatever went wrong under way, in words without the address: it may hold a customer's token. */
function translate(error: unknown): never {
  if (error instanceof AppError) throw error
  if (error instanceof BlockedAddressError) {
    throw new AppError('image.blocked_address', "The image's address is not on the public internet.")
  }
  const message = isTimeout(error) ? "The image's server took too long." : "The image's server could not be reached."
  throw new AppError('image.unreachable', message)
}

function isTimeout(error: unknown): boolean {
  const { BodyTimeoutError, ConnectTimeoutError, HeadersTimeoutError } = errors
  if (error instanceof Error && error.name === 'TimeoutError') return true
  return [BodyTimeoutError, ConnectTimeoutError, HeadersTimeoutError].some((kind) => error instanceof kind)
}
