import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { request } from 'undici'
import { z } from 'zod'
import { createApp } from '../../app.ts'
import { type Clock, SECOND } from '../../clock.ts'
import type { Ids } from '../../ids.ts'
import { createSandbox, type Sandbox } from '../../sandbox/sandbox.ts'
import { postToy, type ToyPlatform, toyWebhook } from '../../sandbox/toy-shop.ts'
import { formatTable } from '../table.ts'
import { demoConfig } from './config.ts'
import { type DemoOrder, demoOrders } from './orders.ts'
import { demoPeople } from './people.ts'
import { freePort, portOr } from './port.ts'
import { setTheStage, stayOpen } from './stay.ts'

export interface DemoPorts {
  clock: Clock
  ids: Ids
  print(line: string): void
  /** A folder to make ours in. */
  temporary: string
  signal: AbortSignal
}

const text = z.string().nullable()
const shownPage = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      status: z.string(),
      reason: z.object({ code: z.string(), text: z.string() }).nullable(),
      order_number: text,
      customer_name: text,
      media_url: text,
      created_at: z.string(),
      sent_at: text,
      read_at: text,
    }),
  ),
})
type Shown = z.infer<typeof shownPage>['items'][number]

const SHOP_OF: Record<ToyPlatform, string> = { woocommerce: 'duka', shopify: 'soko', standard: 'mtandao' }
const PHONES = { asha: '255712345678', wanjiru: '254712000345', juma: '255754000123' }
/** Faster than life, so that the story is told in seconds. */
const DELAYS = { sent: 150, fetch: 300, delivered: 600, read: 1200 }
/** Of the service’s own defaults, so that what one reads elsewhere fits. */
const FRIENDLY = { risiti: 8787, sandbox: 8788 }
const PATIENCE_MS = 30 * SECOND

/** Plays a day at the counter against a sandbox Karibu, checks every expectation and gives the exit code. */
export async function runDemo({ stay }: { stay: boolean }, ports: DemoPorts): Promise<number> {
  const { clock, ids, print } = ports
  const folder = await mkdtemp(join(ports.temporary, 'risiti-demo-'))
  const secrets = demoSecrets(ids)
  const port = stay ? await portOr(FRIENDLY.risiti) : await freePort()
  const url = `http://127.0.0.1:${port}`
  const sandbox = createSandbox({
    clock,
    ids,
    apiKey: secrets.api,
    senders: [{ number: '255700000001', label: 'Sokoni' }],
    statusDelays: DELAYS,
    webhook: { url: `${url}/webhooks/karibu`, secret: secrets.webhook },
    phone: {
      people: demoPeople(),
      shop: { platform: 'woocommerce', name: 'Duka la Asha', url: `${url}/webhooks/duka`, secret: secrets.woocommerce },
      dashboard: { url: `${url}/dashboard`, token: secrets.token },
    },
  })
  const { url: karibuUrl } = await sandbox.start({ port: stay ? await portOr(FRIENDLY.sandbox) : 0 })
  const { config, secrets: loaded } = demoConfig({ folder, port, karibuUrl, secrets })
  const app = createApp(config, loaded, { clock, ids })
  try {
    await app.start()
    print(`Risiti on ${url}, a sandbox Karibu on ${karibuUrl}. No message leaves this machine.\n`)
    const stage = { url, sandbox, secrets, print, clock }
    const failed = await play(stage)
    const messages = await listMessages(url, secrets.token)
    print(`\n${table(messages)}\n`)
    if (!stay) await saveReceipts(folder, sandbox, messages, print)
    for (const expectation of failed) print(`FAILED  ${expectation}`)
    print(failed.length === 0 ? 'Every expectation held.' : `${failed.length} expectations did not hold.`)
    if (stay && failed.length === 0) {
      await setTheStage(sandbox)
      await stayOpen({ url, karibuUrl, token: secrets.token, print, signal: ports.signal })
    }
    return failed.length === 0 ? 0 : 1
  } finally {
    await app.stop()
    await sandbox.stop()
    await rm(stay ? folder : join(folder, 'data'), { recursive: true, force: true })
  }
}

interface Stage {
  url: string
  sandbox: Sandbox
  secrets: ReturnType<typeof demoSecrets>
  print(line: string): void
  clock: Clock
}

