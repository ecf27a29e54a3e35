import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { SECOND } from '../../src/clock.ts'
import { browserTest, expectAccessible, expectNoSideways, looksOr } from '../support/browser.ts'
import { picture } from '../support/picture.ts'
import { ASHA, paidOrder, testWorld } from '../support/world.ts'

const tick = (page: Page, word: string) => page.locator('.bubble:not(.own) .meta', { hasText: word }).last().waitFor()

browserTest(
  'buy, write, receive and see the ticks turn, without a reload and without leaving the page',
  async ({ open }) => {
    const senders = [{ number: '255700000001', label: 'Duka la Asha' }]
    const world = await testWorld({ toyShop: true, sandbox: { senders } })
    const page = await open({ width: 1280, height: 900, context: { deviceScaleFactor: 0.7 } })
    await page.goto(`${world.karibu.url}/phone/${ASHA}`)
    await page.getByText('This customer has never written').waitFor()
    await page.getByLabel('How many: Kahawa ya Kilimanjaro').fill('2')
    expect(await page.locator('#total').textContent()).toBe('TSh 42,000')
    await page.getByRole('button', { name: 'Buy' }).click()
    await page.getByText('Asha Mwinyi’s window is closed').waitFor()
    expect(await page.locator('.posted .fine').count()).toBe(2)
    await world.run(5 * SECOND)
    await expectAccessible(page, 'a chat with a held receipt')

    await page.getByRole('textbox', { name: 'Message' }).fill('Habari, nimelipa')
    await page.keyboard.press('Enter')
    await page.locator('.bubble.own', { hasText: 'Habari, nimelipa' }).waitFor()
    expect(await page.getByRole('textbox', { name: 'Message' }).inputValue()).toBe('')
    await world.run(15 * SECOND)
    await page.getByText('Window open until tomorrow').waitFor()
    await page.locator('.bubble img').waitFor()
    await tick(page, 'Read')
    expect(
      await page
        .locator('.bubble img')
        .evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth),
    ).toBe(720)
    await page.getByText('Asha Mwinyi’s window is closed').waitFor({ state: 'detached' })
    await expectAccessible(page, 'a chat with a receipt')
    await picture(page, 'phone')

    await page.getByRole('switch', { name: 'Phone on' }).click()
    await page.getByText('The phone is off').waitFor()
    await page.getByRole('button', { name: 'Buy' }).click()
    await page.locator('.sale').nth(1).waitFor()
    await world.run(15 * SECOND)
    await tick(page, 'Sent')
    await page.getByRole('switch', { name: 'Phone on' }).click()
    await tick(page, 'Read')
    expect(await page.locator('.bubble img').count()).toBe(2)
  },
)

browserTest('every page fits its screen and passes axe', async ({ open }) => {
  const world = await testWorld({ toyShop: true })
  world.karibu.customerWrites(ASHA, { text: 'Habari' })
  for (const look of looksOr({ width: 1280, language: 'en', dark: false })) {
    const page = await open(look)
    for (const path of ['/phone', `/phone/${ASHA}`, '/phone/shop']) {
      await page.goto(world.karibu.url + path)
      const where = `${path} ${JSON.stringify(look)}`
      await expectAccessible(page, where)
      await expectNoSideways(page, where)
    }
  }
})

browserTest('without JavaScript one reads, writes and buys all the same', async ({ open }) => {
  const world = await testWorld({ toyShop: true })
  const page = await open({ javaScript: false })
  await page.goto(`${world.karibu.url}/phone`)
  await page.getByRole('link', { name: /Asha Mwinyi/ }).click()
  await page.getByRole('button', { name: 'Habari' }).click()
  await page.locator('.bubble.own', { hasText: 'Habari' }).waitFor()
  await page.getByRole('link', { name: 'Toy shop' }).click()
  await page.getByLabel('Customer').selectOption({ label: 'Asha Mwinyi' })
  await page.getByRole('button', { name: 'Buy' }).click()
  await page.getByText('Risiti answered 200').first().waitFor()
  await world.run(20 * SECOND)
  await page.goto(`${world.karibu.url}/phone/${ASHA}`)
  await tick(page, 'Delivered')
  await page.reload()
  await tick(page, 'Read')
  await page.getByRole('button', { name: 'Kiswahili' }).click()
  await tick(page, 'Imesomwa')
})

browserTest(
  'a page nobody looks at reads nothing, and one whose sandbox has ended says so',
  async ({ open, forgive }) => {
    forgive(/ERR_CONNECTION_REFUSED|Failed to fetch|htmx: htmx:error/)
    const world = await testWorld({ sandbox: { switches: { readsByItself: false } } })
    const page = await open()
    await page.goto(`${world.karibu.url}/phone/${ASHA}`)
    await page.getByRole('button', { name: 'Habari' }).click()
    await page.locator('.bubble.own').waitFor()
    const see = (hidden: boolean) =>
      page.evaluate(`Object.defineProperty(document, 'hidden', { configurable: true, get: () => ${hidden} })`)
    await see(true)
    const polls = () => world.karibu.requests()['GET /phone/:number{[1-9][0-9]{6,17}}/thread'] ?? 0
    await world.shopSends('woocommerce', paidOrder())
    await world.run(15 * SECOND)
    const before = polls()
    await page.waitForTimeout(1500)
    expect([polls() - before, world.karibu.messages().map((one) => one.status)]).toEqual([0, ['delivered']])
    await see(false)
    await tick(page, 'Read')

    const gone = page.getByRole('alert')
    await world.karibu.goDown()
    await gone.waitFor()
    await world.karibu.comeBack()
    await gone.waitFor({ state: 'hidden' })
  },
)
