import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import { request } from 'undici'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createImageFetcher, type FetchImage } from '../../src/receipts/fetch-image.ts'
import { BlockedAddressError, guardedAgent } from '../../src/receipts/guarded-agent.ts'
import { isPublicAddress } from '../../src/receipts/public-address.ts'
import { fakeJpeg, fakePng } from './png-facts.ts'

const png = fakePng({ width: 720, height: 900 })

/** What a path of the test server answers. */
const answers: Record<string, (response: ServerResponse) => void> = {
  '/good.png': (response) => response.end(png),
  '/good.jpg': (response) => response.setHeader('content-type', 'text/plain').end(fakeJpeg()),
  '/page': (response) => response.end('<!doctype html><svg width="9" height="9">'),
  '/palette': (response) => response.end(fakePng({ colorType: 3 })),
  '/empty': (response) => response.end(),
  '/missing': (response) => response.writeHead(404).end('no'),
  '/broken': (response) => response.writeHead(500).end(png),
  '/partial': (response) => response.writeHead(206).end(png),
  '/said-large': (response) => response.writeHead(200, { 'content-length': 6_000_000 }).write(png),
  '/cut': (response) => {
    response.writeHead(200, { 'content-length': png.byteLength * 2 }).write(png)
    setTimeout(() => response.destroy(), 20)
  },
  '/endless': (response) => {
    const more = () => {
      while (response.write(Buffer.alloc(65_536)));
    }
    response.on('drain', more)
    more()
  },
  '/silent': () => {},
  '/drip': (response) => {
    const drip = setInterval(() => response.write('x'), 30)
    response.on('close', () => clearInterval(drip))
  },
  '/hop1': to('/hop2'),
  '/hop2': to('/hop3'),
  '/hop3': to('/good.png'),
  '/hop0': to('/hop1'),
  '/loop': to('/loop'),
  '/nowhere': (response) => response.writeHead(302).end(),
  '/to-private': to('http://10.0.0.1/x.png'),
  '/to-metadata': to('http://169.254.169.254/latest/meta-data/'),
  '/to-private-https': to('https://10.0.0.1/x.png'),
  '/to-mapped': to('https://[::ffff:169.254.169.254]/x.png'),
  '/to-other-port': (response) => to(`http://127.0.0.1:${port + 1}/good.png`)(response),
  '/to-other-name': (response) => to(`http://localhost:${port}/good.png`)(response),
  '/to-user': (response) => to(`http://me:secret@127.0.0.1:${port}/good.png`)(response),
  '/to-file': to('file:///etc/passwd'),
  '/to-data': to('data:image/png;base64,AAAA'),
}

function to(location: string) {
  return (response: ServerResponse) => response.writeHead(302, { location }).end()
}

let server: Server
let port: number
let connections = 0

beforeAll(async () => {
  server = createServer((incoming, response) => answers[incoming.url ?? '']?.(response))
  server.on('connection', () => connections++)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  port = typeof address === 'object' && address ? address.port : 0
})

afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const fetchHere: FetchImage = (url) => createImageFetcher({ allow: [local('')], timeoutMs: 1000 })(url)
const fetchPublic = createImageFetcher({ allow: [], timeoutMs: 1000 })
const local = (path: string) => `http://127.0.0.1:${port}${path}`

describe('from the one private address that is allowed', () => {
  test('a PNG and a JPEG arrive whole, their type read from their bytes', async () => {
    expect(await fetchHere(local('/good.png'))).toEqual({ bytes: Buffer.from(png), type: 'image/png' })
    expect((await fetchHere(local('/good.jpg'))).type).toBe('image/jpeg')
  })

  test.each([
    ['/page', 'image.not_an_image', /neither a PNG nor a JPEG/],
    ['/palette', 'image.not_an_image', /palette/],
    ['/empty', 'image.not_an_image', /neither/],
    ['/missing', 'image.unreachable', /answered 404/],
    ['/broken', 'image.unreachable', /answered 500/],
    ['/partial', 'image.unreachable', /answered 206/],
    ['/cut', 'image.unreachable', /could not be reached/],
    ['/said-large', 'image.too_large', /5 MB/],
    ['/endless', 'image.too_large', /5 MB/],
    ['/silent', 'image.unreachable', /too long/],
    ['/drip', 'image.unreachable', /too long/],
    ['/nowhere', 'image.unreachable', /nowhere/],
    ['/loop', 'image.unreachable', /more than 3 times/],
    ['/hop0', 'image.unreachable', /more than 3 times/],
    ['/to-private', 'image.blocked_address', /https/],
    ['/to-metadata', 'image.blocked_address', /https/],
    ['/to-private-https', 'image.blocked_address', /public internet/],
    ['/to-mapped', 'image.blocked_address', /public internet/],
    ['/to-other-port', 'image.blocked_address', /https/],
    ['/to-other-name', 'image.blocked_address', /https/],
    ['/to-user', 'image.blocked_address', /user name/],
    ['/to-file', 'image.blocked_address', /https/],
    ['/to-data', 'image.blocked_address', /https/],
  ])('%s is %s', async (path, code, message) => {
    await expect(fetchHere(local(path))).rejects.toMatchObject({ code, message: expect.stringMatching(message) })
  })

  test('three redirects are followed', async () => {
    expect((await fetchHere(local('/hop1'))).type).toBe('image/png')
  })

  test('a server that is not there is unreachable, and no address is told', async () => {
    const url = 'http://127.0.0.1:1/secret-token.png'
    const fetchThere = createImageFetcher({ allow: ['http://127.0.0.1:1'], timeoutMs: 1000 })
    const error = await fetchThere(url).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'image.unreachable', cause: undefined })
    expect(String(error)).not.toContain('secret-token')
  })
})

