import { join } from 'node:path'
import { expect } from 'vitest'
import { MINUTE } from '../../src/clock.ts'
import { browserTest } from '../support/browser.ts'
import { fillTown } from '../support/full-town.ts'
import { picture } from '../support/picture.ts'
import { API_TOKEN, START, testWorld } from '../support/world.ts'
import { someTrade } from './some-trade.ts'

browserTest(
  'a shopkeeper sees the day, and in four steps from signing in whether a customer has the receipt',
  async ({ open }) => {
    const world = await testWorld()
    fillTown(join(world.folder, 'data', 'risiti.db'), 1800, START - MINUTE)
    await someTrade(world)
    const desk = await open({ width: 1280, height: 900, context: { deviceScaleFactor: 0.8 } })
    await desk.goto(`${world.url}/dashboard`)
    await desk.getByLabel('API token').fill(API_TOKEN)
    await desk.keyboard.press('Enter')
    await desk.getByRole('heading', { name: 'Overview' }).waitFor()
    await picture(desk, 'overview')

    const phone = await open({ height: 1200 })
    await phone.goto(`${world.url}/dashboard`)
    await phone.getByLabel('API token').fill(API_TOKEN)
    await phone.keyboard.press('Enter')
    await phone.getByRole('searchbox').fill('0712 345 678')
    await phone.keyboard.press('Enter')
    await phone.getByRole('link', { name: 'DUKA-0107' }).click()
    await phone.getByText(/The customer read it today/).waitFor()
    const image = phone.getByRole('img', { name: 'Picture of the receipt of order DUKA-0107' })
    await expect
      .poll(() => image.evaluate((shown) => (shown as unknown as { naturalWidth: number }).naturalWidth))
      .toBe(720)
    await picture(phone, 'message')
  },
)
