import { join } from 'node:path'
import { expect } from 'vitest'
import { HOUR } from '../../src/clock.ts'
import { browserTest, expectAccessible, expectNoSideways, looksOr } from '../support/browser.ts'
import { fillTown } from '../support/full-town.ts'
import { API_TOKEN, ASHA, paidOrder, START, testWorld } from '../support/world.ts'

browserTest('a shopkeeper signs in, finds a message by phone, and watches it go out and be read', async ({ open }) => {
  const world = await testWorld()
  fillTown(join(world.folder, 'data', 'risiti.db'), 60, START - 60_000)
  await world.shopSends('woocommerce', paidOrder())
  const page = await open()
  await page.clock.install()
  await page.goto(`${world.url}/dashboard/messages`)
  await expectAccessible(page, 'sign-in')
  await page.getByLabel('API token').fill(API_TOKEN)
  await page.keyboard.press('Enter')
  await page.waitForURL('**/dashboard/messages')
  await expectAccessible(page, 'messages')
  await expectNoSideways(page, 'messages')

  await page.getByRole('searchbox').fill('0712 345 678')
  await page.keyboard.press('Enter')
  await page.waitForURL(/[?&]q=/)
  await page.locator('.badge').getByText('Held').waitFor()
  const row = page.getByRole('listitem').filter({ hasText: 'DUKA-0107' })
  expect(await row.count()).toBe(1)
  const told = async (text: string) => {
    await page.clock.fastForward(6000)
    await page.getByText(text).first().waitFor()
  }
  await row.getByRole('link').click()
  await page.getByRole('heading', { name: 'Order DUKA-0107' }).waitFor()
  await page.getByText('The customer has never written to this number').waitFor()
  await expectAccessible(page, 'held')

  world.karibu.customerWrites(ASHA)
  await world.run(60_000)
  await told('The customer read it today 12:00.')
  await told('Attempt 1: Karibu took it on')
  const width = await page
    .getByRole('img', { name: 'Picture of the receipt of order DUKA-0107' })
    .evaluate(async (image) => {
      const { decode, naturalWidth } = image as unknown as { decode(): Promise<void>; naturalWidth: number }
      await decode.call(image)
      return naturalWidth
    })
  expect(width).toBeGreaterThan(300)
  await expectAccessible(page, 'read')
  await expectNoSideways(page, 'read')
})

browserTest(
  'a message is cancelled and sent again by hand, with the keyboard alone and without JavaScript',
  async ({ open }) => {
    const world = await testWorld()
    await world.shopSends('woocommerce', paidOrder())
    const page = await open({ javaScript: false, width: 1280 })
    await page.goto(`${world.url}/dashboard/messages`)
    await page.locator('#token:focus').waitFor()
    await page.keyboard.type(API_TOKEN)
    await page.keyboard.press('Enter')
    await page.waitForURL('**/dashboard/messages')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    expect(page.url()).toContain('#content')
    await page.getByRole('link', { name: 'DUKA-0107' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Cancel' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Cancel this message?' }).waitFor()
    await page.getByLabel('Reason').fill('ordered twice')
    await page.keyboard.press('Enter')
    await page.getByRole('status').getByText('It is cancelled.').waitFor()

    await page.getByRole('button', { name: 'Send again' }).click()
    await page.getByLabel('Reason').fill('they want it after all')
    await page.getByRole('button', { name: 'Send again' }).click()
    await page.getByRole('status').getByText('It is in the queue again.').waitFor()
    await world.run(1000)
    expect((await world.messages()).map(({ status }) => status)).toEqual(['held'])
  },
)

browserTest(
  'a link that stands elsewhere opens its page for whoever is signed in, and asks others to sign in',
  async ({ open }) => {
    const world = await testWorld()
    const page = await open()
    const link = `${world.url}/dashboard/conversations`
    await page.route('http://elsewhere.example/', (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: `<!doctype html><link rel="icon" href="data:,"><a href="${link}">receipts</a>`,
      }),
    )
    const follow = async () => {
      await page.goto('http://elsewhere.example/')
      await page.getByRole('link', { name: 'receipts' }).click()
    }
    await follow()
    await page.getByLabel('API token').fill(API_TOKEN)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Conversations', exact: true }).waitFor()
    await follow()
    await page.getByRole('heading', { name: 'Conversations', exact: true }).waitFor()
    expect(page.url()).toBe(link)
  },
)

browserTest(
  'a page left open says when its session is over, and is there again after signing in',
  async ({ open, forgive }) => {
    const world = await testWorld()
    await world.shopSends('woocommerce', paidOrder())
    const page = await open()
    await page.clock.install()
    const address = `${world.url}/dashboard/messages?status=held`
    await page.goto(address)
    const enter = async () => {
      await page.getByLabel('API token').fill(API_TOKEN)
      await page.keyboard.press('Enter')
      await page.getByRole('link', { name: 'DUKA-0107' }).waitFor()
    }
    await enter()
    forgive(/500/)
    await page.route('**/dashboard/messages?*', (route) => route.fulfill({ status: 500, body: 'a proxy’s own words' }))
    await page.clock.fastForward(6000)
    await page.waitForResponse('**/dashboard/messages?*')
    await page.unroute('**/dashboard/messages?*')
    expect(await page.getByRole('link', { name: 'DUKA-0107' }).count()).toBe(1)
    await world.leap(12 * HOUR)
    await page.clock.fastForward(6000)
    await page.getByText('You were signed out').waitFor()
    await enter()
    expect(page.url()).toBe(address)
  },
)

browserTest('a page nobody looks at asks for nothing, and goes on when somebody does', async ({ open }) => {
  const world = await testWorld()
  const page = await open()
  await page.clock.install()
  await page.goto(`${world.url}/dashboard/messages`)
  await page.getByLabel('API token').fill(API_TOKEN)
  await page.keyboard.press('Enter')
  await page.getByText('No receipts yet').waitFor()
  const asked: string[] = []
  page.on('request', (request) => asked.push(request.url()))
  const see = (hidden: boolean) =>
    page.evaluate(`Object.defineProperty(document, 'hidden', { configurable: true, get: () => ${hidden} })`)
  await see(true)
  await world.shopSends('woocommerce', paidOrder())
  await page.clock.runFor(60_000)
  expect(asked).toEqual([])
  await see(false)
  await page.clock.runFor(6000)
  await page.getByRole('link', { name: 'DUKA-0107' }).waitFor()
})

browserTest('messages and conversations fit their screen and can be used by anybody', async ({ open }) => {
  const world = await testWorld()
  fillTown(join(world.folder, 'data', 'risiti.db'), 60, START - 60_000)
  for (const look of looksOr({ width: 390, language: 'sw', dark: true })) {
    const page = await open(look)
    await page.goto(`${world.url}/dashboard/conversations`)
    await page.locator('#token').fill(API_TOKEN)
    await page.keyboard.press('Enter')
    await page.waitForURL('**/dashboard/conversations')
    const see = async (what: string) => {
      await expectAccessible(page, `${what} ${JSON.stringify(look)}`)
      await expectNoSideways(page, `${what} ${JSON.stringify(look)}`)
    }
    await see('conversations')
    await page.locator('.row a').first().click()
    await page.locator('#window').waitFor()
    await see('a conversation')
    await page.goto(`${world.url}/dashboard/messages?status=failed`)
    await see('failed messages')
    await page.locator('.row a').first().click()
    await page.locator('#timeline').waitFor()
    await see('a failed message')
  }
})
