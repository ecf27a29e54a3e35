import { type Doer, frameChunked, has, set } from './draft.ts'

/** Headers and framing that change nothing of what is signed: a good delivery stays good. */
export const HARMLESS: Record<string, Doer> = {
  type(draft, random) {
    const type = random.pick([
      'text/plain',
      '',
      'application/json; charset=utf-16',
      'multipart/form-data; boundary=',
      'x'.repeat(3000),
      'application/json;'.repeat(50),
      '\xff\xfe/\xff',
    ])
    set(draft, 'content-type', type)
  },
  extra(draft, random) {
    draft.headers.push([
      random.pick([
        'x-a',
        'cookie',
        'x-forwarded-for',
        'accept-language',
        'via',
        'x-http-method-override',
        '__proto__',
        'constructor',
        'if-none-match',
        'range',
        'origin',
        'forwarded',
      ]),
      random.pick([
        '',
        '1',
        'DELETE',
        '\xe9\xff',
        'a=b; '.repeat(200),
        '255.255.255.255, '.repeat(50),
        'bytes=0-0',
        '"',
      ]),
    ])
  },
  many(draft, random) {
    const prefix = random.below(1000)
    for (let index = 0; index < 60; index++) draft.headers.push([`x-${prefix}-${index}`, String(index)])
  },
  agent(draft) {
    set(draft, 'user-agent', `\xf0\x9f\x98\x80 ${'Mozilla'.repeat(300)}`)
  },
  encoding(draft, random) {
    set(draft, 'content-encoding', random.pick(['gzip', 'br', 'identity', 'x, y', 'deflate, gzip']))
  },
  topic(draft, random) {
    const value = random.pick([
      'order.deleted',
      'orders/delete',
      'app/uninstalled',
      'refunds/create',
      '',
      'x'.repeat(5000),
      '../../x',
      '\xe9',
      'order.created',
      'customers/redact',
      'action.woocommerce_x',
    ])
    for (const name of ['x-wc-webhook-topic', 'x-shopify-topic']) if (has(draft, name)) set(draft, name, value)
  },
  ids(draft, random) {
    const value = random.pick([
      '',
      'a',
      'x'.repeat(4000),
      '\xff',
      "'; drop table events; --",
      '__proto__',
      '0'.repeat(99),
    ])
    for (const name of ['x-shopify-webhook-id', 'x-wc-webhook-delivery-id', 'x-wc-webhook-id', 'x-shopify-test'])
      if (has(draft, name)) set(draft, name, value)
  },
  case(draft) {
    draft.headers = draft.headers.map(([name, value]) => [name.toUpperCase(), value])
  },
  chunks(draft, random) {
    frameChunked(draft, 1 + random.below(4000), '')
  },
  expects(draft) {
    draft.headers.push(['expect', '100-continue'])
  },
}

