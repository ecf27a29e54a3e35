import { Hono } from 'hono'
import type { Child } from 'hono/jsx'
import type { Config, Rule } from '../config/types.ts'
import { HOME } from './gate.ts'
import type { Page, PageEnv } from './page.ts'
import { RehearsalForm } from './rehearsal-form.tsx'
import { type Say, sayIn } from './say.ts'
import type { SiteDeps } from './site-deps.ts'
import { OCCASIONS, type RulesWords, rulesWords } from './words/rules.ts'

/** `/dashboard/rules`: what is sent when, and trying it out. */
export function rulesRoutes({ config, show }: SiteDeps): Hono<PageEnv> {
  return new Hono<PageEnv>().get('/', (c) => {
    const page = c.get('page')
    const words = rulesWords(page.language)
    const say = sayIn(page.language, config.timezone, page.now)
    return show(c, {
      title: words.title,
      section: 'rules',
      children: (
        <>
          <p class="help">{words.intro}</p>
          {config.rules.length === 0 && <p class="card">{words.none}</p>}
          {config.rules.map((rule) => (
            <RuleCard page={page} words={words} say={say} rule={rule} shops={config.shops} />
          ))}
          <section class="card" id="rehearse">
            <h2>{words.rehearse}</h2>
            <p>{words.rehearseText}</p>
            <RehearsalForm page={page} shops={config.shops} />
          </section>
        </>
      ),
    })
  })
}

interface CardProps {
  page: Page
  words: RulesWords
  say: Say
  rule: Rule
  shops: Config['shops']
}

function RuleCard({ page, words, say, rule, shops }: CardProps) {
  const { caption, image } = rule.send
  const conditions = conditionsOf(rule, words, shops)
  return (
    <section class="card">
      <h2>
        <a href={`${HOME}/messages?rule=${encodeURIComponent(rule.name)}`}>{rule.name}</a>
      </h2>
      <dl class="said">
        <Said name={words.when}>{OCCASIONS[rule.on][page.language]}</Said>
        <Said name={words.provided}>
          {conditions.length === 0 ? (
            words.always
          ) : (
            <ul>
              {conditions.map((condition) => (
                <li>{condition}</li>
              ))}
            </ul>
          )}
        </Said>
        <Said name={words.sends}>
          {image.kind === 'url' ? (
            <>
              {words.picture} <code>{image.url}</code>
            </>
          ) : rule.on === 'order.refunded' ? (
            words.refundReceipt
          ) : (
            words.receipt
          )}
        </Said>
        {caption.sw === caption.en ? (
          <Said name={words.caption}>
            <Template text={caption.sw} />
          </Said>
        ) : (
          <>
            <Said name={words.captionSw}>
              <Template text={caption.sw} />
            </Said>
            <Said name={words.captionEn}>
              <Template text={caption.en} />
            </Said>
          </>
        )}
        <Said name={words.closed}>{closedWords(rule, words, say)}</Said>
      </dl>
    </section>
  )
}

function Said({ name, children }: { name: string; children: Child }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

/** What is filled in stands out from what is said to everybody. */
function Template({ text }: { text: string }) {
  const parts = text.split(/(\{\{.*?\}\}|\{%.*?%\})/s)
  return <p class="caption">{parts.map((part) => (/^\{[{%]/.test(part) ? <code>{part}</code> : part))}</p>
}

function conditionsOf({ when, if: condition }: Rule, words: RulesWords, shops: Config['shops']): Child[] {
  const nameOf = (shop: string) => shops[shop]?.brand.name ?? shop
  return [
    ...(when.shops ? [words.ofShops(when.shops.map(nameOf).join(words.or))] : []),
    ...(when.currency === null ? [] : [words.ofCurrency(when.currency)]),
    ...(when.minTotal === null ? [] : [words.ofTotal(when.minTotal)]),
    ...(when.text ? [words.ofText(when.text.map((one) => `“${one}”`).join(words.or))] : []),
    ...(condition === null
      ? []
      : [
          <>
            {words.ofCondition} <code>{condition}</code>
          </>,
        ]),
  ]
}

function closedWords({ whenClosed, invite, expiresAfterMs }: Rule, words: RulesWords, say: Say): string {
  if (whenClosed === 'skip') return words.skip
  const atMost = say.span(expiresAfterMs)
  return whenClosed === 'invite' ? words.invite(invite?.template ?? '', atMost) : words.hold(atMost)
}
