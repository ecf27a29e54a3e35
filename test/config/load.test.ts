import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { DAY } from '../../src/clock.ts'
import { aFile, ENV, faultsOf, load } from './a-file.ts'

const RULES = `rules:
  - name: receipt
    on: order.paid
    when: { shop: duka, currency: TZS, min_total: 1000 }
    if: order.items_count > 0
    send: { image: receipt, caption: "Asante {{ customer.first_name }}!" }
  - name: menu
    on: message.received
    when: { text: [menyu, menu] }
    send:
      image: { url: "https://cdn.duka.example/menu.png" }
      caption: { sw: Menyu, en: Menu }
    when_closed: invite
    expires_after: 7d
    invite: { template: write_to_us, variables: { 1: "{{ customer.first_name }}" } }
`

test('the smallest file gives every default', () => {
  const { config, secrets } = load(aFile())
  expect(config).toEqual({
    listen: { host: '127.0.0.1', port: 8787 },
    publicUrl: 'https://risiti.duka.example',
    dataDir: resolve('conf/data'),
    timezone: 'Africa/Dar_es_Salaam',
    locale: 'sw',
    karibu: {
      baseUrl: 'https://karibu.briq.tz',
      sender: '255700000001',
      pollInboundEveryMs: 15_000,
      pollStatusAfterMs: 300_000,
      absentAfterMs: 600_000,
      timeoutMs: 15_000,
      concurrency: 16,
      perSenderPerSecond: 80,
      perContactEveryMs: 6_000,
      perContactBurst: 5,
    },
    shops: {
      duka: {
        id: 'duka',
        platform: 'woocommerce',
        notificationUrl: 'https://risiti.duka.example/webhooks/duka',
        apiUrl: null,
        backfillEveryMs: null,
        silenceAlarm: 'auto',
        sender: '255700000001',
        country: 'TZ',
        timezone: 'Africa/Dar_es_Salaam',
        locale: 'sw',
        secretNames: { signing: ['DUKA_SECRET'], path: [], credentials: {} },
        domain: null,
        brand: { name: 'Duka la Asha', color: '#0f766e', logo: null, address: null, phone: null, tin: null },
        consent: null,
        whatsappField: null,
        claimExpiresAfterMs: 7 * 24 * 3_600_000,
        claimNumber: null,
        ignoreOlderThanMs: 2 * 24 * 3_600_000,
        quietHours: null,
      },
    },
    rules: [],
    budgets: [],
    window: { marginMs: 600_000 },
    retention: {
      bodiesMs: 30 * DAY,
      imagesMs: 2 * DAY,
      reportsMs: 400 * DAY,
      messagesMs: 400 * DAY,
      eventsMs: 400 * DAY,
      ordersMs: 400 * DAY,
    },
    notify: [],
    disk: { minFreeBytes: 200_000_000 },
  })
  expect(secrets).toEqual({
    karibuApiKey: ENV.BRIQ_API_KEY,
    karibuWebhookSecret: null,
    shops: { duka: { signing: [ENV.DUKA_SECRET], path: [], credentials: {} } },
    notify: {},
    apiTokens: [],
  })
})

test('rules come out in the words of the program', () => {
  const [receipt, menu] = load(aFile({ rules: RULES })).config.rules
  expect(receipt).toEqual({
    name: 'receipt',
    on: 'order.paid',
    when: { shops: ['duka'], currency: 'TZS', minTotal: '1000', text: null },
    if: 'order.items_count > 0',
    send: {
      image: { kind: 'receipt' },
      caption: { sw: 'Asante {{ customer.first_name }}!', en: 'Asante {{ customer.first_name }}!' },
    },
    whenClosed: 'hold',
    expiresAfterMs: 72 * 3_600_000,
    invite: null,
  })
  expect(menu).toMatchObject({
    when: { shops: null, text: ['menyu', 'menu'] },
    send: { image: { kind: 'url', url: 'https://cdn.duka.example/menu.png' }, caption: { sw: 'Menyu', en: 'Menu' } },
    whenClosed: 'invite',
    expiresAfterMs: 7 * 24 * 3_600_000,
    invite: { template: 'write_to_us', variables: { 1: '{{ customer.first_name }}' } },
  })
})

