import { expect, test } from 'vitest'
import { verifyPath } from '../../src/shops/path-secret.ts'

const SECRET = 'Vq3mX8bT2kLr9sWz5nPc'

test('without path secrets an address with none is left to the signature, and one with any is refused', () => {
  expect(verifyPath(null, [])).toBeNull()
  expect(verifyPath(SECRET, [])).toMatchObject({ ok: false, code: 'signature.invalid' })
})

test('with path secrets nothing passes that does not hold one of them', () => {
  expect(verifyPath(null, [SECRET])).toMatchObject({ ok: false, code: 'signature.missing' })
  for (const wrong of ['', SECRET.slice(1), `${SECRET}x`, SECRET.toLowerCase(), 'constructor']) {
    expect(verifyPath(wrong, [SECRET]), wrong).toMatchObject({ ok: false, code: 'signature.invalid' })
  }
  expect(verifyPath(SECRET, ['an-older-one-of-20-characters', SECRET])).toBeNull()
})
