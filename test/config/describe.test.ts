import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { runConfigCheck, runConfigSchema } from '../../src/commands/config.ts'
import { describeKeys } from '../../src/config/describe-keys.ts'
import { findConfigFile } from '../../src/config/find.ts'
import { configJsonSchema, type JsonSchema, schemaAt } from '../../src/config/json-schema.ts'
import { aFile, ENV, load } from './a-file.ts'

/** A file that gives every key there is. */
const WHOLE = `public_url: https://risiti.duka.example
listen: { host: 127.0.0.1, port: 8787 }
data_dir: ./data
timezone: Africa/Dar_es_Salaam
locale: sw
karibu:
  base_url: https://karibu.briq.tz
  api_key: \${BRIQ_API_KEY}
  webhook_secret: \${DUKA_SECRET}
  sender: "255700000001"
  poll_inbound_every: 15s
  poll_status_after: 5m
  timeout: 15s
  concurrency: 16
  per_sender_per_second: 80
  absent_after: 10m
  per_contact_every: 6s
  per_contact_burst: 5
window: { margin: 10m }
retention: { bodies: 30d, images: 2d, reports: 400d, messages: forever, events: 400d, orders: 400d }
disk: { min_free: 200MB }
budgets: [{ sender: "255700000001", messages_per_month: 5000, warn_at: 80 }]
notify: [{ name: backend, url: https://duka.example/hook, secret: "\${TOLD}", events: [message.read], shops: [duka] }]
shops:
  duka:
    platform: woocommerce
    secrets: ["\${DUKA_SECRET}"]
    path_secrets: ["\${PATH_SECRET}"]
    credentials: { consumer_key: "\${DUKA_SECRET}" }
    api_url: https://duka.example
    backfill: { every: 1h }
    silence_alarm: 12h
    notification_url: https://risiti.duka.example/webhooks/duka
    sender: "255700000001"
    country: TZ
    timezone: Africa/Dar_es_Salaam
    locale: en
    domain: duka.myshopify.com
    brand: { name: Duka, color: "#0f766e", logo: logo.png, address: Kariakoo, phone: "0712 000 000", tin: "123-456-789" }
    consent: { field: whatsapp, values: [1, yes], required: true }
    whatsapp_field: _billing_whatsapp
    claim_expires_after: 7d
    claim_number: "255700000001"
    ignore_older_than: 2d
    quiet_hours: "21:00-07:00"
rules:
  - name: receipt
    on: order.paid
    when: { shop: duka, currency: TZS, min_total: 1000 }
    if: order.total > 5
    send: { image: receipt, caption: { sw: Asante, en: Thanks } }
    when_closed: invite
    expires_after: 72h
    invite: { template: write_to_us, variables: { 1: "{{ customer.first_name }}" } }
  - name: menu
    on: message.received
    when: { shop: [duka], text: menu }
    send: { image: { url: "https://cdn.example/menu.png" }, caption: Menyu }
api:
  tokens: [{ name: pos, token: "\${BRIQ_API_KEY}", scopes: [read, send, admin] }]
`

/** The part of JSON Schema our schema uses; what is wrong with `value`, by path. */
function violations(schema: JsonSchema, value: unknown, path = '$'): string[] {
  if (schema.anyOf) {
    const tried = schema.anyOf.map((option) => violations(option, value, path))
    return tried.some((found) => found.length === 0) ? [] : [`${path}: fits no option`]
  }
  if (schema.const !== undefined && schema.const !== value) return [`${path}: not ${JSON.stringify(schema.const)}`]
  if (schema.enum && !schema.enum.includes(value)) return [`${path}: not of the enum`]
  if (typeof value === 'string' && schema.pattern && !new RegExp(schema.pattern).test(value))
    return [`${path}: pattern`]
  const types = [schema.type ?? []].flat()
  if (types.length > 0 && !types.some((type) => isOfType(value, type))) return [`${path}: not ${types.join(' or ')}`]
  if (Array.isArray(value)) return value.flatMap((item, i) => violations(schema.items ?? {}, item, `${path}[${i}]`))
  if (typeof value !== 'object' || value === null) return []
  const missing = (schema.required ?? [])
    .filter((key) => !Object.hasOwn(value, key))
    .map((key) => `${path}.${key}: missing`)
  return Object.entries(value).reduce((found, [key, part]) => {
    const known = schema.properties?.[key] ?? schema.additionalProperties
    if (known === false || known === undefined) return [...found, `${path}.${key}: unknown`]
    return [...found, ...violations(known === true ? {} : known, part, `${path}.${key}`)]
  }, missing)
}

function isOfType(value: unknown, type: string): boolean {
  if (type === 'array') return Array.isArray(value)
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value)
  if (type === 'integer') return Number.isInteger(value)
  return typeof value === type
}

