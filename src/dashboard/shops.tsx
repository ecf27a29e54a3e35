import { Hono } from 'hono'
import type { ShopConfig } from '../config/types.ts'
import { type ShopSigns, shopSigns } from '../query/overview.ts'
import { platformNamed } from '../shops/registry.ts'
import { Badge } from './badge.tsx'
import { Fact } from './fact.tsx'
import { HOME } from './gate.ts'
import type { Page, PageEnv } from './page.ts'
import { phoneText } from './people.ts'
import { type Say, sayIn } from './say.ts'
import type { SiteDeps } from './site-deps.ts'
import { whenIn } from './when.ts'
import { eventName } from './words/events.ts'
import { setupSteps } from './words/setup.ts'
import { type ShopsWords, shopsWords } from './words/shops.ts'

/** `/dashboard/shops`: how each shop reaches us, and whether it does. */
export function shopsRoutes(deps: SiteDeps): Hono<PageEnv> {
  const { config, show } = deps
  return new Hono<PageEnv>().get('/', async (c) => {
    const page = c.get('page')
    const words = shopsWords(page.language)
    const signs = await shopSigns(deps)
    return show(c, {
      title: words.title,
      section: 'shops',
      children: (
        <>
          <p class="help">{words.intro}</p>
          {signs.map((sign) => {
            const shop = config.shops[sign.shop]
            return shop && <ShopCard page={page} words={words} shop={shop} signs={sign} publicUrl={config.publicUrl} />
          })}
          <section class="card">
            <h2>{words.briq}</h2>
            <p>{words.briqText}</p>
            <CopyField id="briq" words={words} label={words.address} value={`${config.publicUrl}/webhooks/karibu`} />
          </section>
        </>
      ),
    })
  })
}

interface CardProps {
  page: Page
  words: ShopsWords
  shop: ShopConfig
  signs: ShopSigns
  publicUrl: string
}

function ShopCard({ page, words, shop, signs, publicUrl }: CardProps) {
  const say = sayIn(page.language, shop.timezone, page.now)
  const title = platformNamed(shop.platform)?.facts.title ?? shop.platform
  return (
    <section class="card" id={shop.id}>
      <h2>{shop.brand.name}</h2>
      <p>
        <SilenceBadge words={words} signs={signs} />
      </p>
      <dl class="facts">
        <Fact name={words.platform}>
          {title} <code>{shop.id}</code>
        </Fact>
        <Fact name={words.sender}>{phoneText(shop.sender)}</Fact>
        <LastTold page={page} words={words} shop={shop} signs={signs} />
      </dl>
      {shop.silenceAlarm !== null && (
        <p class="help">
          {signs.silence?.alarmAfterMs ? words.alarm(say.span(signs.silence.alarmAfterMs)) : words.learning}
        </p>
      )}
      <Addresses words={words} shop={shop} publicUrl={publicUrl} />
      <Secrets words={words} shop={shop} />
      <Claim words={words} say={say} shop={shop} publicUrl={publicUrl} />
      <details class="small">
        <summary>{words.steps(title)}</summary>
        <ol class="steps">
          {setupSteps(shop.platform, page.language).map((step) => (
            <li>{step.replace('{secret}', secretOf(shop))}</li>
          ))}
        </ol>
        <p class="help">{words.more}</p>
      </details>
      <p class="actions">
        <a href={`${HOME}/events?source=${encodeURIComponent(shop.id)}`}>{words.events}</a>
        <a href={`${HOME}/messages?shop=${encodeURIComponent(shop.id)}`}>{words.messages}</a>
      </p>
    </section>
  )
}

/** The one that is in use; those behind it are on their way out. */
function secretOf({ secretNames: { signing, path } }: ShopConfig): string {
  return signing[0] ?? path[0] ?? ''
}

function SilenceBadge({ words, signs: { silence, last } }: Pick<CardProps, 'words' | 'signs'>) {
  if (silence?.silent) {
    return (
      <Badge tone="wait" icon="question">
        {words.silent}
      </Badge>
    )
  }
  const has = last !== undefined || (silence?.lastAt ?? null) !== null
  return (
    <Badge tone={has ? 'good' : 'still'} icon={has ? 'tick' : 'clock'}>
      {has ? words.asUsual : words.notYet}
    </Badge>
  )
}

