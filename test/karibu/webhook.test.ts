import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { verifyKaribuSignature } from '../../src/karibu/webhook.ts'
import { webhookEvent } from '../../src/karibu/wire.ts'

const SECRET = 'whsec_0123456789abcdef0123456789abcdef'
const BODY = Buffer.from('{"event":"whatsapp.sent","event_id":"wa_1","data":{"message_id":"m1"},"n":"é"}')
const sign = (body: Uint8Array = BODY, secret = SECRET) => createHmac('sha256', secret).update(body).digest('hex')

describe('verifyKaribuSignature', () => {
  test.each<[string, string]>([
    ['sha256= and hex', `sha256=${sign()}`],
    ['bare hex', sign()],
    ['upper case', sign().toUpperCase()],
    ['an upper-case prefix', `SHA256=${sign().toUpperCase()}`],
    ['blanks around it', `  sha256=${sign()} `],
  ])('takes %s', (_name, header) => {
    expect(verifyKaribuSignature(BODY, header, SECRET)).toBe(true)
  })

  test.each<[string, string | null]>([
    ['no header', null],
    ['an empty header', ''],
    ['a prefix without hex', 'sha256='],
    ['hex of another length', sign().slice(2)],
    ['one digit too many', `${sign()}0`],
    ['two signatures', `${sign()},${sign()}`],
    ['another algorithm', `sha1=${sign()}`],
    ['base64', Buffer.from(sign(), 'hex').toString('base64')],
    ['a signature under another secret', sign(BODY, `${SECRET}x`)],
    ['a signature under the secret without its prefix', sign(BODY, SECRET.slice(6))],
    ['a signature of another body', sign(Buffer.concat([BODY, Buffer.from(' ')]))],
  ])('refuses %s', (_name, header) => {
    expect(verifyKaribuSignature(BODY, header, SECRET)).toBe(false)
  })

  test('is about the raw bytes: the same JSON written otherwise is refused', () => {
    const rewritten = Buffer.from(JSON.stringify(JSON.parse(BODY.toString()), null, 1))
    expect(verifyKaribuSignature(rewritten, sign(), SECRET)).toBe(false)
  })

  test('any single bit of the body matters', () => {
    const header = sign()
    for (let index = 0; index < BODY.length; index++) {
      const changed = Uint8Array.from(BODY)
      changed[index] = (changed[index] ?? 0) ^ 1
      expect(verifyKaribuSignature(changed, header, SECRET)).toBe(false)
    }
  })

  test('bytes that are no text are signed like any other', () => {
    const bytes = Uint8Array.from([0, 255, 254, 195, 40])
    expect(verifyKaribuSignature(bytes, sign(bytes), SECRET)).toBe(true)
  })
})

describe('the body of an event', () => {
  test('only event, event_id and message_id are needed; unknown keys are let through', () => {
    const parsed = webhookEvent.parse({
      event: 'whatsapp.sent',
      event_id: 'wa_1',
      data: { message_id: 'm1', new: {} },
      x: 1,
    })
    expect(parsed).toMatchObject({ event: 'whatsapp.sent', event_id: 'wa_1' })
    expect(parsed.data).toMatchObject({ message_id: 'm1', error_code: null, error_message: null })
  })

  test.each([131047, '131047'])('error_code may be number or text: %j', (error_code) => {
    const parsed = webhookEvent.parse({
      event: 'whatsapp.failed',
      event_id: 'wa_1',
      data: { message_id: 'm1', error_code },
    })
    expect(parsed.data.error_code).toBe('131047')
  })

  test.each<[string, unknown]>([
    ['no event id', { event: 'whatsapp.sent', data: { message_id: 'm1' } }],
    ['an event id without end', { event: 'e', event_id: 'x'.repeat(201), data: {} }],
    ['no data', { event: 'whatsapp.sent', event_id: 'wa_1' }],
    ['a list', []],
    ['nothing', undefined],
  ])('a body with %s is no event', (_name, body) => {
    expect(webhookEvent.safeParse(body).success).toBe(false)
  })
})
