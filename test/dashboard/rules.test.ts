import { expect, test } from 'vitest'
import { ASHA, paidOrder, READ_TOKEN, testWorld } from '../support/world.ts'
import { signedIn } from './site.ts'

const HERE = '/dashboard/rules'
const RULES = `
  - name: receipt
    on: order.paid
    send: { image: receipt, caption: "Asante {{ customer.first_name }}!" }
  - name: big
    on: order.paid
    when: { shop: [duka, soko], currency: TZS, min_total: 500000 }
    if: order.items_count > 3
    send: { image: { url: "https://duka.example/a.png" }, caption: { sw: "Oda kubwa", en: "A big order" } }
    when_closed: skip
`
const SCREEN = `
api:
  tokens: [{ name: screen, token: "\${READ_TOKEN}", scopes: [read] }]
`
const said = (html: string) =>
  html
    .slice(html.indexOf('<main'))
    .replace(/<[^>]+>/g, ' ')
    .replaceAll('&quot;', '"')
    .replace(/\s+/g, ' ')

test('each rule is told in words: when, on what condition, what is sent, and what a closed window does', async () => {
  const world = await testWorld({ rules: RULES })
  const text = said((await (await signedIn(world)).get(HERE)).text)
  expect(text).toContain('When an order is paid Only if always Sends the receipt as a picture')
  expect(text).toContain('It waits until the customer writes, 3 days at most.')
  expect(text).toContain('the shop is Duka la Asha or Soko the currency is TZS the total is at least 500000')
  expect(text).toContain('this is true: order.items_count &gt; 3')
  expect(text).toContain('the picture at https://duka.example/a.png')
  expect(text).toContain('Text under it, in Swahili Oda kubwa Text under it, in English A big order')
  expect(text).toContain('It is not sent.')
  const swahili = said((await (await signedIn(world, { language: 'sw' })).get(HERE)).text)
  expect(swahili).toContain('Lini oda inapolipwa')
  expect(swahili).toContain('Husubiri hadi mteja aandike, siku 3 zaidi.')
})

test('a rehearsal in the browser tells rule by rule what changed rules would have sent, and sends nothing', async () => {
  const world = await testWorld({ rules: RULES })
  world.karibu.customerWrites(ASHA)
  await world.run(60_000)
  await world.shopSends('woocommerce', paidOrder())
  await world.run(60_000)
  const before = await world.messages()
  const one = await signedIn(world)
  const unchanged = said((await one.post(`${HERE}/rehearsal`, { since: '24h', shop: '', rules: '' })).text)
  expect(unchanged).toContain('With the rules that run. Events rehearsed since 19 Nov 2026, 12:02: 2.')
  expect(unchanged).toMatch(/receipt Same 1 as it was Would be: Sent 1/)
  expect(unchanged).toMatch(/big makes nothing in this time/)
  const rules = [
    '- name: receipt',
    '  on: order.paid',
    '  send: { image: receipt, caption: "Shukrani {{ customer.first_name }}!" }',
    '- name: thanks',
    '  on: order.paid',
    '  send: { image: receipt, caption: "Karibu tena" }',
  ].join('\r\n')
  const changed = await one.post(`${HERE}/rehearsal`, { since: '24h', shop: 'duka', rules })
  expect(changed.status).toBe(200)
  const text = said(changed.text)
  expect(text).toContain('With the changed rules.')
  expect(text).toMatch(
    /receipt Different 1 it would go otherwise than it went .*DUKA-0107 \+255 712 345 678 Different text/,
  )
  expect(text).toContain('Text it would have Shukrani Asha! Text it had Asante Asha!')
  expect(text).toMatch(/thanks New 1 these rules make it, and it was never made .*not made/)
  // What was pasted stands there to be changed further.
  expect(changed.text).toContain('Shukrani {{ customer.first_name }}!&quot;')
  expect(await world.messages()).toEqual(before)
})

test('what is wrong with pasted rules is told at the field, with its line, and nothing is rehearsed', async () => {
  const world = await testWorld({ rules: RULES })
  const one = await signedIn(world)
  const rules = '- name: receipt\n  on: order.payed\n  send: { image: receipt, caption: Asante }\n  when_close: hold'
  const { status, text } = await one.post(`${HERE}/rehearsal`, { since: '7d', shop: '', rules })
  expect(status).toBe(400)
  expect(text).toMatch(/<textarea id="rules"[^>]* aria-describedby="rules-faults" aria-invalid="true"/)
  expect(text).toMatch(/<div id="rules-faults" class="faults" role="alert">/)
  expect(said(text)).toContain('Line 2 , rules[0].on : must be')
  expect(said(text)).toContain('did you mean order.paid?')
  expect(said(text)).toContain('Line 4 , rules[0].when_close : there is no such key; did you mean when_closed?')
  expect(text).toContain('order.payed')
})

test('whoever may only read rehearses the rules that run, and no others', async () => {
  const world = await testWorld({ rules: RULES, settings: SCREEN })
  await world.shopSends('woocommerce', paidOrder())
  const screen = await signedIn(world, { token: READ_TOKEN })
  expect((await screen.get(HERE)).text).not.toContain('<textarea')
  expect((await screen.post(`${HERE}/rehearsal`, { since: '24h', shop: '' })).status).toBe(200)
  expect((await screen.post(`${HERE}/rehearsal`, { since: '24h', shop: '', rules: '- name: x' })).status).toBe(403)
})

test('a form that asks for what there is not is refused in words, and one without the session’s key at all', async () => {
  const world = await testWorld()
  const one = await signedIn(world)
  expect((await one.post(`${HERE}/rehearsal`, { since: '24h', shop: 'nobody' })).status).toBe(400)
  expect((await one.post(`${HERE}/rehearsal`, { since: '24h', rules: 'x'.repeat(60_001) })).status).toBe(400)
  expect((await one.post(`${HERE}/rehearsal`, { since: '24h', form_key: 'no' })).status).toBe(403)
  expect((await one.get(`${HERE}/rehearsal`)).headers['location']).toBe(`${HERE}#rehearse`)
})
