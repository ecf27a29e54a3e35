import { expect, test } from 'vitest'
import { aFile, ENV, faultsOf } from './a-file.ts'

test('a platform that signs needs its secrets, and takes no key its API does not know', () => {
  expect(faultsOf(aFile().replace('    secrets: ["${DUKA_SECRET}"]\n', ''))).toEqual([
    expect.stringMatching(/shops\.duka: needs secrets: what WooCommerce signs/),
  ])
  const shop = '    credentials: { nobody_knows_me: "${DUKA_SECRET}" }\n'
  expect(faultsOf(aFile({ shop }))).toEqual([
    expect.stringMatching(/shops\.duka\.credentials\.nobody_knows_me: is no key of WooCommerce’s API/),
  ])
})

test('the secret in an address is one nobody guesses', () => {
  const shop = '    path_secrets: ["${SHORT}"]\n'
  expect(faultsOf(aFile({ shop }), { ...ENV, SHORT: 'too-short-to-be-safe'.slice(0, 19) })).toEqual([
    expect.stringMatching(/the value of SHORT has fewer than 20 characters/),
  ])
})

/** The smallest file, its shop at another platform. */
const shopAt = (platform: string, lines: string) =>
  aFile({ shop: lines }).replace('platform: woocommerce', `platform: ${platform}`)
const withoutSecrets = (text: string) => text.replace('    secrets: ["${DUKA_SECRET}"]\n', '')
const GUARDED = '    path_secrets: ["${PATH_SECRET}"]\n'
const MORE = { ...ENV, PATH_SECRET: 'an-address-nobody-can-guess', KEY: 'a-key-of-the-gateway' }

test('a platform that signs nothing needs a secret in its address, and takes no other', () => {
  const keys = '    credentials: { consumer_key: "${KEY}", consumer_secret: "${KEY}" }\n'
  expect(faultsOf(shopAt('pesapal', keys), MORE)).toEqual([
    expect.stringMatching(/shops\.duka: needs path_secrets: Pesapal signs nothing/),
    expect.stringMatching(/shops\.duka\.secrets: Pesapal signs nothing: take path_secrets/),
  ])
  expect(faultsOf(withoutSecrets(shopAt('pesapal', keys + GUARDED)), MORE)).toEqual([])
})

test('keys of an API that has to be asked are needed', () => {
  const one = '    credentials: { app_name: "${KEY}", client_id: "${KEY}" }\n'
  expect(faultsOf(withoutSecrets(shopAt('azampay', one + GUARDED)), MORE)).toEqual([
    expect.stringMatching(/shops\.duka: needs credentials\.client_secret \(its client secret\): nothing is believed/),
  ])
})

test.each([
  ['flutterwave', '', /needs credentials\.secret_key \(v3\), or client_id and client_secret \(v4\): without it/],
  ['flutterwave', 'client_id: "${KEY}"', /needs credentials\.client_secret: without it/],
  ['flutterwave', 'secret_key: "${KEY}"', /^$/],
  ['flutterwave', 'client_id: "${KEY}", client_secret: "${KEY}"', /^$/],
  ['clickpesa', '', /^$/],
  ['clickpesa', 'api_key: "${KEY}"', /needs credentials\.client_id: without it ClickPesa cannot be asked/],
  ['clickpesa', 'api_key: "${KEY}", client_id: "${KEY}"', /^$/],
])('optional keys that are of use only together: %s with { %s }', (platform, keys, fault) => {
  const lines = keys === '' ? '' : `    credentials: { ${keys} }\n`
  expect(faultsOf(shopAt(platform, lines), MORE).join()).toMatch(fault)
})

test('reading a shop’s orders needs all its keys and its address, and a platform where that is possible', () => {
  expect(faultsOf(aFile({ shop: '    backfill: { every: 1h }\n' }))).toEqual([
    expect.stringMatching(/shops\.duka: needs credentials\.consumer_key/),
    expect.stringMatching(/shops\.duka: needs credentials\.consumer_secret/),
    expect.stringMatching(/shops\.duka: needs api_url \(the address of its WordPress/),
  ])
  const half = '    credentials: { consumer_key: "${DUKA_SECRET}" }\n    api_url: https://duka.example\n'
  expect(faultsOf(aFile({ shop: half }))).toEqual([
    expect.stringMatching(/shops\.duka: needs credentials\.consumer_secret/),
  ])
  const whole = `${half.replace(' }', ', consumer_secret: "${DUKA_SECRET}" }')}    backfill: { every: 1h }\n`
  expect(faultsOf(aFile({ shop: whole }))).toEqual([])
  expect(faultsOf(shopAt('standard', '    backfill: { every: 1h }\n'))).toContainEqual(
    expect.stringMatching(/shops\.duka\.backfill: is not possible/),
  )
})

test('a silence alarm is auto, off or a length of time', () => {
  expect(faultsOf(aFile({ shop: '    silence_alarm: never\n' }))).toEqual([
    expect.stringMatching(/silence_alarm: must be auto, off, or a number and a unit/),
  ])
  expect(faultsOf(aFile({ shop: '    silence_alarm: 5m\n' }))).toEqual([
    expect.stringMatching(/silence_alarm: must be at least 1h/),
  ])
  expect(faultsOf(aFile({ shop: '    silence_alarm: off\n' }))).toEqual([])
})