test('a shop can have its own sender, zone, language and consent', () => {
  const shop = `    sender: "+255 700 000 002"
    timezone: Africa/Nairobi
    locale: en
    ignore_older_than: 12h
    quiet_hours: "21:00-07:00"
    consent: { field: whatsapp, values: [1, yes, true, Ndiyo], required: false }
`
  expect(load(aFile({ shop })).config.shops.duka).toMatchObject({
    sender: '255700000002',
    timezone: 'Africa/Nairobi',
    locale: 'en',
    ignoreOlderThanMs: 12 * 3_600_000,
    quietHours: { from: 1260, until: 420 },
    consent: { field: 'whatsapp', values: ['1', 'yes', 'true', 'ndiyo'], required: false },
  })
})

test('a budget is of one sender, in messages and in percent', () => {
  const top = 'budgets: [{ sender: "+255 700 000 001", messages_per_month: 5000 }]\n'
  expect(load(aFile({ top })).config.budgets).toEqual([{ sender: '255700000001', messagesPerMonth: 5000, warnAt: 80 }])
})

test('anchors and merged defaults are only a way of writing', () => {
  const text = `public_url: https://risiti.duka.example
karibu: { api_key: "\${BRIQ_API_KEY}", sender: "255700000001" }
shops:
  duka: &base
    platform: woocommerce
    secrets: ["\${DUKA_SECRET}"]
    country: TZ
    brand: { name: Duka }
  kahawa:
    <<: *base
    country: KE
    brand: { name: Kahawa }
`
  const { config, secrets } = load(text)
  expect(config.shops.kahawa).toMatchObject({ platform: 'woocommerce', country: 'KE', brand: { name: 'Kahawa' } })
  expect(secrets.shops.kahawa?.signing).toEqual([ENV.DUKA_SECRET])
})

test('names that JavaScript knows are no shops', () => {
  const { config, secrets } = load(aFile())
  for (const name of ['constructor', '__proto__', 'toString']) {
    expect(config.shops[name]).toBeUndefined()
    expect(secrets.shops[name]).toBeUndefined()
  }
})

function url(address: string): string {
  return aFile().replace('https://risiti.duka.example', address)
}

function karibu(address: string): string {
  return aFile({ karibu: `  base_url: ${address}\n` })
}

function margin(value: string): string {
  return aFile({ top: `window: { margin: ${value} }\n` })
}

describe('addresses', () => {
  test.each([
    ['https://risiti.duka.example/', 'https://risiti.duka.example'],
    ['https://Duka.example:8443/risiti/', 'https://duka.example:8443/risiti'],
    ['http://localhost:8787', 'http://localhost:8787'],
    ['http://127.0.0.1:8787/', 'http://127.0.0.1:8787'],
    ['"http://[::1]:8787"', 'http://[::1]:8787'],
  ])('%s is taken', (address, publicUrl) => {
    expect(load(url(address)).config.publicUrl).toBe(publicUrl)
  })

  test.each([
    ['http://risiti.duka.example', 'must begin with https:// (http:// is for this machine only: localhost, 127.0.0.1)'],
    ['http://localhost.duka.example', 'must begin with https://'],
    ['https://risiti.duka.example/?a=b', 'must not hold ? or #'],
    ['"https://risiti.duka.example/#top"', 'must not hold ? or #'],
    ['https://me:pw@risiti.duka.example', 'must not hold a user name or password'],
    ['risiti.duka.example', 'must be a web address, like https://risiti.duka.example'],
    ['ftp://risiti.duka.example', 'must be a web address'],
    ['""', 'must be a web address'],
  ])('%s is refused', (address, message) => {
    const [fault] = faultsOf(url(address))
    expect(fault).toContain('1:13  public_url: ')
    expect(fault).toContain(message)
  })

  test('a Karibu over plain http is this machine only', () => {
    expect(load(karibu('http://127.0.0.1:9999/')).config.karibu.baseUrl).toBe('http://127.0.0.1:9999')
    expect(faultsOf(karibu('http://karibu.briq.tz'))).toEqual([
      '5:13  karibu.base_url: must begin with https:// (http:// is for this machine only: localhost, 127.0.0.1)',
    ])
  })
})