describe('JSON Schema', () => {
  test('a file with every key fits it, and so does one with every value from the environment', () => {
    expect(violations(configJsonSchema(), parse(WHOLE))).toEqual([])
    const fromEnvironment = WHOLE.replace('port: 8787', 'port: "${PORT}"')
      .replace('locale: sw', 'locale: ${LANGUAGE}')
      .replace('country: TZ', 'country: ${COUNTRY}')
      .replace('15s', '${EVERY}')
    expect(violations(configJsonSchema(), parse(fromEnvironment))).toEqual([])
  })

  test('it refuses what the program refuses', () => {
    const broken = WHOLE.replace('webhook_secret: ${DUKA_SECRET}', 'webhook_secret: literal')
      .replace('margin: 10m', 'margin: 10')
      .replace('country: TZ', 'contry: TZ')
      .replace('when_closed: invite', 'when_closed: inviet')
    expect(violations(configJsonSchema(), parse(broken))).toEqual([
      '$.karibu.webhook_secret: pattern',
      '$.window.margin: fits no option',
      '$.shops.duka.country: missing',
      '$.shops.duka.contry: unknown',
      '$.rules[0].when_closed: fits no option',
    ])
  })

  test('every key has a title and says what it means', () => {
    const bare: string[] = []
    const visit = (schema: JsonSchema, path: string) => {
      for (const [key, part] of Object.entries(schema.properties ?? {})) {
        if (!part.title || !part.description) bare.push(`${path}.${key}`)
        visit(part, `${path}.${key}`)
      }
      if (schema.items) visit(schema.items, `${path}[]`)
      if (typeof schema.additionalProperties === 'object') visit(schema.additionalProperties, `${path}.*`)
      for (const option of schema.anyOf ?? []) visit(option, path)
    }
    visit(configJsonSchema(), '$')
    expect(bare).toEqual([])
  })

  test('the command prints it', () => {
    expect(JSON.parse(runConfigSchema())).toMatchObject({
      title: 'risiti.yaml',
      properties: { karibu: { type: 'object' } },
    })
  })
})

function namedDefault(key: string) {
  return describeKeys().find((row) => row.key === key)?.default
}

describe('the list of keys', () => {
  test('has every key of a whole file, and no other', () => {
    const written = new Set<string>()
    const visit = (value: unknown, path: (string | number)[]) => {
      const schema = schemaAt(path)
      const isLeaf = typeof value !== 'object' || value === null || schema?.type === 'array' || Array.isArray(value)
      if (isLeaf && !(Array.isArray(value) && typeof value[0] === 'object')) {
        written.add(keyOf(path))
        return
      }
      const parts = Object.entries(value)
      for (const [key, part] of parts) visit(part, [...path, Array.isArray(value) ? Number(key) : key])
    }
    visit(parse(WHOLE), [])
    const listed = describeKeys().map(({ key }) => key)
    expect([...written].filter((key) => !listed.includes(key))).toEqual([])
    // Groups that can also be written as one word.
    const groups = ['rules[].send.image', 'rules[].send.caption']
    expect(listed.filter((key) => !written.has(key) && !groups.includes(key))).toEqual([])
  })

  test('says type, default and meaning', () => {
    const keys = new Map(describeKeys().map((row) => [row.key, row]))
    expect(keys.get('karibu.timeout')).toEqual({
      key: 'karibu.timeout',
      type: 'duration',
      default: '15s',
      required: false,
      meaning: 'Longest wait for one answer',
    })
    expect(keys.get('karibu.api_key')).toMatchObject({ type: '`${NAME}`', default: null, required: true })
    expect(keys.get('rules[].when_closed')).toMatchObject({ type: '`hold`, `invite`, `skip`', default: 'hold' })
    expect(keys.get('rules[].send.image')?.type).toBe('`receipt` or { url }')
    expect([...keys.values()].filter(({ meaning }) => meaning === '')).toEqual([])
  })

  test('the defaults it names are those that are filled in', () => {
    const { config } = load(aFile())
    expect(namedDefault('listen.port')).toBe(String(config.listen.port))
    expect(namedDefault('karibu.base_url')).toBe(config.karibu.baseUrl)
    expect(namedDefault('timezone')).toBe(config.timezone)
    expect(namedDefault('shops.<id>.brand.color')).toBe(config.shops.duka?.brand.color)
  })
})

function keyOf(path: (string | number)[]): string {
  const text = path.map((step) => (typeof step === 'number' ? '[]' : step)).join('.')
  return text
    .replaceAll('.[]', '[]')
    .replace('shops.duka', 'shops.<id>')
    .replace(/(variables|credentials)\..*/, '$1')
}

describe('the check', () => {
  test('a good file is fine', () => {
    const rules = 'rules:\n  - name: receipt\n    on: order.paid\n    send: { image: receipt }\n'
    expect(
      runConfigCheck({
        file: 'risiti.yaml',
        text: aFile({ rules }),
        env: { ...ENV, RISITI_API_TOKEN: 'a-token-of-16-and-more' },
      }),
    ).toEqual({
      output: 'risiti.yaml is fine: 1 shop, 1 rule\n',
      exitCode: 0,
    })
  })

  test('faults are listed and the exit code is 2', () => {
    expect(runConfigCheck({ file: 'risiti.yaml', text: aFile({ top: 'locale: fr\n' }), env: ENV })).toEqual({
      output: 'risiti.yaml:2:9  locale: must be sw or en\n1 fault\n',
      exitCode: 2,
    })
  })

  test('a logo that is there is taken, from the folder of the file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'risiti-config-'))
    try {
      writeFileSync(join(folder, 'logo.png'), Buffer.from('89504e470d0a1a0a', 'hex'))
      const source = { file: join(folder, 'risiti.yaml'), text: aFile({ brand: '      logo: logo.png\n' }), env: ENV }
      expect(runConfigCheck(source).exitCode).toBe(0)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

describe('finding the file', () => {
  test('the flag comes before the environment', () => {
    expect(findConfigFile({ flag: 'package.json', env: { RISITI_CONFIG: 'tsconfig.json' } })).toBe('package.json')
    expect(findConfigFile({ flag: undefined, env: { RISITI_CONFIG: 'tsconfig.json' } })).toBe('tsconfig.json')
  })

  test('a missing one names the three places', () => {
    expect(() => findConfigFile({ flag: 'no/such.yaml', env: {} })).toThrow(
      'there is no configuration file no/such.yaml (from --config): give --config FILE, set RISITI_CONFIG, or let risiti init write a risiti.yaml into this folder',
    )
  })
})
