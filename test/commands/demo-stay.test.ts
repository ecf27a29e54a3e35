import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { request } from 'undici'
import { expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../src/clock.ts'
import { runDemo } from '../../src/commands/demo/demo.ts'
import { createIds } from '../../src/ids.ts'
import { visit, wordsOf } from '../sandbox/phone-pages.ts'
import { eventually } from './program.ts'

const REHEMA = '255765000456'

test('the demo that stays shows a phone with a held receipt and a dashboard, and leaves nothing behind', async () => {
  const temporary = mkdtempSync(join(tmpdir(), 'risiti-stay-test-'))
  onTestFinished(() => rmSync(temporary, { recursive: true, force: true }))
  const lines: string[] = []
  const stop = new AbortController()
  onTestFinished(() => stop.abort())
  const ended = runDemo(
    { stay: true },
    {
      clock: systemClock,
      ids: createIds(systemClock),
      print: (line) => void lines.push(...line.split('\n')),
      temporary,
      signal: stop.signal,
    },
  )
  const found = (pattern: RegExp) =>
    eventually(String(pattern), () => lines.map((line) => pattern.exec(line)?.[1]).find((one) => one !== undefined))
  const token = await found(/token: (\S+)/)
  const karibu = await found(/(http:\S+)\/phone$/)
  const dashboard = await found(/(http:\S+\/dashboard)$/)

  const list = await visit(karibu, '/phone')
  expect(wordsOf(list.text)).toContain('Rehema has just paid, but has never written to the shop')
  expect(list.text).toContain(`<a href="${dashboard}">`)
  expect(list.text).toContain(`<code>${token}</code>`)
  expect((await request(dashboard)).statusCode).toBeLessThan(400)
  const statusesOf = async () => {
    const asked = await request(`${new URL(dashboard).origin}/v1/messages?to=${REHEMA}`, {
      headers: { authorization: `Bearer ${token}` },
    })
    const { items } = (await asked.body.json()) as { items: { status: string }[] }
    return items.map((one) => one.status)
  }
  await eventually('her receipt is held', async () => ((await statusesOf())[0] === 'held' ? true : undefined))
  const asha = () => visit(karibu, '/phone/255712345678/thread')
  await eventually(
    'another is unread until its chat is opened',
    async () =>
      /Asante Asha! Hii ni risiti ya oda T\d+, TSh 24,000\. (Delivered|Read)/.test(wordsOf((await asha()).text)) ||
      undefined,
  )

  await visit(karibu, `/phone/${REHEMA}/messages`, { form: { text: 'Habari' } })
  await eventually('it arrives', async () => {
    const { text } = await visit(karibu, `/phone/${REHEMA}/thread`)
    return /<img src="\/phone\/pictures\//.test(text) || undefined
  })
  expect(await statusesOf()).toHaveLength(1)

  stop.abort()
  expect(await ended).toBe(0)
  expect(readdirSync(temporary)).toEqual([])
  expect(existsSync(temporary)).toBe(true)
}, 60_000)
