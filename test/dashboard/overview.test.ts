import { expect, test } from 'vitest'
import { niceTop } from '../../src/dashboard/charts.tsx'
import { ASHA, paidOrder, testWorld } from '../support/world.ts'
import { signedIn } from './site.ts'
import { someTrade } from './some-trade.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** What a page says, without its marks. */
const said = (html: string) =>
  html
    .replace(/<(title|desc)\b[^>]*>.*?<\/\1>/g, ' ')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')

const tile = (text: string, label: string) =>
  new RegExp(`<span>(?:<a[^>]*>)?${label}(?:</a>)?</span><b>([\\d,]+)</b>`).exec(text)?.[1]

test('where nothing has come in yet, the first page tells what to do first, in both languages', async () => {
  const world = await testWorld()
  const english = await (await signedIn(world)).get('/dashboard')
  expect(english.status).toBe(200)
  expect(said(english.text)).toContain('Three steps to the first receipt')
  expect(english.text).toContain('href="/dashboard/shops"')
  const swahili = await (await signedIn(world, { language: 'sw' })).get('/dashboard')
  expect(said(swahili.text)).toContain('Hatua tatu hadi risiti ya kwanza')
})

test('the first page counts today as the messages stand, and links to what waits', async () => {
  const world = await testWorld()
  await someTrade(world)
  const one = await signedIn(world)
  const { text } = await one.get('/dashboard')
  const statuses = (await world.messages()).map(({ status }) => status)
  expect(statuses.toSorted()).toEqual(['held', 'read', 'skipped'])
  expect(
    ['Made', 'Delivered', 'Read', 'Waiting for the customer', 'Not sent'].map((label) => tile(text, label)),
  ).toEqual(['3', '1', '1', '1', '1'])
  expect(said(text)).toContain('Held: 1')
  expect(said(text)).toContain('None expires within 6 hours')
  expect(text).toContain('href="/dashboard/messages?status=held"')
  expect(said(text)).toContain('The order has no phone number. Make the phone a required field')
  expect(text).toContain('href="/dashboard/messages?status=skipped&amp;since=7d"')
  // Each chart has its words: a title, a description and a table.
  expect(text).toMatch(/<title id="hours-title">Deliveries per hour<\/title><desc id="hours-desc">Delivered: 1 of 3\./)
  expect(text).toMatch(
    /<desc id="funnel-desc">Queued: 3 · 100%; Sent: 1 · 33%; Delivered: 1 · 33%; Read: 1 · 33%<\/desc>/,
  )
  expect(text.match(/As a table/g)).toHaveLength(2)
  expect(text).not.toMatch(/ style=|<script>|onclick=/)
})

test('what is held and expires soon is named before it does', async () => {
  const world = await testWorld()
  await someTrade(world)
  await world.leap(72 * HOUR - 5 * HOUR)
  const { text } = await (await signedIn(world)).get('/dashboard')
  expect(said(text)).toContain('Expiring within 6 hours: 1')
  expect(said(text)).toMatch(/DUKA-8 · Juma expires in 4 hours/)
})

test('the numbers alone are given for what is renewed by itself', async () => {
  const world = await testWorld()
  await someTrade(world)
  const one = await signedIn(world)
  const { text } = await one.get('/dashboard', { 'hx-request': 'true' })
  expect(text).toMatch(/^<div id="numbers"/)
  expect(tile(text, 'Made')).toBe('3')
  expect(text).not.toContain('<html')
})

test('a failure stands there with what to do about it, and leads to the messages it struck', async () => {
  const world = await testWorld()
  world.karibu.customerWrites(ASHA)
  await world.run(MINUTE)
  world.karibu.nextSend({ failAsync: 131026 })
  await world.shopSends('woocommerce', paidOrder())
  await world.run(10 * MINUTE)
  const one = await signedIn(world)
  const { text } = await one.get('/dashboard')
  expect(said(text)).toContain('This phone cannot get WhatsApp messages. Check the number with the customer')
  const href = '/dashboard/messages?status=failed&since=7d&error_code=whatsapp.131026'
  expect(text).toContain(`href="${href.replaceAll('&', '&amp;')}"`)
  expect((await one.get(href)).text).toContain('DUKA-0107')
  expect(said((await (await signedIn(world, { language: 'sw' })).get('/dashboard')).text)).toContain(
    'Simu hii haiwezi kupokea ujumbe wa WhatsApp',
  )
})

test('a sender that rests, a list that is refused and a full disk are told before all that works', async () => {
  let free = 1e12
  const world = await testWorld({ freeDisk: async () => free })
  world.karibu.customerWrites(ASHA)
  await world.run(MINUTE)
  const fine = said((await (await signedIn(world)).get('/dashboard')).text)
  expect(fine).toContain('Our number +255 700 000 001 sends')
  expect(fine).toContain('What customers write is read')
  expect(fine).toContain('What is due is sent: last looked')
  expect(fine).toContain('Statuses that did not come are asked for')
  expect(fine).toContain('1,000 GB are free on the disk')

  world.karibu.nextSend({ http: 401, times: 5 })
  await world.shopSends('woocommerce', paidOrder())
  await world.run(5_000)
  free = 1000
  await world.run(MINUTE)
  const { text } = await (await signedIn(world)).get('/dashboard')
  const health = said(text.slice(text.indexOf('Is everything working?')))
  expect(health).toMatch(/Act Our number \+255 700 000 001 rests until \d\d:\d\d/)
  expect(health).toContain('The disk is almost full')
  expect(health.lastIndexOf('Act ')).toBeLessThan(health.indexOf('Fine '))
})

test('numbers of an axis are round, and never nothing', () => {
  expect([0, 1, 3, 5, 7, 99, 139, 2_600].map(niceTop)).toEqual([1, 1, 4, 6, 10, 100, 200, 4000])
})
