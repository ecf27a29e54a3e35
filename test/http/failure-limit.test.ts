import { Hono } from 'hono'
import { expect, test } from 'vitest'
import { MINUTE, SECOND } from '../../src/clock.ts'
import { addressOf } from '../../src/http/address.ts'
import { createFailureLimit } from '../../src/http/failure-limit.ts'

test('sixty failures a minute are free; then one a second', () => {
  let now = 1_000_000
  const limit = createFailureLimit({ now: () => now })
  const fail = () => limit.failed('198.51.100.7')
  for (let count = 0; count < 60; count++) expect(fail()).toBe(0)
  expect(fail()).toBe(1)
  expect(limit.failed('198.51.100.8')).toBe(0)
  now += SECOND
  expect([fail(), fail()]).toEqual([0, 1])
  now += MINUTE
  for (let count = 0; count < 60; count++) expect(fail()).toBe(0)
})

test('a clock that was set back locks nobody out, and a flood of addresses only pushes out the oldest', () => {
  let now = 1_000_000_000
  const limit = createFailureLimit({ now: () => now })
  for (let count = 0; count < 61; count++) limit.failed('a')
  now -= 500_000_000
  expect(limit.failed('a')).toBe(1)
  now += SECOND
  expect(limit.failed('a')).toBe(0)
  expect(limit.failed('a')).toBe(1)
  for (let count = 0; count < 10_000; count++) limit.failed(`b${count}`)
  expect(limit.failed('a')).toBe(0)
})

test('only a proxy on this machine is believed about whom it speaks for', async () => {
  const web = new Hono().get('/', (c) => c.text(addressOf(c)))
  const from = async (remoteAddress: string | null, forwarded?: string) => {
    const headers: Record<string, string> = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }
    return (await web.request('/', { headers }, { remoteAddress })).text()
  }
  expect(await from('198.51.100.7')).toBe('198.51.100.7')
  expect(await from('198.51.100.7', '203.0.113.9')).toBe('198.51.100.7')
  expect(await from('127.0.0.1', '203.0.113.9')).toBe('203.0.113.9')
  expect(await from('::ffff:127.0.0.1', '10.0.0.1, 203.0.113.9')).toBe('203.0.113.9')
  expect(await from('::1', 'who knows')).toBe('0:0:0:0::/64')
  expect(await from('::ffff:198.51.100.7')).toBe('198.51.100.7')
  expect(await from('2001:db8:1:2:3:4:5:6')).toBe(await from('2001:db8:1:2::9'))
  expect(await from(null, '203.0.113.9')).toBe('unknown')
})
