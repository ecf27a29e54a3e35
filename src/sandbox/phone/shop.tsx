import { formatMoney } from '../../money.ts'
import { totalOf } from '../toy-order.ts'
import { AT_MOST_EACH, CURRENCY, GOODS, PAYMENTS } from './goods.ts'
import { GoodPicture } from './icons.tsx'
import type { Scene, Shop } from './scene.ts'
import type { Posted, Sale } from './till.ts'
import type { Words } from './words.ts'

const FIRST_BASKET = { khanga: 1 } as Record<string, number>

export function ShopPane({ scene }: { scene: Scene }) {
  const { words, shop } = scene
  if (!shop) return <NoShop words={words} />
  return (
    <>
      <header>
        <h2>{shop.name}</h2>
        <p>{words.shopIntro}</p>
      </header>
      <Counter scene={scene} />
      <h3>{words.orders}</h3>
      <Orders scene={scene} shop={shop} />
    </>
  )
}

function NoShop({ words }: { words: Words }) {
  return (
    <>
      <header>
        <h2>{words.noShopTitle}</h2>
      </header>
      <p>{words.noShopIntro}</p>
      <pre tabindex={0}>
        {
          'risiti sandbox \\\n  --shop-url http://127.0.0.1:8787/webhooks/duka \\\n  --shop-secret-env DUKA_WEBHOOK_SECRET'
        }
      </pre>
      <p>{words.noShopAfter}</p>
    </>
  )
}

function Counter({ scene }: { scene: Scene }) {
  const { words, language, people, chat } = scene
  return (
    <form
      class="counter"
      method="post"
      action="/phone/shop/orders"
      hx-post="/phone/shop/orders"
      hx-target="#orders"
      hx-swap="outerMorph"
    >
      <ul class="goods">
        {GOODS.map((good) => (
          <li>
            <GoodPicture id={good.id} />
            <span class="name">
              {good.name}
              <small>
                {good.detail[language]} · {formatMoney(good.price, CURRENCY)}
              </small>
            </span>
            <input
              type="number"
              name={good.id}
              min={0}
              max={AT_MOST_EACH}
              value={FIRST_BASKET[good.id] ?? 0}
              data-price={good.price}
              inputmode="numeric"
              aria-label={words.quantity(good.name)}
            />
          </li>
        ))}
      </ul>
      <p class="total">
        {words.total} <output id="total">{formatMoney(totalOfShelf(), CURRENCY)}</output>
      </p>
      <div class="pair">
        <label>
          {words.customer}
          <select name="phone">
            {people.map(({ person }) => (
              <option value={person.number} selected={person.number === chat?.person.number}>
                {person.name}
              </option>
            ))}
          </select>
        </label>
        <label>
          {words.payWith}
          <select name="payment">
            {PAYMENTS.map((payment) => (
              <option>{payment}</option>
            ))}
          </select>
        </label>
      </div>
      <div class="pair">
        <button name="paid" value="yes">
          {words.buy}
        </button>
        <button class="quiet" name="paid" value="no">
          {words.payLater}
        </button>
      </div>
    </form>
  )
}

function totalOfShelf(): number {
  return GOODS.reduce((sum, good) => sum + good.price * (FIRST_BASKET[good.id] ?? 0), 0)
}

export function Orders({ scene, shop }: { scene: Scene; shop: Shop }) {
  const { words, fault } = scene
  return (
    <div id="orders" class="orders" hx-get="/phone/shop/orders" hx-trigger="every 2s" hx-swap="outerMorph">
      {fault?.about === 'basket' && (
        <p class="fault" role="alert">
          {fault.text}
        </p>
      )}
      {shop.sales.length === 0 && <p class="aside">{words.noOrders}</p>}
      {shop.sales.map((sale) => (
        <SaleCard scene={scene} shop={shop} sale={sale} />
      ))}
    </div>
  )
}

function SaleCard({ scene, shop, sale }: { scene: Scene; shop: Shop; sale: Sale }) {
  const { words } = scene
  const { order, state, phone } = sale
  const path = `/phone/shop/orders/${order.id}`
  const name = shop.nameOf(phone)
  const waits = state === 'paid' && !shop.windowOf(phone).open
  return (
    <article class={`sale ${state}`} id={`o-${order.id}`}>
      <h4>
        {order.number} <span class="badge">{words.saleState[state]}</span>
      </h4>
      <p>
        {name} · {formatMoney(totalOf(order), order.currency)}
        {order.payment ? ` · ${order.payment.method}` : ''}
      </p>
      <ul class="posted">
        {sale.posted.slice(-4).map((posted) => (
          <PostedLine scene={scene} posted={posted} />
        ))}
      </ul>
      {waits && (
        <p class="hint">
          {words.heldHint(name)} <a href={`/phone/${phone}`}>{words.writeNow(name)}</a>
        </p>
      )}
      <form method="post" action={path} hx-post={path} hx-target="#orders" hx-swap="outerMorph">
        {state === 'unpaid' && (
          <button class="small" name="do" value="pay">
            {words.payNow}
          </button>
        )}
        {state === 'paid' && (
          <button class="small quiet" name="do" value="refund">
            {words.refund}
          </button>
        )}
        <button class="small quiet" name="do" value="repeat">
          {words.again}
        </button>
        {scene.dashboard && (
          <a class="small" href={`${scene.dashboard.url}/messages?q=${order.number}`}>
            {words.seeMessages}
          </a>
        )}
      </form>
    </article>
  )
}

function PostedLine({ scene: { words, times }, posted }: { scene: Scene; posted: Posted }) {
  const { topic, at, status, eventId, duplicate, trouble } = posted
  const isFine = status !== null && status < 300
  return (
    <li class={isFine ? 'fine' : 'bad'}>
      <time>{times.clock(at)}</time> {words.posted} <code>{topic}</code>:{' '}
      {status === null ? words.notAnswered : words.answered(status)}
      {duplicate && `, ${words.duplicate}`}
      {eventId !== null && (
        <>
          {' '}
          <code class="id">{eventId}</code>
        </>
      )}
      {trouble !== null && <span class="trouble"> {trouble}</span>}
    </li>
  )
}
