import { expect, test } from 'vitest'
import { aFile, ENV, faultsOf, load } from './a-file.ts'

const GOOD = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
const MORE = {
  ...ENV,
  GOOD,
  BARE: Buffer.alloc(24, 8).toString('base64'),
  SHORT: `whsec_${Buffer.alloc(23, 7).toString('base64')}`,
  WORDS: 'whsec_not base64 at all!',
}
const target = (change: Record<string, string> = {}) => {
  const fields = { name: 'backend', url: '"https://duka.example/hook"', secret: '"${GOOD}"', ...change }
  return `  - { ${Object.entries(fields)
    .map(([key, value]) => `${key}: ${value}`)
    .join(', ')} }\n`
}
const fileWith = (...targets: string[]) => aFile({ rules: `notify:\n${targets.join('')}` })

test('a target comes out with all events and shops, and its secrets apart', () => {
  const secret = '["${GOOD}", "${BARE}"]'
  const { config, secrets } = load(fileWith(target({ secret, url: '"https://duka.example/hook?shop=1"' })), MORE)
  expect(config.notify).toEqual([
    {
      name: 'backend',
      url: 'https://duka.example/hook?shop=1',
      events: ['sent', 'delivered', 'read', 'failed', 'held', 'skipped', 'expired'].map((one) => `message.${one}`),
      shops: null,
    },
  ])
  expect(secrets.notify).toEqual({ backend: [MORE.GOOD, MORE.BARE] })
  expect(JSON.stringify(config)).not.toContain(MORE.GOOD)
})

test.each<[string, Record<string, string>, RegExp]>([
  ['a secret in the file', { secret: 'whsec_abc' }, /notify\[0\]\.secret: must not stand in this file/],
  [
    'a secret that is not set',
    { secret: '"${NOBODY}"' },
    /notify\[0\]\.secret: the environment variable NOBODY is not/,
  ],
  [
    'a key too short',
    { secret: '"${SHORT}"' },
    /notify\[0\]\.secret: its value must be whsec_ and the base64 of 24 to 64/,
  ],
  ['a key of words', { secret: '["${GOOD}", "${WORDS}"]' }, /notify\[0\]\.secret\[1\]: its value must be whsec_/],
  ['plain http', { url: '"http://duka.example/hook"' }, /notify\[0\]\.url: must begin with https/],
  [
    'this machine',
    { url: '"https://127.0.0.1/hook"' },
    /notify\[0\]\.url: is on this machine: taken only while public_url/,
  ],
  ['a private address', { url: '"https://10.1.2.3/hook"' }, /notify\[0\]\.url: is not on the public internet/],
  ['a private IPv6 address', { url: '"https://[fd00::1]/hook"' }, /notify\[0\]\.url: is not on the public internet/],
  ['another port', { url: '"https://duka.example:8443/"' }, /notify\[0\]\.url: must be on port 443 or 80/],
  ['a password', { url: '"https://a:b@duka.example/"' }, /notify\[0\]\.url: must not hold a user name or password/],
  ['an event there is not', { events: '[message.red]' }, /notify\[0\]\.events\[0\]: .*message\.read/],
  [
    'a shop there is not',
    { shops: '[duka, dukaa]' },
    /notify\[0\]\.shops\[1\]: there is no such shop; did you mean duka\?/,
  ],
])('%s is named', (_, change, fault) => {
  const faults = faultsOf(fileWith(target(change)), MORE)
  expect(faults).toEqual([expect.stringMatching(fault)])
  expect(faults.join()).not.toContain(MORE.SHORT)
})

test('two targets of one name are one too many', () => {
  expect(faultsOf(fileWith(target(), target()), MORE)).toEqual([
    expect.stringMatching(/notify\[1\]\.name: another target has this name/),
  ])
})

test('while we are on this machine a target may be, too', () => {
  const text = fileWith(target({ url: '"http://localhost:9000/hook"' }))
  expect(faultsOf(text.replace('https://risiti.duka.example', 'http://127.0.0.1:8787'), MORE)).toEqual([])
})
