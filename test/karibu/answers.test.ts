import { describe, expect, test } from 'vitest'
import { DAY, MINUTE } from '../../src/clock.ts'
import { readError, readSendAnswer, resultForCode } from '../../src/karibu/answers.ts'
import type { SendResult } from '../../src/karibu/send-result.ts'
import { conversation } from '../../src/karibu/wire.ts'
import { parseRetryAfter } from '../../src/outgoing.ts'
import { NOW } from '../support/rows.ts'

const DATA = {
  message_id: '3c90c3cc-0d44-4b50-8888-8dd25736052a',
  conversation_id: '9d6a0f4e-0000-4b50-8888-8dd25736052a',
  sender_id: '11111111-0d44-4b50-8888-8dd25736052a',
  sender: '1107264639145282',
  provider_message_id: null,
  status: 'pending',
}
const answer = (status: number, body: unknown, retryAfter: string | null = null) =>
  readSendAnswer({ status, retryAfter, body: typeof body === 'string' ? body : JSON.stringify(body) }, NOW)
const envelope = (code: string, message = 'no') => ({
  success: false,
  data: null,
  errors: [{ code, message, field: null }],
  request_id: 'req_01H',
})
const accepted = { success: true, data: DATA, errors: null, request_id: 'req_01H' }

describe('an accepted send', () => {
  test('202 is pending, with Karibu’s id and the request’s', () => {
    expect(answer(202, accepted)).toEqual({
      httpStatus: 202,
      requestId: 'req_01H',
      result: {
        kind: 'accepted',
        messageId: DATA.message_id,
        conversationId: DATA.conversation_id,
        providerMessageId: null,
        status: 'pending',
      },
    })
  })

  test('200 may say that it is sent already', () => {
    const data = { ...DATA, status: 'sent', provider_message_id: 'wamid.HBgM' }
    expect(answer(200, { ...accepted, data }).result).toMatchObject({
      kind: 'accepted',
      status: 'sent',
      providerMessageId: 'wamid.HBgM',
    })
  })

  test.each([200, 201, 202])('%i with a message id is accepted, whatever else is missing or new', (status) => {
    const data = { message_id: 'm1', brand_new_field: { a: 1 } }
    expect(answer(status, { data }).result).toEqual({
      kind: 'accepted',
      messageId: 'm1',
      conversationId: null,
      providerMessageId: null,
      status: 'pending',
    })
  })

  test.each<[string, unknown]>([
    ['an empty body', ''],
    ['a page of a proxy', '<html>200 OK</html>'],
    ['no data', { success: true, data: null }],
    ['no message id', { success: true, data: { ...DATA, message_id: undefined } }],
    ['an empty message id', { success: true, data: { ...DATA, message_id: '' } }],
    ['a list', [accepted]],
    ['a number', '7'],
  ])('2xx with %s is unknown: it may be on the phone', (_name, body) => {
    expect(answer(202, body).result).toMatchObject({ kind: 'unknown', code: 'karibu.answer_unreadable' })
  })
})

describe('2xx that says success: false', () => {
  test('is the error it names', () => {
    expect(answer(200, envelope('WINDOW_CLOSED')).result).toMatchObject({
      kind: 'window-closed',
      code: 'karibu.WINDOW_CLOSED',
    })
  })

  test('means what the same code means in a refusal: the message’s fault pauses no sender', () => {
    expect(answer(200, { ...envelope('VALIDATION_ERROR'), data: DATA }).result.kind).toBe('refused')
    expect(answer(202, { success: false, data: DATA, errors: [] }).result.kind).toBe('refused')
    expect(answer(202, envelope('131056')).result.kind).toBe('later')
  })

  test('is no acceptance, even with a message id in it', () => {
    for (const errors of [[], [{ code: 'VALIDATION_ERROR', message: 'no' }]]) {
      expect(answer(200, { success: false, data: DATA, errors }).result.kind).not.toBe('accepted')
    }
  })
})