describe('from anywhere else', () => {
  test.each([
    'https://127.0.0.1/x.png',
    'https://localhost/x.png',
    'https://[::1]/x.png',
    'https://[::ffff:127.0.0.1]/x.png',
    'https://2130706433/x.png',
    'https://0x7f000001/x.png',
    'https://127.1/x.png',
    'https://0177.0.0.1/x.png',
    'https://017700000001/x.png',
    'https://0xa9fea9fe/latest/meta-data/',
    'https://2852039166/latest/meta-data/',
    'https://[::ffff:a9fe:a9fe]/latest/meta-data/',
    'https://[::127.0.0.1]/x.png',
    'https://[64:ff9b::169.254.169.254]/x.png',
    'https://[64:ff9b:1::a00:1]/x.png',
    'https://[2002:7f00:1::]/x.png',
    'https://[2002:a9fe:a9fe::1]/x.png',
    'https://[fec0::1]/x.png',
    'https://[fd00:ec2::254]/latest/meta-data/',
    'https://[fe80::1]/x.png',
    'https://[2001:0:7f00:1::]/x.png',
    'https://metadata.google.internal@8.8.8.8/x.png',
    'https://8.8.8.8@127.0.0.1/x.png',
    'https://me:secret@8.8.8.8/x.png',
    'https://8.8.8.8:22/x.png',
    'https://127.0.0.1:443/x.png',
    'data:image/png;base64,iVBORw0KGgo=',
    'javascript:alert(1)',
    'gopher://8.8.8.8/x.png',
    'blob:https://8.8.8.8/x',
    '//8.8.8.8/x.png',
    'https://0.0.0.0/x.png',
    'https://10.0.0.1/x.png',
    'https://169.254.169.254/latest/meta-data/',
    'https://8.8.8.8:8443/x.png',
    'http://8.8.8.8/x.png',
    'ftp://8.8.8.8/x.png',
    'file:///etc/passwd',
    'nonsense',
  ])('%s is blocked', async (url) => {
    await expect(fetchPublic(url)).rejects.toMatchObject({ code: 'image.blocked_address' })
  })

  test('nothing even connects, by address or by name', async () => {
    const dispatcher = guardedAgent({ allow: [], timeoutMs: 1000 })
    const before = connections
    for (const host of ['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]']) {
      await expect(request(`http://${host}:${port}/good.png`, { dispatcher })).rejects.toThrow(BlockedAddressError)
    }
    await expect(request('http://localhost/good.png', { dispatcher })).rejects.toThrow(BlockedAddressError)
    expect(connections).toBe(before)
  })
})

test.each([
  ['8.8.8.8', true],
  ['2606:4700::1', true],
  ['::ffff:8.8.8.8', true],
  ['127.0.0.1', false],
  ['10.1.2.3', false],
  ['172.16.0.1', false],
  ['192.168.1.1', false],
  ['100.64.0.1', false],
  ['169.254.169.254', false],
  ['0.0.0.0', false],
  ['224.0.0.1', false],
  ['255.255.255.255', false],
  ['::', false],
  ['::1', false],
  ['::127.0.0.1', false],
  ['::ffff:10.0.0.1', false],
  ['fe80::1%eth0', false],
  ['fec0::1', false],
  ['fd00::1', false],
  ['64:ff9b::7f00:1', false],
  ['64:ff9b::a9fe:a9fe', false],
  ['64:ff9b:1::a00:1', false],
  ['2002:7f00:1::', false],
  ['2001:0:7f00:1::', false],
  ['fd00:ec2::254', false],
  ['::ffff:0:127.0.0.1', false],
  ['198.18.0.1', false],
  ['192.0.2.1', false],
  ['100.100.100.200', false],
  ['ff02::1', false],
  ['', false],
  ['example.com', false],
])('%s public: %s', (address, isPublic) => {
  expect(isPublicAddress(address)).toBe(isPublic)
})
