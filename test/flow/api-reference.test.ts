import { readdirSync, readFileSync } from 'node:fs'
import { request } from 'undici'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { PROBLEMS } from '../../src/http/problems.ts'
import { API_TOKEN, ASHA, paidOrder, testWorld, type World } from '../support/world.ts'

interface Content {
  schema: Record<string, unknown>
  example?: unknown
  examples?: Record<string, { value: unknown }>
}
interface Operation {
  operationId?: string
  summary?: string
  description?: string
  tags?: string[]
  parameters?: { name: string; in: string; required?: boolean; description?: string }[]
  requestBody?: { content: Record<string, Content> }
  responses: Record<string, { description: string; content?: Record<string, Content> }>
}
interface Doc {
  info: { description: string }
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, unknown> }
}
interface Named extends Operation {
  method: string
  path: string
  name: string
}

async function readDoc({ url }: World): Promise<{ doc: Doc; operations: Named[] }> {
  const answer = await request(`${url}/openapi.json`)
  const doc = (await answer.body.json()) as Doc
  const operations = Object.entries(doc.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...operation,
      method: method.toUpperCase(),
      path,
      name: `${method.toUpperCase()} ${path}`,
    })),
  )
  return { doc, operations }
}

const examplesOf = ({ example, examples = {} }: Content) => [
  ...(example === undefined ? [] : [example]),
  ...Object.values(examples).map(({ value }) => value),
]

test('every operation says what it does, and every example is what its own schema describes', async () => {
  const { doc, operations } = await readDoc(await testWorld())
  const defs = JSON.parse(JSON.stringify(doc.components.schemas).replaceAll('#/components/schemas/', '#/$defs/'))
  const schemaOf = (schema: unknown) =>
    z.fromJSONSchema({
      ...JSON.parse(JSON.stringify(schema).replaceAll('#/components/schemas/', '#/$defs/')),
      $defs: defs,
    })
  let seen = 0
  for (const { name, operationId, summary, tags, parameters = [], requestBody, responses } of operations) {
    expect([name, operationId, summary, tags]).toEqual([
      name,
      expect.stringMatching(/^[a-z]\w+$/),
      expect.stringMatching(/.{10,}/),
      [expect.any(String)],
    ])
    for (const { name: parameter, description } of parameters)
      expect([name, parameter, description]).toEqual([name, parameter, expect.stringMatching(/.{4,}/)])
    const answers = Object.entries(responses).flatMap(([status, { content = {} }]) =>
      Object.entries(content).map(([type, one]) => ({ what: `${name} ${status} ${type}`, type, content: one })),
    )
    const bodies = Object.entries(requestBody?.content ?? {}).map(([type, one]) => ({
      what: `${name} body`,
      type,
      content: one,
    }))
    for (const { what, type, content } of [...bodies, ...answers]) {
      const examples = examplesOf(content)
      if (type.startsWith('image/')) continue
      expect([what, examples.length > 0]).toEqual([what, true])
      for (const example of examples) {
        expect([what, schemaOf(content.schema).safeParse(example).error?.issues]).toEqual([what, undefined])
        seen++
      }
    }
  }
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length)
  expect(seen).toBeGreaterThan(80)
})

/** Orders of customers of their own, and what became of their messages. */
function townOf(world: World) {
  let orders = 0
  async function buy(): Promise<{ id: string; phone: string }> {
    const id = String(4600 + orders)
    const phone = `2557540${String(orders++).padStart(5, '0')}`
    await world.shopSends(
      'woocommerce',
      paidOrder({ id, number: `DUKA-${id}`, customer: { name: 'Juma', phone: `+${phone}` } }),
    )
    const { body } = await world.get<{ items: { id: string }[] }>(`/v1/messages?order=DUKA-${id}`)
    return { id: body.items[0]?.id ?? '', phone }
  }
  async function held(): Promise<string> {
    return (await buy()).id
  }
  return {
    held,
    async cancelled() {
      const id = await held()
      await world.post(`/v1/messages/${id}/cancel`, {})
      return id
    },
    async uncertain() {
      const { id, phone } = await buy()
      world.karibu.nextSend({ cut: true, accepted: true })
      world.karibu.customerWrites(phone)
      await world.run(30_000)
      return id
    },
  }
}

