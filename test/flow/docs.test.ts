import { request } from 'undici'
import { expect, test } from 'vitest'
import { browserTest, expectNoSideways } from '../support/browser.ts'
import { API_TOKEN, ASHA, paidOrder, testWorld } from '../support/world.ts'

test('/docs names files of our own alone, which browsers may keep for good', async () => {
  const world = await testWorld()
  const page = await request(`${world.url}/docs`)
  expect([page.statusCode, page.headers['cache-control']]).toEqual([200, 'no-cache'])
  const policy = String(page.headers['content-security-policy'])
  expect(policy).not.toMatch(/unsafe|https?:|\*/)
  const html = await page.body.text()
  const files = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address = '']) => address)
  expect(files).toHaveLength(6)
  for (const address of files.filter((file) => file !== 'openapi.json')) {
    expect(address).toMatch(/^docs\/[\w.-]+\?v=[0-9a-f]{12}$/)
    const { statusCode, headers, body } = await request(`${world.url}/${address}`)
    const bytes = await body.arrayBuffer()
    expect([address, statusCode, headers['cache-control'], headers['content-length']]).toEqual([
      address,
      200,
      'public, max-age=31536000, immutable',
      String(bytes.byteLength),
    ])
    const old = await request(`${world.url}/${address.replace(/v=.*/, 'v=older')}`)
    await old.body.dump()
    expect(old.headers['cache-control']).toBe('no-cache')
  }
  const { statusCode } = await request(`${world.url}/docs/package.json`)
  expect(statusCode).toBe(404)
})

browserTest(
  '/docs: the reference opens an operation, asks this service with a token, and shows its answer',
  async (browser) => {
    const world = await testWorld()
    world.karibu.customerWrites(ASHA)
    await world.run(15_000)
    await world.shopSends('woocommerce', paidOrder())
    await world.run(15_000)
    const page = await browser.open({ width: 1280, height: 1000 })
    const strangers: string[] = []
    page.on('request', (asked) => {
      if (!asked.url().startsWith(world.url) && !asked.url().startsWith('data:')) strangers.push(asked.url())
    })
    await page.goto(`${world.url}/docs`)
    await page.getByRole('button', { name: 'Authorize' }).first().click()
    await page.locator('.auth-container input').fill(API_TOKEN)
    await page.locator('.auth-container button[type=submit]').click()
    await page.locator('.btn-done').click()
    const list = page.locator('#operations-Messages-listMessages')
    await list.locator('.opblock-summary-control').click()
    await list.getByRole('button', { name: 'Execute' }).click()
    await list.locator('.live-responses-table .response-col_status').getByText('200').waitFor()
    expect(await list.locator('.live-responses-table .highlight-code').first().textContent()).toContain('DUKA-0107')
    if (process.env['PICTURES']) await page.screenshot({ path: `${process.env['PICTURES']}/docs-wide.png` })
    await page.getByText('Every code').click()
    expect(await page.locator('details td', { hasText: 'message.not_possible' }).isVisible()).toBe(true)
    expect(strangers).toEqual([])

    const phone = await browser.open({ dark: true })
    await phone.goto(`${world.url}/docs#/Messages/sendMessage`)
    await phone.locator('#operations-Messages-sendMessage .body-param textarea').waitFor()
    expect(await phone.locator('#operations-Messages-sendMessage .body-param textarea').inputValue()).toContain(
      'DUKA-0107',
    )
    if (process.env['PICTURES']) await phone.screenshot({ path: `${process.env['PICTURES']}/docs-phone.png` })
    await expectNoSideways(phone, '/docs on a phone')
  },
)
