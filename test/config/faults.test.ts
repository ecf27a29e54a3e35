import { describe, expect, test } from 'vitest'
import { AppError } from '../../src/errors.ts'
import { aFile, ENV, faultsOf, load } from './a-file.ts'

test('everything wrong is named at once, where it stands, with how to mend it', () => {
  const text = `publicurl: https://risiti.duka.example
locale: swahili
karibu:
  api_key: sk-live-abcdef
  webhook_secret: \${BRIQ_WEBHOOK_SECRET}
  sender: 0712345678
  timeout: 15
shops:
  duka:
    platform: woo
    secrets: ["\${DUKA_SECRET}", "\${OLD_SECRET}"]
    country: tz
    brand:
      name: Duka
      color: red
rules:
  - name: receipt
    on: order.paid
    when: { shop: dukaa, min_totl: 5 }
    if: order.totl > 5
    send:
      image: receipt
      caption: |
        Asante {{ customer.firstname }}!
        Oda {{ order.number | upcas }}
`
  expect(faultsOf(text, { ...ENV, BRIQ_WEBHOOK_SECRET: 'too-short' })).toEqual([
    '1:1  public_url: is missing (Address WhatsApp and the shops reach us at)',
    '1:1  publicurl: there is no such key; did you mean public_url?',
    '2:9  locale: must be sw or en',
    '4:12  karibu.api_key: must not stand in this file: write "${KARIBU_API_KEY}" here and put the value into that environment variable',
    '5:19  karibu.webhook_secret: the value of BRIQ_WEBHOOK_SECRET has fewer than 16 characters: take a longer one',
    '6:11  karibu.sender: put it in quotes: "0712345678"; else YAML reads a number and drops the leading zero',
    '7:12  karibu.timeout: needs a unit, like 15s, 15m or 15h',
    expect.stringMatching(/^10:15 {2}shops\.duka\.platform: must be woocommerce, shopify, .+ or \w+$/),
    '11:33  shops.duka.secrets[1]: the environment variable OLD_SECRET is not set',
    "12:14  shops.duka.country: must be a country's two capital letters: write TZ",
    '15:14  shops.duka.brand.color: must be a colour like "#0f766e" (in quotes)',
    '19:19  rules[0].when.shop: there is no such shop; did you mean duka?',
    '19:26  rules[0].when.min_totl: there is no such key; did you mean min_total?',
    '20:15  rules[0].if: there is no order.totl; did you mean order.total?',
    '    order.totl > 5',
    '          ^',
    '24:19  rules[0].send.caption: there is no customer.firstname; did you mean customer.first_name?',
    '25:31  rules[0].send.caption: there is no filter "upcas"; did you mean upcase?',
  ])
})

test('the error is one of the program, and its message is the list', () => {
  expect(() => load('locale: sw')).toThrow(AppError)
  expect(() => load('locale: sw')).toThrow(
    expect.objectContaining({
      code: 'config.invalid',
      message: [
        'conf/risiti.yaml:1:1  public_url: is missing (Address WhatsApp and the shops reach us at)',
        "conf/risiti.yaml:1:1  karibu: is missing (Briq's Karibu API, which sends)",
        'conf/risiti.yaml:1:1  shops: is missing (Who sends us orders, by name)',
      ].join('\n'),
    }),
  )
})