test('every example request, sent as it stands to a service with such orders, is answered as documented', async () => {
  const world = await testWorld({ sandbox: { switches: { listEchoesMediaUrl: false, webhookDropAll: true } } })
  world.karibu.customerWrites(ASHA)
  await world.run(15_000)
  await world.shopSends('woocommerce', paidOrder())
  await world.run(15_000)
  const [message] = await world.messages()
  const events = await world.get<{ items: { id: string }[] }>('/v1/events?type=order.paid')
  const event = events.body.items[0]?.id ?? ''
  const town = townOf(world)
  /** What `{id}` stands for, by the operation and its example. */
  const ids: Record<string, (example: unknown) => Promise<string>> = {
    getMessage: async () => message?.id ?? '',
    cancelMessage: town.held,
    retryMessage: (example) => (JSON.stringify(example) === '{}' ? town.cancelled() : town.uncertain()),
    settleMessage: town.uncertain,
    getEvent: async () => event,
    replayEvent: async () => event,
  }
  const { operations } = await readDoc(world)
  const asked: string[] = []
  for (const { name, method, path, operationId = '', requestBody, responses } of operations) {
    const bodies = Object.values(requestBody?.content ?? {}).flatMap(examplesOf)
    for (const body of bodies.length > 0 ? bodies : [undefined]) {
      const places: Record<string, string> = { phone: ASHA, shop: 'duka', order: 'DUKA-0107' }
      if (path.includes('{id}')) places['id'] = (await ids[operationId]?.(body)) ?? ''
      const answer = await request(world.url + path.replace(/\{(\w+)\}/g, (_, place: string) => places[place] ?? ''), {
        method: method as 'GET',
        headers: {
          authorization: `Bearer ${API_TOKEN}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        body: body === undefined ? null : JSON.stringify(body),
      })
      const text = await answer.body.text()
      const due = Object.keys(responses).find((status) => status.startsWith('2'))
      expect([name, body, String(answer.statusCode), answer.statusCode < 300 ? '' : text]).toEqual([
        name,
        body,
        due,
        '',
      ])
      const type = String(answer.headers['content-type']).split(';')[0] ?? ''
      expect([name, Object.keys(responses[due ?? '']?.content ?? {})]).toEqual([name, expect.arrayContaining([type])])
      asked.push(name)
    }
  }
  expect(asked.length).toBeGreaterThan(operations.length)
})

const SRC = new URL('../../src/', import.meta.url)
/** Where a throw answers a request; elsewhere it is told on the terminal, in the log or with a message. */
const ANSWERS =
  /^(api|http|query|intake|replay|rehearsal|claim-links|tracking|privacy|dashboard)\/|^(store\/(actions|reads)|config\/faults|shops\/platform)\.ts$/
const ELSEWHERE = ['http/problems.ts', 'http/server.ts']

test('the reference lists every error code that is answered, and no other', async () => {
  const codes = new Set<string>()
  for (const file of readdirSync(SRC, { recursive: true, encoding: 'utf8' })) {
    if (!ANSWERS.test(file) || ELSEWHERE.includes(file) || !/\.tsx?$/.test(file)) continue
    const source = readFileSync(new URL(file, SRC), 'utf8')
    const thrown = source.matchAll(/(?:AppError\(|super\(|error: \{ code: |TOO_MANY = )\s*'(\w+(?:\.\w+)?)'/g)
    const verdicts = source.matchAll(/'(signature\.\w+)'/g)
    for (const [, code = ''] of [...thrown, ...verdicts]) codes.add(code)
  }
  expect([...codes].toSorted()).toEqual(Object.keys(PROBLEMS).toSorted())
  const { doc } = await readDoc(await testWorld())
  for (const [code, { status }] of Object.entries(PROBLEMS))
    expect(doc.info.description).toContain(`| \`${code}\` | ${status} |`)
})
