import { describe, expect, test } from 'vitest'
import { actionFor, type CodeAction, prefixed, unprefixed } from '../../src/karibu/codes.ts'

/** One row for each code of Meta's table as our notes on Karibu (§8) have it, with what its advice asks of us. */
const TABLE: [code: string, meaning: string, action: CodeAction][] = [
  ['131047', 'over 24 hours since the customer wrote', 'window'],
  ['131026', 'undeliverable', 'refused'],
  ['131049', 'held back for the health of the ecosystem', 'refused'],
  ['131050', 'the customer opted out of marketing', 'refused'],
  ['130472', 'the customer is in an experiment', 'refused'],
  ['130429', 'throughput exceeded', 'pace'],
  ['131056', 'too many messages to this customer', 'pace'],
  ['131048', 'spam rate limit', 'blocked'],
  ['80007', 'account rate limit', 'pace'],
  ['4', 'app rate limit', 'pace'],
  ['131052', 'media could not be fetched', 'media'],
  ['131053', 'media not supported', 'media'],
  ['131000', 'unknown error, try again', 'later'],
  ['131016', 'service unavailable', 'later'],
  ['2', 'service unavailable', 'later'],
  ['133004', 'server unavailable', 'later'],
  ['131057', 'account in maintenance', 'later'],
  ['1', 'invalid request or server error', 'later'],
  ['131051', 'unsupported message type', 'refused'],
  ['131008', 'missing parameter', 'refused'],
  ['131009', 'invalid parameter', 'refused'],
  ['100', 'invalid parameter', 'refused'],
  ['135000', 'unknown parameter error', 'refused'],
  ['131021', 'the recipient is the sender', 'refused'],
  ['131030', 'not in the test number’s list', 'refused'],
  ['131031', 'account locked', 'blocked'],
  ['368', 'policy block', 'blocked'],
  ['130497', 'this country not allowed', 'refused'],
  ['131042', 'payment problem', 'blocked'],
  ['131045', 'number not registered', 'blocked'],
  ['133010', 'number not registered', 'blocked'],
  ['33', 'number deleted', 'blocked'],
  ['131037', 'display name not approved', 'blocked'],
  ['0', 'token problem', 'blocked'],
  ['10', 'permission problem', 'blocked'],
  ['190', 'token expired', 'blocked'],
  ['131005', 'permission denied', 'blocked'],
  ['200', 'permission problem', 'blocked'],
  ['299', 'permission problem', 'blocked'],
  ['132000', 'template: parameter count', 'refused'],
  ['132001', 'template: missing', 'refused'],
  ['132012', 'template: format', 'refused'],
  ['132015', 'template: paused', 'refused'],
  ['132016', 'template: disabled', 'refused'],
  ['WINDOW_CLOSED', 'no open window', 'window'],
  ['VALIDATION_ERROR', 'a bad field', 'refused'],
  ['WORKSPACE_REQUIRED', 'the key has no workspace', 'blocked'],
  ['TEMPLATE_NOT_APPROVED', 'template not approved', 'refused'],
  ['TEMPLATE_NOT_FOUND_OR_UNAPPROVED', 'template unknown', 'refused'],
]

describe('actionFor', () => {
  test.each(TABLE)('%s (%s) means %s', (code, _meaning, action) => {
    expect(actionFor(code)).toBe(action)
  })

  test('no code stands in the table twice', () => {
    expect(new Set(TABLE.map(([code]) => code)).size).toBe(TABLE.length)
  })

  test.each(['999999', '199', '300', '', 'SOMETHING_NEW', 'unknown', '131047x', '-200', 'null'])(
    'the unknown code %j is final, not tried again for ever',
    (code) => {
      expect(actionFor(code)).toBe('refused')
    },
  )

  test.each(['SENDER_NOT_FOUND', 'SENDER_INACTIVE', 'AMBIGUOUS_SENDER'])(
    '%s is a matter of settings: the sender pauses, no message burns',
    (code) => {
      expect(actionFor(code)).toBe('blocked')
    },
  )

  test.each([
    ['window_closed', 'window'],
    ['workspace_required', 'blocked'],
    ['sender_not_found', 'blocked'],
  ])('%s in the lower case of Briq’s older error bodies means %s all the same', (code, action) => {
    expect(actionFor(code)).toBe(action)
  })
})

test.each([
  ['131047', 'whatsapp.131047'],
  ['0', 'whatsapp.0'],
  ['WINDOW_CLOSED', 'karibu.WINDOW_CLOSED'],
  ['http_404', 'karibu.http_404'],
  ['7.5', 'karibu.7.5'],
])('%s is kept and shown as %s, and read back', (code, shown) => {
  expect(prefixed(code)).toBe(shown)
  expect(unprefixed(shown)).toBe(code)
})