describe('single values', () => {
  test.each([
    ['country', aFile().replace('TZ', 'UK'), 'must be GB for the United Kingdom'],
    ['country', aFile().replace('TZ', 'ZZ'), "must be a country's two capital letters, like TZ, KE or UG"],
    ['country', aFile().replace('TZ', 'EU'), "must be a country's two capital letters, like TZ, KE or UG"],
    ['timezone', aFile({ top: 'timezone: Africa/Dar_es_Salam\n' }), 'did you mean Africa/Dar_es_Salaam?'],
    ['timezone', aFile({ top: 'timezone: "+03:00"\n' }), 'must be a time zone like Africa/Dar_es_Salaam'],
    ['listen.port', aFile({ top: 'listen: { port: 70000 }\n' }), 'must be at most 65535'],
    ['listen.port', aFile({ top: 'listen: { port: "8787" }\n' }), 'must be a number: remove the quotes'],
    ['karibu.concurrency', aFile({ karibu: '  concurrency: 0\n' }), 'must be at least 1'],
    ['karibu.sender', aFile().replace('"255700000001"', '"0700000001"'), 'must begin with the country code'],
    ['karibu.sender', aFile().replace('"255700000001"', 'Duka'), 'must be a WhatsApp number with its country code'],
    ['brand.phone', aFile({ brand: '      phone: 0712000000\n' }), 'put it in quotes: "0712000000"'],
    ['brand.tin', aFile({ brand: '      tin: 123456789\n' }), 'put it in quotes: "123456789"'],
    ['brand.color', aFile({ brand: '      color: #0f766e\n' }), 'needs quotes, "#0f766e": a bare # begins a comment'],
    ['brand.logo', aFile({ brand: '      logo: no-such.png\n' }), 'there is no such file'],
    ['brand.logo', aFile({ brand: '      logo: ../package.json\n' }), 'must be a PNG or JPEG'],
    ['brand.address', aFile({ brand: '      address:\n' }), 'is empty: give it a value, or remove the key'],
    ['secrets', aFile().replace('["${DUKA_SECRET}"]', '[]'), 'needs at least one entry'],
    ['secrets', aFile().replace('["${DUKA_SECRET}"]', '${DUKA_SECRET}'), 'must be a list'],
    ['secrets[0]', aFile().replace('"${DUKA_SECRET}"', '12345'), 'write "${SHOPS_DUKA_SECRETS}" here'],
    ['shops.karibu', aFile().replace('duka:', 'karibu:'), "is Briq's own"],
    ['shops.Duka', aFile().replace('  duka:', '  Duka:'), 'use small letters'],
    ['shops', aFile().replace(/shops:[^]*/, 'shops: {}\n'), 'needs at least one shop'],
    ['rules', aFile({ rules: 'rules: receipt\n' }), 'must be a list'],
    [
      'budgets[0].sender',
      aFile({ top: 'budgets: [{ sender: "255700000009", messages_per_month: 5 }]\n' }),
      'is neither karibu.sender nor the sender of a shop',
    ],
    [
      'budgets[1].sender',
      aFile({
        top: 'budgets: [{ sender: "255700000001", messages_per_month: 5 }, { sender: "+255 700000001", messages_per_month: 6 }]\n',
      }),
      'another budget is of this sender',
    ],
    [
      'budgets[0].warn_at',
      aFile({ top: 'budgets: [{ sender: "255700000001", messages_per_month: 5, warn_at: 120 }]\n' }),
      'must be at most 100',
    ],
    ['api_key', aFile({ top: 'api_key: x\n' }), 'there is no such key here; did you mean karibu.api_key?'],
    ['frobnicate', aFile({ top: 'frobnicate: x\n' }), 'there is no such key; the file takes public_url, listen,'],
    ['consent.values[0]', aFile({ shop: '    consent: { field: x, values: [[1]] }\n' }), 'must be a plain value'],
  ])('%s', (path, text, message) => {
    const faults = faultsOf(text)
    expect(faults).toHaveLength(1)
    expect(faults[0]).toContain(`${path}: `)
    expect(faults[0]).toContain(message)
  })
})

function rule(fields: string, second = ''): string {
  return aFile({ rules: `rules:\n  - name: one\n${fields}${second}` })
}