describe('what a refusal means', () => {
  test.each<[number, unknown, SendResult['kind'], string]>([
    [422, envelope('WINDOW_CLOSED'), 'window-closed', 'karibu.WINDOW_CLOSED'],
    [400, envelope('131047'), 'window-closed', 'whatsapp.131047'],
    [400, { errors: [{ code: 131047, message: 'number' }] }, 'window-closed', 'whatsapp.131047'],
    [422, envelope('VALIDATION_ERROR'), 'refused', 'karibu.VALIDATION_ERROR'],
    [422, { detail: [{ loc: ['body', 'to'], msg: 'bad', type: 'v' }] }, 'refused', 'karibu.VALIDATION_ERROR'],
    [400, envelope('131056'), 'later', 'whatsapp.131056'],
    [400, envelope('131000'), 'later', 'whatsapp.131000'],
    [400, envelope('131042'), 'blocked', 'whatsapp.131042'],
    [404, { detail: 'Template not found' }, 'refused', 'karibu.http_404'],
    [404, envelope('TEMPLATE_NOT_FOUND_OR_UNAPPROVED'), 'refused', 'karibu.TEMPLATE_NOT_FOUND_OR_UNAPPROVED'],
    [422, envelope('SENDER_INACTIVE'), 'blocked', 'karibu.SENDER_INACTIVE'],
    [400, envelope('NEVER_HEARD_OF'), 'refused', 'karibu.NEVER_HEARD_OF'],
    [418, '', 'refused', 'karibu.http_418'],
    [301, '', 'blocked', 'karibu.http_301'],
    [307, '<html>Moved</html>', 'blocked', 'karibu.http_307'],
    [404, { detail: 'Not Found' }, 'blocked', 'karibu.http_404'],
    [405, '', 'blocked', 'karibu.http_405'],
    [425, '', 'unknown', 'karibu.http_425'],
    [401, { detail: [{ msg: 'Unauthorized request' }] }, 'blocked', 'karibu.http_401'],
    [401, '', 'blocked', 'karibu.http_401'],
    [402, envelope('INSUFFICIENT_ALLOCATION'), 'blocked', 'karibu.INSUFFICIENT_ALLOCATION'],
    [403, envelope('WORKSPACE_REQUIRED'), 'blocked', 'karibu.WORKSPACE_REQUIRED'],
    [403, '<html>Forbidden</html>', 'blocked', 'karibu.http_403'],
    [429, { error: { code: 'rate_limited', message: 'slow', details: {} } }, 'later', 'karibu.rate_limited'],
    [429, '', 'later', 'karibu.http_429'],
    [408, '', 'unknown', 'karibu.http_408'],
    [500, envelope('INTERNAL'), 'unknown', 'karibu.INTERNAL'],
    [502, '<html>Bad gateway</html>', 'unknown', 'karibu.http_502'],
    [503, envelope('VALIDATION_ERROR'), 'unknown', 'karibu.VALIDATION_ERROR'],
    [504, '', 'unknown', 'karibu.http_504'],
  ])('%i with %j is %s (%s)', (status, body, kind, code) => {
    expect(answer(status, body).result).toMatchObject({ kind, code })
  })

  test('a throttled send burns no try, and a failing service does', () => {
    expect(answer(429, '').result).toMatchObject({ kind: 'later', burns: false, everyone: false })
    expect(answer(400, envelope('130429')).result).toMatchObject({ kind: 'later', burns: false, everyone: false })
    expect(answer(400, envelope('131016')).result).toMatchObject({ kind: 'later', burns: true, everyone: false })
  })

  test('the wait that Karibu names reaches the outbox', () => {
    expect(answer(429, '', '7').result).toMatchObject({ kind: 'later', retryAfterMs: 7000 })
    expect(answer(400, envelope('131056'), '7').result).toMatchObject({ kind: 'later', retryAfterMs: 7000 })
    expect(answer(429, '').result).toMatchObject({ retryAfterMs: null })
  })

  test('no 5xx ever reads as “not sent”, whatever its body says', () => {
    for (const status of [500, 501, 502, 503, 504, 520, 599]) {
      for (const body of ['', envelope('WINDOW_CLOSED'), envelope('131056'), { detail: 'x' }, accepted]) {
        expect(answer(status, body, '1').result.kind).toBe('unknown')
      }
    }
  })

  test('Karibu’s id of a refused request is kept', () => {
    expect(answer(422, envelope('WINDOW_CLOSED')).requestId).toBe('req_01H')
    expect(answer(502, 'x').requestId).toBeNull()
  })
})

