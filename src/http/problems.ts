/**
 * Every error code a request can be answered with: its HTTP status, and what it means to whoever asks. The error handler
 * takes the status from here and the API's reference shows both; a code without a row is a bug of ours.
 */
export const PROBLEMS = {
  'auth.missing': { status: 401, means: 'There is no `Authorization: Bearer <token>`' },
  'auth.invalid': { status: 401, means: 'The token is not known' },
  'auth.scope': { status: 403, means: 'The token lacks the scope' },
  'body.invalid': {
    status: 400,
    means:
      'The body, or a part of the address, is not as described; `details.field` names the part. With status 415: the body is not sent as `application/json`',
  },
  'body.too_large': { status: 413, means: 'The body is larger than is taken: 64 KB under /v1, 2 MB for webhooks' },
  'filter.invalid': {
    status: 400,
    means: 'A filter, time, limit or cursor is not known or not understood; `details.filter` names it',
  },
  'config.invalid': {
    status: 400,
    means: 'The rules are not what a start would take; `details.faults` names each fault',
  },
  'shop.unknown': { status: 404, means: 'No shop of this name is configured' },
  'order.unknown': { status: 404, means: 'The shop has no order of this id or number' },
  'order.ambiguous': { status: 409, means: 'Several orders of the shop have this number: ask by the id' },
  'message.unknown': { status: 404, means: 'There is no message of this id' },
  'message.not_possible': { status: 409, means: 'The message’s status does not allow that; `details.status` names it' },
  'conversation.unknown': { status: 404, means: 'Nobody of this number is known' },
  'event.unknown': { status: 404, means: 'There is no event of this id' },
  'event.not_possible': {
    status: 409,
    means: 'The event cannot be taken once more: its body is gone, or it was about a person',
  },
  'claim.not_possible': {
    status: 409,
    means: 'No receipt of this order can be claimed: it is a test, cancelled, or refunded in full',
  },
  'idempotency.mismatch': { status: 409, means: 'This `Idempotency-Key` was used for another message' },
  'rehearsal.busy': { status: 409, means: 'Another rehearsal is under way; there is one at a time' },
  'signature.missing': { status: 401, means: 'A webhook carries no signature' },
  'signature.invalid': { status: 401, means: 'A webhook’s signature, or the secret in its address, is wrong' },
  'signature.stale': { status: 401, means: 'A webhook was signed too long ago' },
  'signature.too_many': {
    status: 429,
    means: 'Too many bad signatures came from this address; `Retry-After` says for how long',
  },
  'karibu.webhook_not_configured': {
    status: 503,
    means: '`karibu.webhook_secret` is not set, so Briq’s webhooks are not taken',
  },
  'disk.full': {
    status: 503,
    means: 'The disk is almost full: only reading works until there is room; `Retry-After` says when to try',
  },
  'form.forged': { status: 403, means: 'On the dashboard: a form was not sent by its own page' },
  'page.unknown': { status: 404, means: 'On the dashboard: there is no such page' },
  not_found: { status: 404, means: 'There is nothing at this address' },
  method_not_allowed: { status: 405, means: 'The address is not called in this way; `Allow` names the ways' },
  internal: { status: 500, means: 'Something went wrong here; the log says what' },
} as const

export type ProblemCode = keyof typeof PROBLEMS
export type ProblemStatus<Code extends ProblemCode = ProblemCode> = (typeof PROBLEMS)[Code]['status']

export function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(PROBLEMS, code)
}