describe('rules', () => {
  const paid = '    on: order.paid\n'
  const message = '    on: message.received\n'
  const receipt = '    send: { image: receipt, caption: Asante }\n'
  const picture = '    send: { image: { url: "https://cdn.example/a.png" } }\n'

  test.each([
    [
      'when.shop[1]',
      rule(`${paid}    when: { shop: [duka, dka] }\n${receipt}`),
      'there is no such shop; did you mean duka?',
    ],
    ['when.min_total', rule(`${paid}    when: { min_total: lots }\n${receipt}`), 'must be an amount like 1000'],
    ['when.min_total', rule(`${paid}    when: { min_total: -5 }\n${receipt}`), 'must be an amount like 1000'],
    ['when.min_total', rule(`${message}    when: { min_total: 5 }\n${picture}`), 'message.received has no order'],
    ['when.currency', rule(`${message}    when: { currency: TZS }\n${picture}`), 'message.received has no order'],
    ['when.currency', rule(`${paid}    when: { currency: tzs }\n${receipt}`), 'write TZS'],
    ['when.text', rule(`${paid}    when: { text: hi }\n${receipt}`), 'is only for on: message.received'],
    ['when.shop', rule(`${paid}    when: { shop: [] }\n${receipt}`), 'needs at least one entry'],
    ['send.image', rule(`${message}${receipt}`), 'message.received has no order to draw a receipt of'],
    ['send.image', rule(`${paid}    send: { image: recipt }\n`), 'must be receipt, or { url: "https://…" }'],
    ['send.image.url', rule(`${paid}    send: { image: { url: "cdn/a.png" } }\n`), 'does not make a web address'],
    [
      'send.image.urll',
      rule(`${paid}    send: { image: { urll: x, url: "https://cdn.example" } }\n`),
      'did you mean url?',
    ],
    ['send.caption.en', rule(`${paid}    send: { image: receipt, caption: { sw: x } }\n`), 'is missing'],
    [
      'send.caption.sw',
      rule(`${paid}    send: { image: receipt, caption: { sw: "{{ x }}", en: y } }\n`),
      'there is no x',
    ],
    [
      'send.caption',
      rule(`${message}    send: { image: { url: "https://a.example" }, caption: "{{ order.id }}" }\n`),
      'message.received has no order',
    ],
    ['when_closed', rule(`${paid}${receipt}    when_closed: invite\n`), 'needs an invitation'],
    [
      'when_closed',
      rule(`${paid}${receipt}    when_closed: hol\n`),
      'must be hold, invite or skip; did you mean hold?',
    ],
    ['invite', rule(`${paid}${receipt}    invite: { template: hello }\n`), 'is never sent: add when_closed: invite'],
    [
      'invite.template',
      rule(`${paid}${receipt}    when_closed: invite\n    invite: { template: "Hello!" }\n`),
      "must be the template's name",
    ],
    [
      'invite.variables.1',
      rule(`${paid}${receipt}    when_closed: invite\n    invite: { template: a, variables: { 1: "{{ z }}" } }\n`),
      'there is no z',
    ],
    ['on', rule(`    on: order.payed\n${receipt}`), 'did you mean order.paid?'],
    ['on', rule(receipt), 'is missing (The event it answers)'],
    ['if', rule(`${paid}    if: 5\n${receipt}`), 'put it in quotes: "5"'],
    ['if', rule(`${paid}    if: true\n${receipt}`), 'must be text: put it in quotes: "true"'],
    ['expires_after', rule(`${paid}${receipt}    expires_after: 3 days\n`), 'must be a number and a unit'],
  ])('%s', (path, text, message_) => {
    const faults = faultsOf(text)
    expect(faults).toHaveLength(1)
    expect(faults[0]).toContain(`  rules[0].${path}: `)
    expect(faults[0]).toContain(message_)
  })

  test('two rules cannot have one name', () => {
    expect(faultsOf(rule(`${paid}${receipt}`, `  - name: one\n${paid}${receipt}`))).toEqual([
      '16:11  rules[1].name: another rule has this name',
    ])
  })

  test('a shop without any sender is refused', () => {
    const text = aFile().replace('  sender: "255700000001"\n', '')
    expect(faultsOf(text)).toEqual(['5:3  shops.duka: has no sender: add one here, or karibu.sender for all shops'])
  })
})

function caption(written: string): string {
  const lines = ['rules:', '  - name: one', '    on: order.paid', '    send:', '      image: receipt']
  return aFile({ rules: `${lines.join('\n')}\n      caption: ${written}\n` })
}

describe('where inside a text', () => {
  test.each([
    ['plain {{ x }}', '17:25'],
    ['"quoted {{ x }}"', '17:27'],
    ["'quoted {{ x }}'", '17:27'],
    ['|\n        one\n        two {{ x }}', '19:16'],
    ['|-\n\n          one {{ x }}', '19:18'],
    ['>\n        folded {{ x }}', '18:19'],
  ])('%j', (written, place) => {
    expect(faultsOf(caption(written))).toEqual([`${place}  rules[0].send.caption: there is no x`])
  })

  test.each([
    ['>\n        one\n        two {{ x }}', ' (line 1, column 12 of the text)'],
    ['"with \\"escapes\\" {{ x }}"', ' (line 1, column 19 of the text)'],
  ])('%j is told in words', (written, where) => {
    expect(faultsOf(caption(written))).toEqual([`17:16  rules[0].send.caption: there is no x${where}`])
  })
})

