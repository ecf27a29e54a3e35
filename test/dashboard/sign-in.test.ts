import { expect, test } from 'vitest'
import { HOUR, MINUTE } from '../../src/clock.ts'
import { runTokenCreate } from '../../src/commands/token.ts'
import { safeBack } from '../../src/dashboard/gate.ts'
import { createIds } from '../../src/ids.ts'
import { keptLines } from '../support/kept-lines.ts'
import { API_TOKEN, testWorld } from '../support/world.ts'
import { signedIn, visitor } from './site.ts'

const FORM = '/dashboard/sign-in'

test('whoever is not signed in sees the form and nothing else, and comes back to where they wanted to go', async () => {
  const world = await testWorld()
  const one = visitor(world)
  const wanted = '/dashboard/messages?q=DUKA-0107'
  const asked = await one.get(wanted)
  expect([asked.status, asked.headers.location]).toEqual([303, `${FORM}?back=${encodeURIComponent(wanted)}`])
  const form = await one.get(String(asked.headers.location))
  expect(form.status).toBe(200)
  expect(form.text).toContain('<h1>Sign in</h1>')
  expect(form.text).toContain('value="/dashboard/messages?q=DUKA-0107"')
  const entered = await one.post(FORM, { token: ` ${API_TOKEN}\n`, back: wanted })
  expect([entered.status, entered.headers.location]).toEqual([303, wanted])
  expect((await one.get(wanted)).status).toBe(200)
  const again = await one.get(`${FORM}?back=${encodeURIComponent('https://evil.example/')}`)
  expect([again.status, again.headers.location]).toEqual([303, '/dashboard'])
  const endless = await visitor(world).get(`/dashboard/messages?q=${'%20'.repeat(4000)}`)
  expect([endless.status, endless.headers.location]).toEqual([303, `${FORM}?back=%2Fdashboard`])
})

test('only an address of a page of ours is gone back to, however it is written', () => {
  for (const ours of ['/dashboard', '/dashboard?a=b', '/dashboard/', '/dashboard/messages?q=%2F%2Fevil.example&x=//y'])
    expect(safeBack(ours)).toBe(ours)
  for (const other of [
    undefined,
    '',
    '//evil.example',
    '/\\evil.example',
    'https://evil.example/dashboard',
    '/dashboard.evil.example',
    '/dashboard/../../evil.example',
    '/dashboard/..//evil.example',
    '/dashboard/%2e%2e//evil.example',
    '/dashboard\\..\\evil',
    '/dashboard/\n//evil.example',
    '/dashboard/\t/evil.example ',
    'javascript:alert(1)',
    `/dashboard?q=${'x'.repeat(1000)}`,
  ])
    expect([other, safeBack(other)]).toEqual([other, '/dashboard'])
})

test('no address below /dashboard tells or does anything for whoever is not signed in', async () => {
  const world = await testWorld()
  const sections = [
    '',
    '/',
    '/messages',
    '/conversations',
    '/events',
    '/rules',
    '/rules/rehearsal',
    '/shops',
    '/nowhere',
  ]
  const single = ['/messages/msg_1', '/messages/msg_1/cancel', '/conversations/cnv_1', '/events/evt_1', '/pictures/x']
  for (const path of [...sections, ...single, '/sign-out', '/events/evt_1/replay']) {
    for (const answer of [
      await visitor(world).get(`/dashboard${path}`),
      await visitor(world).post(`/dashboard${path}`, { reason: 'x' }),
    ])
      expect([path, answer.status, answer.text, String(answer.headers.location).startsWith(FORM)]).toEqual([
        path,
        303,
        '',
        true,
      ])
  }
})

test('the session is a cookie no script and no other site can use, and only over https where we are there', async () => {
  const plain = await testWorld()
  const cookieOf = async (world: typeof plain) =>
    String((await visitor(world).post(FORM, { token: API_TOKEN })).headers['set-cookie'])
  expect(await cookieOf(plain)).toMatch(
    /^risiti_session=[\w-]{32}; Max-Age=43200; Path=\/dashboard; HttpOnly; SameSite=Strict$/,
  )
  const secure = await testWorld({ publicUrl: 'https://risiti.duka.example' })
  const cookie = await cookieOf(secure)
  expect(cookie).toMatch(/^__Secure-risiti_session=[\w-]{32}; /)
  expect(cookie).toMatch(/; HttpOnly; Secure; SameSite=Strict$/)
})

test('a wrong token is refused, then the address is told to wait, and a right one is not tried meanwhile', async () => {
  const { log, lines } = keptLines()
  const world = await testWorld({ log })
  const one = visitor(world)
  for (let tries = 0; tries < 10; tries++) {
    const { status, text } = await one.post(FORM, { token: `wrong-${tries}` })
    expect([status, text.includes('This token is not known')]).toEqual([401, true])
  }
  const limited = await one.post(FORM, { token: 'wrong-again' })
  expect([limited.status, Number(limited.headers['retry-after']) > 0]).toEqual([429, true])
  expect((await one.post(FORM, { token: API_TOKEN })).status).toBe(429)
  await world.run(MINUTE)
  expect((await one.post(FORM, { token: API_TOKEN })).status).toBe(303)
  expect(JSON.stringify(lines)).not.toMatch(/wrong-|test-token/)
  expect(lines.filter(({ name }) => name === 'dashboard.sign_in_refused')).toHaveLength(12)
})

