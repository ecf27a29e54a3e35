import { parseRetryAfter } from '../outgoing.ts'
import { actionFor, prefixed } from './codes.ts'
import type { SendAnswer, SendResult } from './send-result.ts'
import { oneLine, sendData } from './wire.ts'

export interface HttpAnswer {
  status: number
  retryAfter: string | null
  body: string
}

interface ApiError {
  code: string | null
  message: string
}

/** What an answer to a send means. 2xx with `success: false` is an error too (Briq's own SDK treats it so). */
export function readSendAnswer(answer: HttpAnswer, now: number): SendAnswer {
  const body = parseJson(answer.body)
  const requestId = isObject(body) && typeof body.request_id === 'string' ? body.request_id : null
  return { result: sendResult(answer, body, now), httpStatus: answer.status, requestId }
}

function sendResult(answer: HttpAnswer, body: unknown, now: number): SendResult {
  const { status } = answer
  const error = readError(body)
  if (status >= 200 && status < 300) {
    const data = isObject(body) && body.success !== false ? sendData.safeParse(body.data) : undefined
    if (data?.success) {
      return {
        kind: 'accepted',
        messageId: data.data.message_id,
        conversationId: data.data.conversation_id,
        providerMessageId: data.data.provider_message_id,
        status: data.data.status === 'sent' ? 'sent' : 'pending',
      }
    }
    if (isObject(body) && body.success === false) return refusal(error, status, answer.retryAfter, now)
    return { kind: 'unknown', code: 'karibu.answer_unreadable', detail: `answer ${status} without a message id` }
  }
  // A 5xx may come before or after the message was taken on.
  if (status >= 500) return { kind: 'unknown', code: codeOf(error, status), detail: error.message }
  return refusal(error, status, answer.retryAfter, now)
}

function refusal(error: ApiError, status: number, retryAfter: string | null, now: number): SendResult {
  const code = codeOf(error, status)
  const detail = error.message
  const retryAfterMs = parseRetryAfter(retryAfter, now)
  if (status === 429) return { kind: 'later', code, detail, retryAfterMs, burns: false, everyone: false }
  if (status === 408 || status === 425) return { kind: 'unknown', code, detail }
  // A route that is not there, or elsewhere, is a wrong karibu.base_url.
  const noSuchRoute =
    (status >= 300 && status < 400) || status === 405 || (status === 404 && error.message === 'Not Found')
  if (noSuchRoute || status === 401 || status === 402 || status === 403) return { kind: 'blocked', code, detail }
  return resultForCode(error.code ?? `http_${status}`, detail, retryAfterMs)
}

/** The outcome a refusal code stands for, also when it comes later as a `failed` report. */
export function resultForCode(code: string, detail: string, retryAfterMs: number | null = null): SendResult {
  const shown = prefixed(code)
  switch (actionFor(code)) {
    case 'window':
      return { kind: 'window-closed', code: shown, detail }
    case 'pace':
      return { kind: 'later', code: shown, detail, retryAfterMs, burns: false, everyone: false }
    case 'later':
      return { kind: 'later', code: shown, detail, retryAfterMs, burns: true, everyone: false }
    case 'blocked':
      return { kind: 'blocked', code: shown, detail }
    case 'media':
      return { kind: 'media', code: shown, detail }
    case 'refused':
      return { kind: 'refused', code: shown, detail }
  }
}

function codeOf(error: ApiError, status: number): string {
  return prefixed(error.code ?? `http_${status}`)
}

/** All the error bodies a client can meet: the envelope, FastAPI's `detail` (text or list), and `{error:{…}}`. */
export function readError(body: unknown): ApiError {
  if (!isObject(body)) return { code: null, message: 'no readable error in the answer' }
  const first = Array.isArray(body.errors) ? body.errors[0] : body.error
  if (isObject(first)) return { code: textOf(first.code), message: textOf(first.message) ?? 'no message' }
  if (typeof body.detail === 'string') return { code: null, message: textOf(body.detail) ?? 'no message' }
  if (Array.isArray(body.detail) && isObject(body.detail[0])) {
    const { loc, msg } = body.detail[0]
    const place = Array.isArray(loc) ? `${textOf(loc.join('.'))}: ` : ''
    return { code: Array.isArray(loc) ? 'VALIDATION_ERROR' : null, message: `${place}${textOf(msg) ?? 'invalid'}` }
  }
  return { code: null, message: 'no readable error in the answer' }
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function textOf(value: unknown): string | null {
  if (typeof value === 'string' && value !== '') return oneLine(value.slice(0, 500))
  return typeof value === 'number' ? String(value) : null
}
