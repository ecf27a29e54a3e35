import { expect, test } from 'vitest'
import { paidOrder, SECRETS, testWorld } from '../support/world.ts'
import { signedIn } from './site.ts'

const HERE = '/dashboard/shops'
const GATEWAY = `
  malipo:
    platform: azampay
    path_secrets: ["\${MALIPO_PATH}"]
    credentials: { app_name: "\${AZAM_APP}", client_id: "\${AZAM_ID}", client_secret: "\${AZAM_SECRET}" }
    country: TZ
    brand: { name: Malipo ya Asha }
`
const VALUES = {
  MALIPO_PATH: 'a-path-that-nobody-can-guess',
  AZAM_APP: 'value-of-the-app-name',
  AZAM_ID: 'value-of-the-client-id',
  AZAM_SECRET: 'value-of-the-client-secret',
}
const said = (html: string) => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ')

test('each shop shows its address to copy, the names of its secrets and how it is set up; no secret’s value anywhere', async () => {
  const world = await testWorld({ shops: GATEWAY, env: VALUES })
  const one = await signedIn(world)
  const { text } = await one.get(HERE)
  for (const address of ['duka', 'soko', 'mtandao', 'malipo/{MALIPO_PATH}', 'karibu']) {
    expect(text).toMatch(new RegExp(`<input id="[\\w-]+" value="${world.url}/webhooks/${address}" readonly`))
  }
  for (const name of ['WOO', 'WOO_OLD', 'SHOPIFY', 'STANDARD', ...Object.keys(VALUES)]) {
    expect(text).toContain(`<code>${name}</code>`)
  }
  expect(said(text)).toContain('api_key not set, optional')
  expect(said(text)).toContain('Secret: the value of WOO.')
  expect(text).toContain(`value="${world.url}/claim/duka/{order}?key={order_key}"`)
  for (const path of [HERE, '/dashboard', '/dashboard/rules', '/dashboard/events']) {
    const page = (await one.get(path)).text
    for (const value of [...Object.values(SECRETS), ...Object.values(VALUES), 'an-older-secret']) {
      expect([path, page.includes(value)]).toEqual([path, false])
    }
  }
})

test('a shop that told something shows when and what, one that did not says so, and one that fell silent is marked', async () => {
  const world = await testWorld({ sokoSettings: 'silence_alarm: 6h' })
  await world.shopSends('shopify', paidOrder({ id: '77', number: '#9001', country: 'KE', currency: 'KES' }))
  await world.run(10 * 60_000)
  const one = await signedIn(world)
  const cardOf = async (shop: string) => {
    const { text } = await one.get(HERE)
    return said(text.slice(text.indexOf(`id="${shop}"`)).split('<section')[0] ?? '')
  }
  expect(await cardOf('soko')).toMatch(/As usual .*Last delivery today 12:00 Last event Order paid/)
  expect(await cardOf('duka')).toMatch(/Has told nothing yet .*Last delivery none yet/)
  await world.run(7 * 3_600_000)
  expect(await cardOf('soko')).toContain('Silent for longer than usual')
  expect(said((await one.get('/dashboard')).text)).toContain('Silent for longer than usual: look at its webhook')
})
