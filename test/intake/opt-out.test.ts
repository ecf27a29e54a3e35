import { expect, test } from 'vitest'
import { optOutIn } from '../../src/intake/opt-out.ts'

test.each([
  'STOP',
  'stop',
  ' Stop. ',
  'stop!!!',
  'S T O P',
  '🛑 stop 🛑',
  'ＳＴＯＰ',
  'unsubscribe',
  'Acha',
  'ACHA!',
  'sitisha',
  'Ondoa',
  'simamisha',
  'STOP.',
  '"STOP"',
  '*STOP*',
  'Stop 🙏🏾',
  'stop…',
  '\u200eSTOP\u200f',
  'STOP\n',
  'stop all',
  'opt-out',
  'Acha tafadhali',
  'acha, tafadhali!',
  'Tafadhali acha.',
  'please stop',
  'STOP PLEASE!!',
  'Acha. Asante',
])('“%s” asks for no more messages', (text) => {
  expect(optOutIn(text)).toBe('stop')
})

test.each(['START', ' anza ', 'Endelea.', 'start!', '“ANZA”', 'tafadhali anza', 'START please 🙏', 'unstop'])(
  '“%s” asks for messages again',
  (text) => {
    expect(optOutIn(text)).toBe('start')
  },
)

test.each([
  '',
  '   ',
  '👍',
  '123',
  'Please do not stop',
  'stop sending to my old number, use this one',
  'nitaacha kesho',
  'wacha tu',
  'non-stop',
  'startup',
  'Asante sana',
  'Asante',
  'tafadhali',
  'please',
  'please please',
  'acha nione tafadhali',
  'stop at the shop please',
  'please stop by',
  'anza kutuma risiti',
])('“%s” is an ordinary message: only the whole message counts', (text) => {
  expect(optOutIn(text)).toBeNull()
})

test('a message without text says neither', () => {
  expect(optOutIn(null)).toBeNull()
})