/** Gives the expectations that did not hold. */
async function play(stage: Stage): Promise<string[]> {
  const { sandbox, print, clock } = stage
  const { asha, wanjiru, juma, neema } = demoOrders(clock.now())
  const failed: string[] = []
  const expect = async (what: string, holds: () => Promise<boolean> | boolean) => {
    const held = await eventually(clock, holds)
    print(`  ${held ? 'ok' : 'NO'}  ${what}`)
    if (!held) failed.push(what)
  }
  const find = async (one: DemoOrder) =>
    (await listMessages(stage.url, stage.secrets.token)).filter((message) => message.order_number === one.order.number)
  const statusIs = async (one: DemoOrder, status: string) =>
    (await find(one)).some((message) => message.status === status)
  const imagesFor = (phone: string) => sandbox.images().filter((image) => image.to === phone).length

  print('Asha and Wanjirũ have written to the shops today; Juma has not.')
  sandbox.customerWrites(PHONES.asha, { text: 'Mambo, khanga zipo?', name: 'Asha' })
  sandbox.customerWrites(PHONES.wanjiru, { text: 'Hi, do you deliver?', name: 'Wanjirũ' })

  print('\nAsha pays in the WooCommerce shop; its webhook says created, then updated three times over.')
  const unpaid = { ...asha, order: withoutPayment(asha.order) }
  await expect('every delivery is answered 200', async () => {
    const answers = [await send(stage, unpaid, 'order.created')]
    for (let time = 0; time < 3; time++) answers.push(await send(stage, asha, 'order.updated'))
    return answers.every((answer) => answer.status === 200)
  })
  await expect('Asha’s receipt is read', () => statusIs(asha, 'read'))

  print('\nWanjirũ pays in the Shopify shop; orders/create and orders/paid both arrive, and paid arrives twice.')
  for (const topic of ['orders/create', 'orders/paid', 'orders/paid']) await send(stage, wanjiru, topic)
  await expect('Wanjirũ’s receipt is read', () => statusIs(wanjiru, 'read'))

  print('\nJuma pays through a shop of our own format while his window is closed.')
  await send(stage, juma, 'order.paid')
  await expect('Juma’s receipt is held', () => statusIs(juma, 'held'))
  await expect('nothing was sent to Juma', () => imagesFor(PHONES.juma) === 0)
  print('Juma writes.')
  sandbox.customerWrites(PHONES.juma, { text: 'Habari, nimelipa', name: 'Juma' })
  await expect('Juma’s receipt is read', () => statusIs(juma, 'read'))

  print('\nNeema left “12345” as her phone; and somebody posts an order with a wrong signature.')
  await send(stage, neema, 'order.updated')
  await expect(
    'Neema’s receipt is skipped with its reason',
    async () => (await find(neema))[0]?.reason?.code === 'invalid_phone',
  )
  await expect('the forged order is refused with 401', async () => (await forge(stage, neema)).status === 401)
  await expect('every customer has exactly one image', () =>
    Object.values(PHONES).every((phone) => imagesFor(phone) === 1),
  )
  return failed
}

function withoutPayment(order: DemoOrder['order']): DemoOrder['order'] {
  const { paidAt: _paid, payment: _payment, ...rest } = order
  return { ...rest, updatedAt: order.createdAt }
}

function send({ url, secrets, clock }: Stage, { platform, order }: DemoOrder, topic: string) {
  const webhook = toyWebhook(platform, secrets[platform], order, topic, clock.now())
  return postToy(`${url}/webhooks/${SHOP_OF[platform]}`, webhook)
}

function forge({ url, clock }: Stage, { platform, order }: DemoOrder) {
  return postToy(
    `${url}/webhooks/${SHOP_OF[platform]}`,
    toyWebhook(platform, 'not the secret', order, 'order.updated', clock.now()),
  )
}

async function eventually(clock: Clock, holds: () => Promise<boolean> | boolean): Promise<boolean> {
  const until = clock.now() + PATIENCE_MS
  while (clock.now() < until) {
    if (await holds()) return true
    await clock.sleep(50)
  }
  return false
}

async function listMessages(url: string, token: string): Promise<Shown[]> {
  const answer = await request(`${url}/v1/messages?limit=200`, { headers: { authorization: `Bearer ${token}` } })
  return shownPage.parse(await answer.body.json()).items.toReversed()
}

function table(messages: Shown[]): string {
  const rows = messages.map((message) => [
    message.order_number ?? '-',
    message.customer_name ?? '-',
    message.reason ? `${message.status}: ${message.reason.code}` : message.status,
    (message.read_at ?? message.sent_at ?? message.created_at).slice(11, 19),
  ])
  return formatTable(['ORDER', 'CUSTOMER', 'STATUS', 'WHEN (UTC)'], rows)
}

async function saveReceipts(
  folder: string,
  sandbox: Sandbox,
  messages: Shown[],
  print: (line: string) => void,
): Promise<void> {
  const target = join(folder, 'receipts')
  await mkdir(target, { recursive: true })
  print('The receipts as the customers’ phones got them:')
  for (const image of sandbox.images()) {
    const bytes = sandbox.imageOf(image.id)?.bytes
    const message = messages.find((one) => one.media_url === image.mediaUrl)
    if (!bytes || !message) continue
    const file = join(target, `${(message.order_number ?? message.id).replace(/[^\w-]/g, '')}.png`)
    await writeFile(file, bytes)
    print(`  ${file}`)
  }
  print(`They stay there for you to look at: remove ${folder} when you have.`)
}

function demoSecrets(ids: Ids) {
  return {
    api: ids.token(),
    webhook: `whsec_${ids.token()}`,
    woocommerce: ids.token(),
    shopify: ids.token(),
    standard: `whsec_${Buffer.from(ids.token()).toString('base64')}`,
    // To be typed by hand; it opens nothing but this demo, on this machine.
    token: 'karibu-demo-token',
  }
}
