import { Hono } from 'hono'
import { describe, expect, test } from 'vitest'
import { AppError } from '../../src/errors.ts'
import { createAuth, createTokens, hashToken } from '../../src/http/auth.ts'

const CONFIGURED = [
  { name: 'dashboard', scopes: ['read' as const], token: 'read-token' },
  { name: 'till', scopes: ['read' as const, 'send' as const], token: 'send-token' },
]

/** What each request meets: `in`, or the code it was refused with. */
function aGuardedApi() {
  const looked: string[] = []
  const tokens = createTokens({
    configured: CONFIGURED,
    find: async (hash) => {
      looked.push(hash)
      return hash === hashToken('stored-token') ? { name: 'made', scopes: ['read', 'admin'] } : undefined
    },
  })
  const require = createAuth(tokens)
  const web = new Hono()
  web.onError((error, c) => c.text(error instanceof AppError ? error.code : 'internal'))
  for (const scope of ['read', 'send', 'admin'] as const) web.get(`/${scope}`, require(scope), (c) => c.text('in'))
  const ask = async (scope: string, authorization?: string) => {
    const answer = await web.request(`/${scope}`, { headers: authorization === undefined ? {} : { authorization } })
    return answer.text()
  }
  return { ask, looked }
}

describe('Authorization', () => {
  test.each<[string, string, string]>([
    ['read', 'read-token', 'in'],
    ['send', 'read-token', 'auth.scope'],
    ['admin', 'read-token', 'auth.scope'],
    ['read', 'send-token', 'in'],
    ['send', 'send-token', 'in'],
    ['read', 'stored-token', 'in'],
    ['admin', 'stored-token', 'in'],
    ['send', 'stored-token', 'auth.scope'],
    ['read', 'no-such-token', 'auth.invalid'],
    ['read', 'read-token2', 'auth.invalid'],
    ['read', 'READ-TOKEN', 'auth.invalid'],
    ['read', hashToken('stored-token'), 'auth.invalid'],
  ])('%s with the token %s: %s', async (scope, token, expected) => {
    expect(await aGuardedApi().ask(scope, `Bearer ${token}`)).toBe(expected)
  })

  test.each([
    undefined,
    '',
    'Bearer',
    'Bearer ',
    'read-token',
    'Basic read-token',
    'Bearer read-token extra',
    'Token read-token',
    `Bearer ${'x'.repeat(501)}`,
  ])('%j is no token at all', async (header) => {
    expect(await aGuardedApi().ask('read', header)).toBe('auth.missing')
  })

  test('the word Bearer may be written in any case', async () => {
    expect(await aGuardedApi().ask('read', 'bearer read-token')).toBe('in')
  })

  test('a token of the configuration needs no look into the database, and no token reaches it as it is', async () => {
    const { ask, looked } = aGuardedApi()
    await ask('read', 'Bearer read-token')
    expect(looked).toEqual([])
    await ask('read', 'Bearer other')
    expect(looked).toEqual([hashToken('other')])
    expect(looked[0]).toMatch(/^[0-9a-f]{64}$/)
  })
})