describe('durations', () => {
  test.each([
    ['500ms', 500],
    ['0s', 0],
    ['90s', 90_000],
    ['10m', 600_000],
    ['12h', 43_200_000],
  ])('%s', (value, ms) => {
    expect(load(margin(value)).config.window.marginMs).toBe(ms)
  })

  test.each([
    ['13h', 'must be at most 12h'],
    ['1d', 'must be at most 12h'],
    ['10', 'needs a unit, like 10s, 10m or 10h'],
    ['1.5h', 'must be a number and a unit, like 30s, 10m, 72h or 7d'],
    ['10 minutes', 'must be a number and a unit'],
    ['-5m', 'must be a number and a unit'],
  ])('%s is refused', (value, message) => {
    const [fault] = faultsOf(margin(value))
    expect(fault).toContain('2:19  window.margin: ')
    expect(fault).toContain(message)
  })
})

describe('the environment', () => {
  test('any value can come out of it, read as what the key takes', () => {
    const top = 'listen: { host: "${HOST}", port: "${PORT}" }\ntimezone: ${ZONE}\n'
    const shop = '    consent: { field: "wa_${FIELD}", required: "${MUST}" }\n'
    const env = { ...ENV, HOST: '0.0.0.0', PORT: '9000', ZONE: 'Africa/Nairobi', FIELD: 'ok', MUST: 'false' }
    const { config } = load(aFile({ top, shop }), env)
    expect(config.listen).toEqual({ host: '0.0.0.0', port: 9000 })
    expect(config.timezone).toBe('Africa/Nairobi')
    expect(config.shops.duka?.consent).toMatchObject({ field: 'wa_ok', required: false })
  })

  test('a phone number out of it stays text', () => {
    const text = aFile().replace('"255700000001"', '${SENDER}')
    expect(load(text, { ...ENV, SENDER: '255711' }).config.karibu.sender).toBe('255711')
  })

  test('$${NAME} is ${NAME} itself', () => {
    expect(load(aFile({ brand: '      address: "a $${b} c"\n' })).config.shops.duka?.brand.address).toBe('a ${b} c')
  })

  test('every place of a variable that is not set is named, once', () => {
    const top = 'timezone: ${ZONE}\n'
    expect(faultsOf(aFile({ top, shop: '    timezone: ${ZONE}\n' }))).toEqual([
      '2:11  timezone: the environment variable ZONE is not set',
      '11:15  shops.duka.timezone: the environment variable ZONE is not set',
    ])
  })

  test('an empty secret is a missing one, and the line end of a copied one is not part of it', () => {
    expect(faultsOf(aFile(), { ...ENV, DUKA_SECRET: ' \n' })).toEqual([
      '8:15  shops.duka.secrets[0]: the environment variable DUKA_SECRET is not set',
    ])
    expect(load(aFile(), { ...ENV, DUKA_SECRET: 'abc\n' }).secrets.shops.duka?.signing).toEqual(['abc'])
  })

  test('RISITI_API_TOKEN may do everything, if it is long enough', () => {
    const token = 'a-token-of-our-own'
    expect(load(aFile(), { ...ENV, RISITI_API_TOKEN: token }).secrets.apiTokens).toEqual([
      { name: 'RISITI_API_TOKEN', scopes: ['read', 'send', 'admin'], token },
    ])
    expect(faultsOf(aFile(), { ...ENV, RISITI_API_TOKEN: 'short' })).toEqual([
      '1:1  the environment variable RISITI_API_TOKEN has fewer than 16 characters: take a longer one',
    ])
  })

  test('tokens of the file have their scopes', () => {
    const top = 'api: { tokens: [{ name: pos, token: "${POS}", scopes: [read, send, read] }] }\n'
    expect(load(aFile({ top }), { ...ENV, POS: 'x'.repeat(16) }).secrets.apiTokens).toEqual([
      { name: 'pos', scopes: ['read', 'send'], token: 'x'.repeat(16) },
    ])
    expect(faultsOf(aFile({ top }), { ...ENV, POS: 'x'.repeat(15) })).toEqual([
      '2:37  api.tokens[0].token: the value of POS has fewer than 16 characters: take a longer one',
    ])
  })
})