test('a session ends after twelve hours, at signing out, and at once when its token is taken back', async () => {
  const world = await testWorld()
  const { clock, app } = world
  const one = await signedIn(world)
  await world.leap(12 * HOUR - MINUTE)
  expect((await one.get('/dashboard/messages')).status).toBe(200)
  await world.run(MINUTE)
  const over = await one.get('/dashboard/messages')
  expect([over.status, over.headers.location]).toEqual([303, `${FORM}?back=%2Fdashboard%2Fmessages&over=1`])
  expect((await one.get(String(over.headers.location))).text).toContain('You were signed out')

  const leaving = await signedIn(world)
  const stolen = new Map(leaving.cookies)
  expect((await leaving.post('/dashboard/sign-out', {})).headers.location).toBe(FORM)
  for (const [name, value] of stolen) leaving.cookies.set(name, value)
  expect((await leaving.get('/dashboard/messages')).status).toBe(303)

  const made = await runTokenCreate(
    { name: 'till', scopes: ['read'], json: true },
    { store: app.store, clock, ids: createIds(clock) },
  )
  const { id, token } = JSON.parse(made) as { id: string; token: string }
  const till = await signedIn(world, { token })
  expect((await till.get('/dashboard/messages')).status).toBe(200)
  await app.store.removeToken(id)
  expect((await till.get('/dashboard/messages')).status).toBe(303)
})

test('a live part of a page whose session is over sends the whole page to sign in', async () => {
  const world = await testWorld()
  const answer = await visitor(world).get('/dashboard/messages', { 'hx-request': 'true' })
  expect([answer.status, answer.headers['hx-redirect'], answer.text]).toEqual([204, `${FORM}?back=%2Fdashboard`, ''])
})

test('a form of another site changes nothing: no key, a wrong one, or another origin', async () => {
  const world = await testWorld()
  const one = await signedIn(world)
  const out = '/dashboard/sign-out'
  const refused = [
    await one.post(out, { form_key: '' }),
    await one.post(out, { form_key: 'x'.repeat(32) }),
    await one.post(out, {}, { 'sec-fetch-site': 'cross-site' }),
    await one.post(out, {}, { 'sec-fetch-site': 'same-site' }),
    await one.post(out, {}, { origin: 'https://evil.example' }),
    await one.post(out, {}, { origin: 'null' }),
  ]
  for (const { status, text } of refused) {
    expect(status).toBe(403)
    expect(text).toContain('This did not come from our page')
  }
  expect((await visitor(world).post(FORM, { token: API_TOKEN }, { 'sec-fetch-site': 'cross-site' })).status).toBe(403)
  expect((await one.get('/dashboard/messages')).status).toBe(200)
  expect((await one.post(out, {}, { origin: world.url, 'sec-fetch-site': 'same-origin' })).status).toBe(303)
})

test('pages come with a strict policy and no script or style of their own, and are kept nowhere', async () => {
  const world = await testWorld()
  const one = await signedIn(world)
  const paths = [
    FORM,
    '/dashboard/messages',
    '/dashboard/conversations',
    '/dashboard/nowhere',
    '/dashboard/messages/none',
  ]
  for (const path of paths) {
    const { headers, text, status } = await one.get(path)
    if (status === 303) continue
    const policy = String(headers['content-security-policy'])
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'")
    expect(policy).not.toContain('unsafe')
    expect([path, headers['cache-control']]).toEqual([path, 'no-store'])
    expect([path, /<style|style="|<script(?! src="\/dashboard\/assets\/)| on\w+="|javascript:/i.exec(text)]).toEqual([
      path,
      null,
    ])
    expect([path, text.match(/<h1>/g)?.length]).toEqual([path, 1])
  }
  const asset = /\/dashboard\/assets\/[\w/.]+pico\.css/.exec((await one.get('/dashboard/messages')).text)?.[0] ?? ''
  const file = await visitor(world).get(asset)
  expect([file.status, file.headers['cache-control']]).toEqual([200, 'public, max-age=31536000, immutable'])
  expect(file.text).not.toContain('data:')
  expect((await visitor(world).get('/dashboard/assets/0/package.json')).status).toBe(404)
})

test('the language is the browser’s until somebody chooses the other, and stays chosen', async () => {
  const world = await testWorld()
  const one = visitor(world, 'sw-TZ,sw;q=0.9')
  expect((await one.get(FORM)).text).toContain('<html lang="sw">')
  const chosen = await one.get(`/dashboard/language/en?back=${encodeURIComponent(FORM)}`)
  expect([chosen.status, chosen.headers.location]).toEqual([303, FORM])
  expect((await one.get(FORM)).text).toContain('<html lang="en">')
  expect((await one.get('/dashboard/language/xx?back=//evil.example')).headers.location).toBe('/dashboard')
  expect((await one.get(FORM)).text).toContain('<html lang="en">')
})
