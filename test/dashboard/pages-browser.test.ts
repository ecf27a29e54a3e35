import { expect } from 'vitest'
import { browserTest, expectAccessible, expectNoSideways, looksOr } from '../support/browser.ts'
import { API_TOKEN, paidOrder, testWorld, type World } from '../support/world.ts'
import { someTrade } from './some-trade.ts'

const PAGES = ['', '/events', '/rules', '/shops']

interface Signs {
  goto(address: string): Promise<unknown>
  fill(selector: string, text: string): Promise<void>
  click(selector: string): Promise<void>
}

async function signIn(world: World, page: Signs): Promise<void> {
  await page.goto(`${world.url}/dashboard/sign-in`)
  await page.fill('input[name=token]', API_TOKEN)
  await page.click('main button[type=submit]')
}

browserTest('overview, events, rules and shops fit their screen and can be used by anybody', async (browser) => {
  const world = await testWorld()
  await someTrade(world)
  const { body } = await world.get<{ items: { id: string }[] }>('/v1/events?limit=1')
  for (const look of looksOr({ width: 390, language: 'sw', dark: false })) {
    const page = await browser.open(look)
    await signIn(world, page)
    for (const path of [...PAGES, `/events/${body.items[0]?.id}`]) {
      await page.goto(`${world.url}/dashboard${path}`)
      const where = `${path} ${JSON.stringify(look)}`
      await expectNoSideways(page, where)
      await expectAccessible(page, where)
    }
  }
})

browserTest(
  'rules are rehearsed in the browser: a mistake is shown at the field, then what would have gone out',
  async (browser) => {
    const world = await testWorld()
    await someTrade(world)
    const page = await browser.open()
    // Its answer is a 400, which browsers write to the console.
    browser.forgive(/400 \(Bad Request\)/)
    await signIn(world, page)
    await page.goto(`${world.url}/dashboard/rules`)
    await page.fill('#rules', '- name: receipt\n  on: order.payed')
    await page.click('#rehearse button[type=submit]')
    expect(await page.textContent('#rules-faults')).toContain('did you mean order.paid?')
    await expectAccessible(page, 'rules with a mistake')
    await page.fill('#rules', '- name: receipt\n  on: order.paid\n  send: { image: receipt, caption: "Shukrani!" }')
    await page.click('main button[type=submit]')
    const shown = await page.textContent('main')
    expect(shown).toContain('With the changed rules.')
    expect(shown).toContain('DUKA-0107')
    await expectNoSideways(page, 'a rehearsal')
    await expectAccessible(page, 'a rehearsal')
  },
)

browserTest('an event is taken once more in the browser, without a script too', async (browser) => {
  const world = await testWorld()
  await world.shopSends('woocommerce', paidOrder())
  const page = await browser.open({ javaScript: false })
  await signIn(world, page)
  await page.goto(`${world.url}/dashboard/events`)
  await page.click('.row a')
  await page.click('summary:has-text("Take it once more")')
  await page.click('main button[type=submit]')
  expect(await page.textContent('main')).toContain('This is the new event')
})

browserTest('a shop’s address is copied by its button, which is not there without a script', async (browser) => {
  const world = await testWorld()
  const page = await browser.open({ context: { permissions: ['clipboard-read', 'clipboard-write'] } })
  await signIn(world, page)
  await page.goto(`${world.url}/dashboard/shops`)
  await page.click('button[data-copy=duka-address-0]')
  await page.waitForSelector('#duka-address-0-told:has-text("Copied.")')
  expect(await page.evaluate('navigator.clipboard.readText()')).toBe(`${world.url}/webhooks/duka`)
  const plain = await browser.open({ javaScript: false })
  await signIn(world, plain)
  await plain.goto(`${world.url}/dashboard/shops`)
  expect(await plain.isVisible('button[data-copy=duka-address-0]')).toBe(false)
  expect(await plain.inputValue('#duka-address-0')).toBe(`${world.url}/webhooks/duka`)
})

browserTest(
  'the numbers of the overview are renewed by themselves, but not while somebody reads a table in them',
  async (browser) => {
    const world = await testWorld()
    await someTrade(world)
    const page = await browser.open({ width: 1280 })
    await page.clock.install()
    await signIn(world, page)
    await page.goto(`${world.url}/dashboard`)
    const made = () => page.textContent('.tiles b')
    expect(await made()).toBe('3')
    await world.shopSends('woocommerce', paidOrder({ id: '10', number: 'DUKA-10' }))
    await page.clock.runFor(21_000)
    await page.waitForSelector('.tiles b:has-text("4")')
    await page.click('summary:has-text("As a table")')
    await world.shopSends('woocommerce', paidOrder({ id: '11', number: 'DUKA-11' }))
    await page.clock.runFor(21_000)
    expect(await made()).toBe('4')
    await page.click('summary:has-text("As a table")')
    await page.click('h1')
    await page.clock.runFor(21_000)
    await page.waitForSelector('.tiles b:has-text("5")')
  },
)
