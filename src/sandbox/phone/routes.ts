import { type Context, Hono } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { AppError } from '../../errors.ts'
import type { Controls } from '../controls.ts'
import { gateAt } from '../gates.ts'
import type { SandboxEnv } from '../http.ts'
import type { Sim } from '../sim.ts'
import { pairKey, type Sender } from '../state.ts'
import { AT_MOST_EACH, type Basket, GOODS, PAYMENTS, totalOfBasket } from './goods.ts'
import { guardPages } from './guard.ts'
import { isLanguage, LANGUAGE_COOKIE, languageFor } from './language.ts'
import { DEFAULT_PEOPLE, DEFAULT_TIME_ZONE, type PhoneOptions } from './options.ts'
import { createPeople, isNamed } from './people.ts'
import type { Chat, Scene, Shop } from './scene.ts'
import type { Till } from './till.ts'
import { timesOf } from './times.ts'
import { chatOf, rowOf } from './view.ts'
import { WORDS } from './words.ts'

type PhoneContext = Context<SandboxEnv>

export interface PhoneDeps {
  sim: Sim
  controls: Controls
  options: PhoneOptions
  till: Till | null
}

/** What draws is loaded when the first page is asked for. */
const pages = () => import('./pages.tsx')

const CHAT = '/phone/:number{[1-9][0-9]{6,17}}'

