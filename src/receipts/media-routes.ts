import { type Context, Hono } from 'hono'
import type { MediaFiles } from './media-files.ts'
import { MEDIA_TOKEN } from './media-files.ts'
import { PROBE_HEADER, PROBE_IMAGE } from './probe.ts'

export interface MediaRouteDeps {
  files: MediaFiles
  /** The image's type; undefined when no such token was given out. */
  typeOf(token: string): Promise<string | undefined>
  /** The name of the picture `risiti doctor` asks for, which is of no message. */
  probeToken: string
  /** Our own probe says nothing about a send. */
  isProbe(header: string | undefined): boolean
  /** Keeps that the image was fetched: evidence of a send. */
  fetched(fetch: { token: string; method: string; userAgent: string | null }): Promise<void>
}

/** `GET,HEAD /media/<token>.png`: the only thing here that needs no key but the unguessable name itself. */
export function mediaRoutes({ files, typeOf, probeToken, isProbe, fetched }: MediaRouteDeps): Hono {
  return new Hono().get('/:file', async (c) => {
    const token = c.req.param('file').replace(/\.png$/, '')
    if (!c.req.param('file').endsWith('.png') || !MEDIA_TOKEN.test(token)) return c.notFound()
    if (token === probeToken) return picture(c, PROBE_IMAGE)
    const type = await typeOf(token)
    const bytes = type === undefined ? undefined : await files.read(token)
    if (type === undefined || bytes === undefined) return c.notFound()
    if (!isProbe(c.req.header(PROBE_HEADER)))
      await fetched({ token, method: c.req.method, userAgent: c.req.header('user-agent')?.slice(0, 200) ?? null })
    return picture(c, { type, bytes })
  })
}

function picture(c: Context, { type, bytes }: { type: string; bytes: Uint8Array }): Response {
  return c.body(new Uint8Array(bytes), 200, {
    'content-type': type,
    'content-length': String(bytes.length),
    // The bytes behind a name never change.
    'cache-control': 'private, max-age=86400, immutable',
    'x-content-type-options': 'nosniff',
    'x-robots-tag': 'noindex',
    'content-disposition': 'inline',
  })
}
