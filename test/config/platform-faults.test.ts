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