/** The customers’ phones and the toy shop, to look at and to play with: this machine only, as `/sandbox/`. */
export function phoneRoutes({ sim, controls, options, till }: PhoneDeps) {
  const { state } = sim
  const people = createPeople(state, options.people ?? DEFAULT_PEOPLE)

  function senderOf(c: PhoneContext): Sender {
    const asked = c.req.query('to')
    const fallback = state.senders.find((one) => one.isDefault) ?? state.senders[0]
    const sender = asked === undefined ? fallback : state.senders.find((one) => one.number === asked)
    if (sender) return sender
    throw new AppError('sandbox.not_found', 'we have no such number')
  }

  function chatIn(c: PhoneContext): Chat {
    const person = people.find(c.req.param('number') ?? '')
    const sender = senderOf(c)
    const otherSenders = state.senders.filter((one) => one !== sender)
    return { person, sender, otherSenders, view: chatOf(state, sender, person.number, sim.clock.now()) }
  }

  function windowOf(phone: string) {
    const written = state.senders.flatMap((sender) => state.lastInbound.get(pairKey(sender, phone)) ?? [])
    return gateAt(written.length === 0 ? null : Math.max(...written), sim.clock.now())
  }

  const shop: Shop | null = till && {
    name: options.shop?.name ?? '',
    get sales() {
      return till.sales()
    },
    windowOf,
    nameOf: (phone) => people.find(phone).name,
  }

  function sceneOf(c: PhoneContext, change: Partial<Scene> = {}): Scene {
    const language = languageFor(getCookie(c, LANGUAGE_COOKIE), c.req.header('accept-language'))
    const words = WORDS[language]
    return {
      language,
      words,
      times: timesOf(words, options.timeZone ?? DEFAULT_TIME_ZONE, sim.clock.now()),
      show: 'phone',
      people: [],
      chat: null,
      shop,
      dashboard: options.dashboard ?? null,
      fault: null,
      ...change,
    }
  }

  const rows = () => people.list().map((person) => ({ person, row: rowOf(state, person.number, sim.clock.now()) }))

  async function page(c: PhoneContext, change: Partial<Scene> = {}, status: 200 | 400 = 200): Promise<Response> {
    const { drawPage } = await pages()
    return c.html(drawPage(sceneOf(c, { people: rows(), ...change })), status)
  }

  async function thread(c: PhoneContext): Promise<Response> {
    const { drawThread } = await pages()
    return c.html(drawThread(sceneOf(c), chatIn(c)))
  }

  /** Drawn first: what was shown as delivered has been seen, and shows so the next time. */
  async function shown(c: PhoneContext, draw: Promise<Response>): Promise<Response> {
    const answer = await draw
    controls.phone(c.req.param('number') ?? '').opensChat(senderOf(c).number)
    return answer
  }

  async function orders(c: PhoneContext, change: Partial<Scene> = {}): Promise<Response> {
    const { drawOrders } = await pages()
    return c.html(drawOrders(sceneOf(c, change), openShop().shop))
  }

  function openShop(): { till: Till; shop: Shop } {
    if (till && shop) return { till, shop }
    throw new AppError('sandbox.not_found', 'the toy shop is not set up')
  }

  return new Hono<SandboxEnv>()
    .use('/phone', guardPages())
    .use('/phone/*', guardPages())
    .get('/phone', (c) => page(c))
    .get('/phone/people', async (c) => {
      const { drawPeople } = await pages()
      return c.html(drawPeople(sceneOf(c, { people: rows() })))
    })
    .post('/phone/people', async (c) => {
      const { number = '', name = '' } = await formOf(c)
      try {
        return c.redirect(`/phone/${people.add(number, name)}`, 303)
      } catch (error) {
        if (!(error instanceof AppError)) throw error
        return await page(c, { fault: { about: 'person', text: sceneOf(c).words.badNumber } }, 400)
      }
    })
    .post('/phone/language', async (c) => {
      const { language } = await formOf(c)
      const cookie = { path: '/phone', sameSite: 'Strict', httpOnly: true, maxAge: 365 * 24 * 3600 } as const
      if (isLanguage(language)) setCookie(c, LANGUAGE_COOKIE, language, cookie)
      return c.redirect(backFrom(c), 303)
    })
    .get('/phone/assets/:name', async (c) => {
      const { assetOf } = await import('./assets.ts')
      const asset = await assetOf(c.req.param('name'))
      if (!asset) return c.notFound()
      return c.body(asset.body, 200, { 'content-type': asset.type, 'cache-control': 'no-cache' })
    })
    .get('/phone/pictures/:id', (c) => {
      const image = controls.imageOf(c.req.param('id'))
      if (!image) throw new AppError('sandbox.not_found', 'no picture is kept for this message')
      // A message has one picture for good.
      const headers = { 'content-type': image.contentType, 'cache-control': 'private, max-age=3600, immutable' }
      return c.body(new Uint8Array(image.bytes), 200, headers)
    })
    .get('/phone/shop', (c) => page(c, { show: 'shop' }))
    .get('/phone/shop/orders', (c) => orders(c))
    .post('/phone/shop/orders', async (c) => {
      const form = await formOf(c)
      const { language, words } = sceneOf(c)
      const basket = basketIn(form)
      const phone = form.phone ?? ''
      if (totalOfBasket(basket) === 0) {
        const fault = { about: 'basket', text: words.emptyBasket } as const
        return isPart(c) ? await orders(c, { fault }) : await page(c, { show: 'shop', fault }, 400)
      }
      if (!people.list().some((one) => one.number === phone)) {
        throw new AppError('sandbox.invalid', 'the customer is none of those listed')
      }
      const payment = PAYMENTS.find((one) => one === form.payment) ?? PAYMENTS[0]
      const person = people.find(phone)
      const name = isNamed(person) ? person.name : 'Mteja'
      await openShop().till.buy({ phone, name, basket, payment, paid: form.paid !== 'no', language })
      return isPart(c) ? await orders(c) : c.redirect(backFrom(c), 303)
    })
    .post('/phone/shop/orders/:id', async (c) => {
      const { do: what } = await formOf(c)
      if (what !== 'pay' && what !== 'refund' && what !== 'repeat') {
        throw new AppError('sandbox.invalid', 'an order can be paid, refunded or repeated')
      }
      await openShop().till[what](c.req.param('id'))
      return isPart(c) ? await orders(c) : c.redirect(backFrom(c), 303)
    })
    .get(CHAT, (c) => shown(c, page(c, { chat: chatIn(c) })))
    .get(`${CHAT}/thread`, (c) => shown(c, thread(c)))
    .post(`${CHAT}/messages`, async (c) => {
      const { text = '' } = await formOf(c)
      const { person, sender } = chatIn(c)
      const said = text.trim().slice(0, 1000)
      const name = isNamed(person) ? person.name : undefined
      if (said !== '') controls.customerWrites(person.number, { text: said, to: sender.number, name })
      return isPart(c) ? await thread(c) : c.redirect(backFrom(c), 303)
    })
    .post(`${CHAT}/power`, async (c) => {
      const { on } = await formOf(c)
      const phone = controls.phone(c.req.param('number'))
      if (on === 'yes') phone.on()
      else phone.off()
      return c.redirect(backFrom(c), 303)
    })
}

/** Asked for by htmx, which puts it into a page that stays. */
function isPart(c: PhoneContext): boolean {
  return c.req.header('hx-request') === 'true'
}

async function formOf(c: PhoneContext): Promise<Record<string, string>> {
  const body = await c.req.parseBody()
  return Object.fromEntries(
    Object.entries(body).flatMap(([key, value]) => (typeof value === 'string' ? [[key, value]] : [])),
  )
}

function basketIn(form: Record<string, string>): Basket {
  return Object.fromEntries(
    GOODS.map(({ id }) => [id, Math.min(AT_MOST_EACH, Math.max(0, Math.trunc(Number(form[id]) || 0)))]),
  )
}

/** The page of ours that the form stood on. */
function backFrom(c: PhoneContext): string {
  const referer = c.req.header('referer') ?? ''
  const from = URL.canParse(referer) ? new URL(referer) : null
  const isPage =
    from !== null && from.host === new URL(c.req.url).host && /^\/phone(\/(shop|\d+))?$/.test(from.pathname)
  return isPage ? from.pathname + from.search : '/phone'
}
