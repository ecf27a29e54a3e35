import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { AppError, forLog } from '../errors.ts'
import type { Log } from '../log.ts'
import { addressOf } from './address.ts'
import { RETRY_AFTER_SECONDS } from './disk.ts'
import type { FailureLimit } from './failure-limit.ts'
import { isProblemCode, PROBLEMS } from './problems.ts'
import { routeOf } from './request-log.ts'

/** Undefined for what is a bug of ours. */
export function statusOf(error: Error): ContentfulStatusCode | undefined {
  return error instanceof AppError && isProblemCode(error.code) ? PROBLEMS[error.code].status : undefined
}

/** The code of a 429: whoever sends so many forged or misconfigured deliveries should look at the secret first. */
const TOO_MANY = 'signature.too_many'

export function errorHandler(log: Log, limit: FailureLimit) {
  return (error: Error, c: Context): Response => {
    const status = statusOf(error)
    if (error instanceof AppError && status !== undefined) {
      const waitSeconds = error.code.startsWith('signature.') ? limit.failed(addressOf(c)) : 0
      if (waitSeconds > 0) {
        const message = 'too many bad signatures from this address; a good one is taken at any time'
        return c.json({ error: { code: TOO_MANY, message } }, 429, { 'retry-after': String(waitSeconds) })
      }
      if (status === 401) log.warn({ route: routeOf(c.req.path), code: error.code }, 'request.refused')
      if (error.code === 'disk.full') {
        c.header('retry-after', String(RETRY_AFTER_SECONDS))
        log.error({ route: routeOf(c.req.path) }, 'disk.full')
      }
      if (status === 413) c.header('connection', 'close')
      return c.json(
        { error: { code: error.code, message: error.message, ...(error.details && { details: error.details }) } },
        status,
      )
    }
    if (error instanceof HTTPException && error.status < 500) {
      return c.json(
        { error: { code: 'body.invalid', message: error.message || 'the request is not understood' } },
        error.status,
      )
    }
    if (hasLeft(c, error)) {
      log.info({ route: routeOf(c.req.path) }, 'request.aborted')
      return c.json({ error: { code: 'body.invalid', message: 'the request ended before its body did' } }, 400)
    }
    log.error({ route: routeOf(c.req.path), ...forLog(error) }, 'request.failed')
    return c.json({ error: { code: 'internal', message: 'something went wrong on our side; it has been logged' } }, 500)
  }
}

/** A client that goes away in the middle of its body is no fault of ours. */
function hasLeft(c: Context, error: Error): boolean {
  return c.req.raw.signal.aborted || /^(aborted|terminated)$/.test(error.message)
}

export function notFound(c: Context): Response {
  return c.json({ error: { code: 'not_found', message: 'there is nothing at this address' } }, 404)
}

/** For a known address called in a way it does not take. */
export function methodNotAllowed(allowed: string) {
  return (c: Context): Response =>
    c.json({ error: { code: 'method_not_allowed', message: `only ${allowed} is taken here` } }, 405, { allow: allowed })
}