/** Headers and framing that may well be refused. */
export const BENT: Record<string, Doer> = {
  dropped(draft, random) {
    draft.headers.splice(random.below(draft.headers.length), 1)
  },
  doubled(draft, random) {
    const one = draft.headers[random.below(draft.headers.length)]
    if (one) draft.headers.push([one[0], random.chance(0.5) ? one[1] : `${one[1]}x`])
  },
  oversized(draft, random) {
    draft.headers.push(['x-long', 'z'.repeat(random.pick([9000, 20_000, 200_000]))])
  },
  longLength(draft, random) {
    set(draft, 'content-length', String(draft.body.length + 1 + random.below(1_000_000)))
  },
  shortLength(draft, random) {
    set(draft, 'content-length', String(random.below(draft.body.length + 1)))
  },
  oddLength(draft, random) {
    set(
      draft,
      'content-length',
      random.pick(['-1', '+5', '0x10', '1e3', '', ' ', '9'.repeat(30), '5, 5', 'NaN', '2097153', '5 5']),
    )
  },
  twoLengths(draft) {
    draft.headers.push(['content-length', '7'])
  },
  lengthAndChunks(draft) {
    const length = String(draft.body.length)
    frameChunked(draft, 100, '')
    draft.headers.push(['content-length', length])
  },
  oddChunks(draft, random) {
    frameChunked(draft, 50, random.pick([';x=y', ';'.repeat(10_000), 'zz', ' ', '\0', ';"\r']))
  },
  chunksCutShort(draft) {
    frameChunked(draft, 50, '')
    draft.framed = draft.framed?.subarray(0, -7) ?? null
  },
  encodings(draft, random) {
    draft.headers.push([
      'transfer-encoding',
      random.pick([
        'identity',
        'gzip',
        'gzip, chunked',
        'chunked, chunked',
        ' chunked',
        'CHUNKED',
        'xchunked',
        '\x0bchunked',
      ]),
    ])
  },
  noHost(draft) {
    draft.headers = draft.headers.filter(([name]) => name !== 'host')
  },
  oddHost(draft, random) {
    set(
      draft,
      'host',
      random.pick([
        '',
        'a b',
        '127.0.0.1:99999',
        '[::1',
        'x'.repeat(2000),
        '\xff',
        '%00',
        'user:pw@host',
        'localhost/../..',
        'a,b',
        '::::',
      ]),
    )
  },
  upgrade(draft, random) {
    draft.headers.push(['upgrade', random.pick(['websocket', 'h2c', 'x'])], ['connection', 'upgrade, http2-settings'])
  },
  injected(draft, random) {
    draft.headers.push([
      random.pick(['x y', 'x\0', ' x', 'x:', 'é', '']),
      random.pick(['a\r\n b', 'a\nb: c', 'a\rb', '\0', 'ok']),
    ])
  },
  version(draft, random) {
    draft.version = random.pick([
      'HTTP/1.0',
      'HTTP/0.9',
      'HTTP/2.0',
      'HTTP/1.2',
      'http/1.1',
      '',
      'HTTP/1.1 HTTP/1.1',
      'ICY',
    ])
  },
  preface(draft) {
    draft.method = 'PRI'
    draft.path = '*'
    draft.version = 'HTTP/2.0'
    draft.moved = true
  },
}

/** Other methods and addresses. */
export const MOVED: Record<string, Doer> = {
  method(draft, random) {
    draft.method = random.pick([
      'GET',
      'PUT',
      'DELETE',
      'PATCH',
      'HEAD',
      'OPTIONS',
      'TRACE',
      'CONNECT',
      'post',
      'FOO',
      '',
      'PROPFIND',
      'QUERY',
      'POST POST',
    ])
  },
  tail(draft, random) {
    draft.path += random.pick([
      '/',
      '//',
      '/..',
      '/../../v1/messages',
      '?a=1',
      '?',
      '#x',
      '/%2e%2e',
      '%00',
      '%zz',
      '%',
      '/x',
      '.json',
      '%2f',
      '?__proto__[x]=1',
      ';x',
      '\\',
      '%C0%AF',
      `?${'a=1&'.repeat(3000)}`,
    ])
  },
  path(draft, random) {
    draft.path = random.pick([
      '/',
      '//',
      '*',
      '',
      '/webhooks',
      '/webhooks/',
      '/webhooks/constructor',
      '/webhooks/__proto__',
      '/webhooks/toString',
      '/webhooks/duka%2f..',
      '/webhooks/%64uka',
      '/webhooks/%',
      '/webhooks/%ff',
      '/webhooks/karibu/',
      '/WEBHOOKS/duka',
      '/media/',
      '/media/x.png',
      `/media/${'A'.repeat(32)}.png`,
      '/media/..%2f..%2frisiti.db',
      '/media/%00.png',
      '/healthz',
      '/readyz',
      '/openapi.json',
      '/favicon.ico',
      '/.env',
      '/dashboard',
      '/v1',
      '/v1/',
      '/v1/nothing',
      '/metrics',
      'http://example.com/webhooks/duka',
      'https://127.0.0.1/v1/messages',
      '127.0.0.1:80',
      'javascript:alert(1)',
      '/é',
      '/\xff',
      `/${'a/'.repeat(4000)}`,
      `/webhooks/${'d'.repeat(12_000)}`,
      'webhooks/duka',
      '/webhooks/duka duka',
      '//evil.example/webhooks/duka',
      '/\t',
    ])
  },
}
