import { describe, expect, test } from 'vitest'
import { MINUTE } from '../../src/clock.ts'
import { imageFault } from '../../src/sandbox/image-format.ts'
import { CUSTOMER, imageHost, jpeg, png, rgbPng, type Served, sandboxWorld } from './world.ts'

async function sendAndWait(served: Served, options: Parameters<typeof sandboxWorld>[0] = {}) {
  const host = await imageHost(() => served)
  const world = await sandboxWorld(options)
  world.karibu.customerWrites(CUSTOMER)
  const { json } = await world.image(`${host.url}/r.png`)
  await world.run(2000)
  return { host, world, detail: await world.detail(json.data.message_id) }
}

describe('the linked image', () => {
  test('is fetched after the answer, not before', async () => {
    const host = await imageHost(() => ({}))
    const world = await sandboxWorld()
    world.karibu.customerWrites(CUSTOMER)
    const { status, json } = await world.image(`${host.url}/r.png?v=1`)
    expect(status).toBe(202)
    await world.run(599)
    expect(host.hits).toEqual([])
    await world.run(1)
    expect(host.hits).toEqual(['/r.png?v=1'])
    expect(world.karibu.images()[0]?.fetchedBytes).toBe(rgbPng().length)
    expect(Buffer.from(world.karibu.imageOf(json.data.message_id)?.bytes ?? [])).toEqual(rgbPng())
  })

  test('is cached for 10 minutes by its full URL', async () => {
    const host = await imageHost(() => ({}))
    const world = await sandboxWorld()
    world.karibu.customerWrites(CUSTOMER)
    await world.image(`${host.url}/r.png`)
    await world.image(`${host.url}/r.png?v=2`)
    await world.run(600)
    await world.image(`${host.url}/r.png`)
    await world.run(9 * MINUTE)
    expect(host.hits.toSorted()).toEqual(['/r.png', '/r.png?v=2'])
    expect(world.karibu.images().every((image) => image.fetchedBytes !== null)).toBe(true)
    await world.run(MINUTE)
    await world.image(`${host.url}/r.png`)
    await world.run(600)
    expect(host.hits).toHaveLength(3)
  })

  test('that failed is asked for again by the next send', async () => {
    let status = 500
    const host = await imageHost(() => ({ status }))
    const world = await sandboxWorld()
    world.karibu.customerWrites(CUSTOMER)
    await world.image(`${host.url}/r.png`)
    await world.run(1000)
    status = 200
    await world.image(`${host.url}/r.png`)
    await world.run(1000)
    expect(host.hits).toHaveLength(2)
    expect(world.karibu.images().map((image) => image.errorCode)).toEqual(['131052', null])
  })

  test.each<[string, Served, string, RegExp]>([
    ['404', { status: 404 }, '131052', /http code 404/],
    ['500', { status: 500 }, '131052', /http code 500/],
    ['a redirect', { status: 302, headers: { location: '/other.png' } }, '131052', /http code 302/],
    ['HTML', { headers: { 'content-type': 'text/html' }, body: '<html>' }, '131053', /text\/html/],
    ['no Content-Type', { headers: {} }, '131053', /\(none\)/],
    ['more than 5 MB', { body: Buffer.concat([rgbPng(), Buffer.alloc(5 * 1024 * 1024)]) }, '131053', /5 MB/],
    ['other bytes', { body: 'not an image' }, '131053', /neither/],
    ['the wrong type', { headers: { 'content-type': 'image/jpeg' } }, '131053', /PNG, not/],
    ['16 bits', { body: png(16, 2) }, '131053', /16 bits/],
    ['a palette', { body: png(8, 3) }, '131053', /colour type 3/],
    ['CMYK', { headers: { 'content-type': 'image/jpeg' }, body: jpeg(8, 4) }, '131053', /4 components/],
    [
      'a cut-off download',
      { headers: { 'content-type': 'image/png', 'content-length': '100000' } },
      '131052',
      /failed/,
    ],
  ])('%s fails the message', async (_name, served, code, message) => {
    const { detail, host, world } = await sendAndWait(served)
    expect(detail).toMatchObject({ status: 'failed', error_code: code, error_message: expect.stringMatching(message) })
    expect(host.hits).toEqual(['/r.png'])
    expect(world.karibu.images()[0]?.fetchedBytes).toBeNull()
  })

  test('the two codes can be swapped', async () => {
    const switches = { mediaCodesSwapped: true }
    expect((await sendAndWait({ status: 404 }, { switches })).detail.error_code).toBe('131053')
    expect((await sendAndWait({ body: 'x' }, { switches })).detail.error_code).toBe('131052')
  })

  test('RGBA and JPEG are fine, parameters of the type too', async () => {
    expect((await sendAndWait({ body: png(8, 6) })).detail.status).toBe('delivered')
    const headers = { 'content-type': 'image/jpeg; charset=binary' }
    expect((await sendAndWait({ headers, body: jpeg(8, 3) })).detail.status).toBe('delivered')
  })

  test.each([
    ['plain http elsewhere', 'http://receipts.example/a.png'],
    ['a private address', 'https://10.0.0.1/a.png'],
    ['another scheme', 'ftp://receipts.example/a.png'],
    ['a closed port', 'http://127.0.0.1:9/a.png'],
  ])('at %s is accepted and fails as not downloadable', async (_name, url) => {
    const world = await sandboxWorld()
    world.karibu.customerWrites(CUSTOMER)
    expect((await world.image(url)).status).toBe(202)
    await world.run(1000)
    expect(world.karibu.images()[0]).toMatchObject({ status: 'failed', errorCode: '131052' })
  })

  test('on this machine fails too unless that is allowed', async () => {
    const { detail, host } = await sendAndWait({}, { allowLoopbackMedia: false })
    expect(detail.error_code).toBe('131052')
    expect(host.hits).toEqual([])
  })
})

test('a JPEG’s frame header is found behind other segments, and missing without one', () => {
  expect(imageFault(jpeg(8, 3), 'image/jpeg')).toBeNull()
  expect(imageFault(jpeg(8, 1), 'image/jpeg')).toMatch(/1 components/)
  expect(imageFault(jpeg(8, 3).subarray(0, 20), 'image/jpeg')).toMatch(/without a frame header/)
  expect(imageFault(new Uint8Array(0), 'image/png')).toMatch(/neither/)
})