describe('readError', () => {
  const NONE = 'no readable error in the answer'

  test.each<[string, unknown, string | null, string]>([
    ['the envelope', envelope('WINDOW_CLOSED', 'no open window'), 'WINDOW_CLOSED', 'no open window'],
    ['the envelope with a meta object', { errors: [{ code: 'A', message: 'b', meta: {} }] }, 'A', 'b'],
    ['the first of several errors', { errors: [{ code: 'A', message: 'a' }, { code: 'B' }] }, 'A', 'a'],
    ['a numeric code', { errors: [{ code: 131026, message: 'm' }] }, '131026', 'm'],
    ['an error without a code', { errors: [{ message: 'm' }] }, null, 'm'],
    ['an error without a message', { errors: [{ code: 'A' }] }, 'A', 'no message'],
    ['detail as text', { detail: 'Not Found' }, null, 'Not Found'],
    ['detail beside empty errors', { errors: [], detail: 'Not Found' }, null, 'Not Found'],
    [
      'FastAPI’s list',
      { detail: [{ loc: ['body', 'caption'], msg: 'too long', type: 'value_error' }] },
      'VALIDATION_ERROR',
      'body.caption: too long',
    ],
    ['detail as a list without a place', { detail: [{ msg: 'Unauthorized request' }] }, null, 'Unauthorized request'],
    [
      'the older error object',
      { error: { code: 'validation_error', message: 'm', details: {} } },
      'validation_error',
      'm',
    ],
    ['nothing', undefined, null, NONE],
    ['null', null, null, NONE],
    ['a list', [], null, NONE],
    ['an empty object', {}, null, NONE],
    ['errors of no use', { errors: ['text', null] }, null, NONE],
    ['a detail of no use', { detail: [null] }, null, NONE],
  ])('%s', (_name, body, code, message) => {
    expect(readError(body)).toEqual({ code, message })
  })

  test('a message of a megabyte is cut', () => {
    expect(readError({ errors: [{ code: 'A', message: 'x'.repeat(1_000_000) }] }).message).toHaveLength(500)
  })
})

describe('Retry-After', () => {
  test.each<[string | null, number | null]>([
    [null, null],
    ['0', 0],
    ['5', 5000],
    [' 5 ', 5000],
    ['900', 900_000],
    ['901', 900_000],
    ['3600', 900_000],
    ['99999999', 900_000],
    [new Date(NOW + 10_000).toUTCString(), 10_000],
    [new Date(NOW + DAY).toUTCString(), 900_000],
    [new Date(NOW - 10_000).toUTCString(), 0],
    ['', null],
    ['soon', null],
    ['Infinity', null],
  ])('%j is %j', (value, expected) => {
    expect(parseRetryAfter(value, NOW)).toBe(expected)
  })

  test.each(['999999', 'Fri, 31 Dec 9999 23:59:59 GMT'])(
    '%s puts a message off for a quarter of an hour at most',
    (value) => {
      expect(parseRetryAfter(value, NOW)).toBe(15 * MINUTE)
    },
  )
})

test('a code that comes later as a failed report means what it means in an answer', () => {
  for (const code of ['WINDOW_CLOSED', '131047', '131056', '131000', '131042', '131026', '131053', 'NEW']) {
    const { result } = answer(400, envelope(code, 'why'))
    expect(resultForCode(code, 'why')).toEqual(result)
  }
})

test('what Karibu repeats of others is one line that turns and controls nothing, or is not there', () => {
  const named = (contact_profile_name: string) =>
    conversation.parse({ id: 'c', contact_profile_name }).contact_profile_name
  expect(named('\u001b]0;owned\u0007 Asha\u009b31m\n\u202eMwinyi\u0000')).toBe(']0;owned Asha 31m Mwinyi')
  expect(named('عائشة 👩‍👩‍👧 Zoë')).toBe('عائشة 👩‍👩‍👧 Zoë')
  for (const unseen of ['', ' \n', '\u200b\u2060', '\u202e']) expect(named(unseen)).toBeNull()
  expect(answer(400, envelope('131026', 'not\u001b[2J there')).result).toMatchObject({ detail: 'not [2J there' })
  expect(answer(404, { detail: '\u001b[2Jno' }).result).toMatchObject({ detail: '[2Jno' })
})