function LastTold({ page, words, shop, signs: { last, silence } }: Omit<CardProps, 'publicUrl'>) {
  const when = whenIn(page.language, shop.timezone, page.now)
  const at = last?.receivedAt ?? silence?.lastAt ?? null
  return (
    <>
      <Fact name={words.lastDelivery}>{at === null ? words.never : when.time(at)}</Fact>
      <Fact name={words.lastEvent}>
        {last ? (
          <a href={`${HOME}/events/${last.id}`}>{eventName(last.type, page.language)}</a>
        ) : at === null ? (
          words.never
        ) : (
          words.notLately
        )}
        {last?.reason && (
          <>
            {': '}
            <span lang="en">{last.reason}</span>
          </>
        )}
      </Fact>
    </>
  )
}

/** A secret's place in an address is named, never filled in. */
function Addresses({ words, shop, publicUrl }: Pick<CardProps, 'words' | 'shop' | 'publicUrl'>) {
  const own = `${publicUrl}/webhooks/${shop.id}`
  const { path } = shop.secretNames
  const addresses = path.length === 0 ? [own] : path.map((name) => `${own}/{${name}}`)
  return (
    <>
      {addresses.map((address, index) => (
        <CopyField id={`${shop.id}-address-${index}`} words={words} label={words.address} value={address} />
      ))}
      {path.map((name) => (
        <p class="help">{words.putValue(name)}</p>
      ))}
      {shop.notificationUrl !== own && (
        <CopyField id={`${shop.id}-given`} words={words} label={words.addressAsGiven} value={shop.notificationUrl} />
      )}
    </>
  )
}

/** Can be selected and copied by hand; the button comes with the script. */
function CopyField({ id, words, label, value }: { id: string; words: ShopsWords; label: string; value: string }) {
  return (
    <>
      <label for={id}>{label}</label>
      <div class="copy">
        <input id={id} value={value} readonly spellcheck={false} />
        <button
          type="button"
          class="soft"
          hidden
          data-copy={id}
          data-told={words.copied}
          aria-label={`${words.copy}: ${label}`}
        >
          {words.copy}
        </button>
      </div>
      <p id={`${id}-told`} class="told" role="status" />
    </>
  )
}

function Secrets({ words, shop }: Pick<CardProps, 'words' | 'shop'>) {
  const { signing, path, credentials } = shop.secretNames
  const wanted = platformNamed(shop.platform)?.confirmer?.credentials ?? []
  const lacking = wanted.filter(({ name }) => !Object.hasOwn(credentials, name))
  const set = [
    ...signing.map((name) => [name, words.forSigning]),
    ...path.map((name) => [name, words.forPath]),
    ...Object.entries(credentials).map(([purpose, name]) => [name, purpose]),
  ]
  return (
    <>
      <h3>{words.secrets}</h3>
      <ul class="lines close">
        {set.map(([name, purpose]) => (
          <li>
            <code>{name}</code>
            <span class="grow muted">{purpose}</span>
            <Badge tone="good" icon="tick">
              {words.set}
            </Badge>
          </li>
        ))}
        {lacking.map(({ name }) => (
          <li>
            <code>{name}</code>
            <span class="grow muted">{words.optional}</span>
          </li>
        ))}
      </ul>
      <p class="help">{words.secretsText}</p>
    </>
  )
}

/** What the thank-you pages of these have a key for; others ask the API for the link. */
const CLAIM_KEYS: Record<string, string> = {
  woocommerce: 'order_key',
  shopify: 'confirmation_number',
  standard: 'claim_key',
}

function Claim({ words, say, shop, publicUrl }: Pick<CardProps, 'words' | 'shop' | 'publicUrl'> & { say: Say }) {
  const key = CLAIM_KEYS[shop.platform]
  if (key === undefined) return null
  return (
    <>
      <CopyField
        id={`${shop.id}-claim`}
        words={words}
        label={words.claim}
        value={`${publicUrl}/claim/${shop.id}/{order}?key={${key}}`}
      />
      <p class="help">{words.claimText(say.span(shop.claimExpiresAfterMs)).replace('{key}', `{${key}}`)}</p>
    </>
  )
}
