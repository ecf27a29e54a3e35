import type { Context } from 'hono'
import { AppError } from '../errors.ts'

/** Shopify sends hundreds of KB at times; nobody sends this much. */
export const BODY_LIMIT = 2 * 1024 * 1024

/** The request's raw bytes, as they were signed; more than the limit is refused before it is read to the end. */
export async function readBody(c: Context, limit: number = BODY_LIMIT): Promise<Uint8Array> {
  const tooLarge = () => new AppError('body.too_large', `the body is larger than ${limit} bytes`)
  const declared = Number(c.req.header('content-length') ?? '0')
  if (declared > limit) throw tooLarge()
  // A declared length is enforced by the HTTP parser, so only an undeclared one needs counting.
  if (declared > 0) return new Uint8Array(await c.req.arrayBuffer())
  const stream = c.req.raw.body
  if (stream === null) return new Uint8Array()
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of stream) {
    size += chunk.byteLength
    if (size > limit) throw tooLarge()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