describe('YAML', () => {
  test.each([
    ['two keys of one name', `${aFile()}public_url: https://x.example\n`, '12:1  this key stands here twice: keep one'],
    ['two documents', `${aFile()}---\na: b\n`, '12:1  the file holds several documents (---): keep one'],
    ['tabs', 'karibu:\n\tapi_key: x\n', '2:1  indent with spaces, not tabs'],
    ['an open quote', 'public_url: "https://x.example\n', '2:1  something is missing here'],
    ['an unknown alias', 'public_url: *base\n', '1:13  public_url: this *alias is not known'],
    ['an unknown tag', 'public_url: !url x\n', '1:13  this !tag is not known'],
    ['a list', '- a\n', '1:1  must be a group of keys'],
    ['__proto__', `${aFile()}__proto__: { a: 1 }\n`, '12:1  a key must be a plain word'],
    ['an empty file', '# nothing\n', '1:1  the file is empty: it needs public_url, karibu and shops'],
    [
      'a variable inside [ ]',
      aFile().replace('"${DUKA_SECRET}"', '${DUKA_SECRET}'),
      'inside [ ] and { } write "${NAME}" with quotes',
    ],
    ['an alias that holds itself', 'a: &a [*a]\n', 'nests too deep, or an *alias holds itself'],
    ['a map that merges itself', 'a: &a { <<: [*a, *a] }\n', 'nests too deep, or an *alias holds itself'],
    ['deep nesting', '['.repeat(5000), 'the file nests too deep'],
    ['deep lists on a line', '- '.repeat(30_000), '1:201  the file nests too deep'],
    ['deep keys on a line', '{a: '.repeat(15_000), '1:397  the file nests too deep'],
    [
      'deep lists under each other',
      Array.from({ length: 39 }, (_, line) => `${' '.repeat(78 * line)}${'- '.repeat(39)}a:`).join('\n'),
      '3:201  the file nests too deep',
    ],
    [
      'brackets in a text',
      `${aFile()}a: "${'['.repeat(500)}"\nb: |\n  ${'- '.repeat(500)}\n`,
      '12:1  a: there is no such key',
    ],
  ])('%s', (_, text, fault) => {
    const [first = ''] = faultsOf(text)
    expect(first).toContain(fault)
  })

  test('aliases that multiply themselves are stopped early', () => {
    const bomb = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]']
    for (let i = 1; i < 12; i++) bomb.push(`a${i}: &a${i} [${`*a${i - 1}, `.repeat(9)}*a${i - 1}]`)
    const started = performance.now()
    expect(faultsOf(bomb.join('\n'))[0]).toContain('the file is too large, or its aliases multiply themselves')
    expect(performance.now() - started).toBeLessThan(2000)
  })

  test('%YAML 1.1 cannot turn words into booleans', () => {
    expect(load(`%YAML 1.1\n---\n${aFile().replace('country: TZ', 'country: NO')}`).config.shops.duka?.country).toBe(
      'NO',
    )
  })

  test('a byte order mark and Windows line ends do no harm', () => {
    expect(load(`\uFEFF${aFile().replaceAll('\n', '\r\n')}`).config.publicUrl).toBe('https://risiti.duka.example')
  })
})

test('Shopify shops that share a secret must name their domains', () => {
  const shopify = aFile()
    .replace('platform: woocommerce', 'platform: shopify')
    .concat(
      '  soko:\n    platform: shopify\n    secrets: ["${DUKA_SECRET}"]\n    country: KE\n    brand: { name: Soko }\n',
    )
  expect(faultsOf(shopify)).toEqual([
    expect.stringMatching(/shops\.duka: shares a secret with soko: give each its domain/),
    expect.stringMatching(/shops\.soko: shares a secret with duka: give each its domain/),
  ])
})
