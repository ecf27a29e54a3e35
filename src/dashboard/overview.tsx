import { Hono } from 'hono'
import type { Child } from 'hono/jsx'
import { healthOf } from '../query/health.ts'
import { FAILURES_AT_MOST, type Overview, overviewOf, SHOP_ROWS_AT_MOST, type ShopSigns } from '../query/overview.ts'
import type { FailureCount } from '../store/overview.ts'
import { Bars, Funnel } from './charts.tsx'
import { HOME } from './gate.ts'
import { HealthLines } from './health.tsx'
import { Icon } from './icons.tsx'
import type { Page, PageEnv } from './page.ts'
import { type Say, sayIn } from './say.ts'
import type { SiteDeps } from './site-deps.ts'
import { StatusBadge } from './status-badge.tsx'
import { adviceFor } from './words/advice.ts'
import { type OverviewWords, overviewWords } from './words/overview.ts'

/** `/dashboard`: how things stand. */
export function overviewRoutes(deps: SiteDeps): Hono<PageEnv> {
  const { config, show } = deps
  return new Hono<PageEnv>().get('/', async (c) => {
    const page = c.get('page')
    const words = overviewWords(page.language)
    const say = sayIn(page.language, config.timezone, page.now)
    const overview = await overviewOf(deps, config.timezone)
    const health = await healthOf(deps)
    const numbers = (
      <Numbers page={page} words={words} say={say} overview={overview}>
        <HealthLines words={words} say={say} health={health} />
      </Numbers>
    )
    if (page.fragment) return c.html(numbers)
    return show(c, {
      title: words.title,
      section: 'overview',
      children: (
        <>
          <Find words={words} />
          {numbers}
        </>
      ),
    })
  })
}

interface Parts {
  words: OverviewWords
  say: Say
  overview: Overview
}

function Find({ words }: Pick<Parts, 'words'>) {
  return (
    <form class="find" action={`${HOME}/messages`}>
      <div class="line">
        <input
          type="search"
          name="q"
          maxlength={200}
          required
          autocomplete="off"
          aria-label={`${words.search}: ${words.searchHelp}`}
          placeholder={words.searchHelp}
        />
        <button type="submit">
          <Icon name="search" />
          <span>{words.find}</span>
        </button>
      </div>
    </form>
  )
}

/** The part that is renewed by itself. */
function Numbers({ page, words, say, overview, children }: Parts & { page: Page; children: Child }) {
  const isEmpty = overview.signs.every(({ silence, last }) => !last && !silence?.lastAt) && overview.day.made === 0
  return (
    <div id="numbers" data-still hx-get={HOME} hx-trigger="every 20s" hx-swap="outerHTML">
      {isEmpty ? <FirstSteps words={words} /> : <Today words={words} say={say} overview={overview} />}
      {!isEmpty && (
        <div class="pair">
          <Hours words={words} say={say} overview={overview} />
          <Stages words={words} say={say} overview={overview} />
        </div>
      )}
      {!isEmpty && (
        <div class="pair">
          <Held words={words} say={say} overview={overview} />
          <ArrivalTimes words={words} say={say} overview={overview} />
        </div>
      )}
      {!isEmpty && <Failures page={page} words={words} say={say} overview={overview} />}
      <div class="pair">
        <section class="card">
          <h2>{words.health}</h2>
          {children}
        </section>
        <Told words={words} say={say} signs={overview.signs} />
      </div>
      <p class="help">{words.updated(say.clock(page.now))}</p>
    </div>
  )
}

function FirstSteps({ words }: Pick<Parts, 'words'>) {
  return (
    <section class="card">
      <h2>{words.emptyTitle}</h2>
      <ol class="steps">
        <li>{words.emptyShop}</li>
        <li>{words.emptyWrite}</li>
        <li>{words.emptyOrder}</li>
      </ol>
      <p>
        <a role="button" href={`${HOME}/shops`}>
          {words.toShops}
        </a>
      </p>
    </section>
  )
}

function Today({ words, say, overview }: Parts) {
  const { shops, today } = overview
  const tiles: [label: string, value: number, kind: string, href: string | null][] = [
    [words.made, today.made, '', `${HOME}/messages`],
    [words.delivered, today.delivered, 'good', null],
    [words.read, today.read, 'good', null],
    [words.underWay, today.underWay + today.sent - today.delivered, '', null],
    [words.waiting, today.waiting, today.waiting > 0 ? 'wait' : '', `${HOME}/messages?status=held`],
    [words.notSent, today.notSent, today.notSent > 0 ? 'bad' : '', `${HOME}/messages?status=failed,skipped,expired`],
  ]
  return (
    <section class="card">
      <h2>{words.today}</h2>
      {today.made === 0 && <p>{words.quietToday}</p>}
      <ul class="tiles">
        {tiles.map(([label, value, kind, href]) => (
          <li class={kind}>
            <span>{href === null ? label : <a href={href}>{label}</a>}</span>
            <b>{say.number(value)}</b>
          </li>
        ))}
      </ul>
      {shops.length > 1 && <ShopTable words={words} say={say} shops={shops} />}
      {shops.some(({ more }) => more) && (
        <p class="help">{words.onlyNewest(say.number(Math.ceil(SHOP_ROWS_AT_MOST / shops.length)))}</p>
      )}
    </section>
  )
}

function ShopTable({ words, say, shops }: Pick<Parts, 'words' | 'say'> & { shops: Overview['shops'] }) {
  const columns = ['made', 'delivered', 'read', 'waiting', 'notSent'] as const
  return (
    <table class="stack numbers short">
      <thead>
        <tr>
          <th scope="col">{words.shop}</th>
          {columns.map((column) => (
            <th scope="col" class="right">
              {words[column]}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {shops.map(({ shop, name, today, more }) => (
          <tr>
            <th scope="row">
              <a href={`${HOME}/messages?shop=${encodeURIComponent(shop)}`}>{name}</a>
            </th>
            {columns.map((column) => (
              <td class="right" data-label={words[column]}>
                {say.number(today[column])}
                {more && today[column] > 0 && '+'}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Hours({ words, say, overview }: Parts) {
  const { hours } = overview
  const made = hours.reduce((sum, hour) => sum + hour.made.made, 0)
  const delivered = hours.reduce((sum, hour) => sum + hour.made.delivered, 0)
  const [peak] = hours.toSorted((a, b) => b.made.made - a.made.made)
  if (made === 0) return <Quiet title={words.hours} text={words.quietDay} />
  const bars = hours.map(({ from, made: one }, index) => ({
    label: index % 6 === 2 ? say.clock(from) : null,
    whole: one.made,
    part: one.delivered,
    text: words.hourOf(say.clock(from), say.number(one.delivered), say.number(one.made)),
  }))
  return (
    <section class="card">
      <h2>{words.hours}</h2>
      <p class="help">{words.hoursText}</p>
      <Bars
        id="hours"
        title={words.hours}
        desc={words.hoursDesc(say.number(delivered), say.number(made), say.clock(peak?.from ?? 0))}
        bars={bars}
        number={say.number}
      />
      <ul class="key">
        <li>
          <svg viewBox="0 0 10 10" aria-hidden="true">
            <rect class="full" width="10" height="10" />
          </svg>
          {words.onPhone}
        </li>
        <li>
          <svg viewBox="0 0 10 10" aria-hidden="true">
            <rect class="hollow" x="1" y="1" width="8" height="8" />
          </svg>
          {words.notOnPhone}
        </li>
      </ul>
      <details class="small">
        <summary>{words.asTable}</summary>
        <table class="numbers">
          <thead>
            <tr>
              <th scope="col">{words.hour}</th>
              <th scope="col">{words.made}</th>
              <th scope="col">{words.delivered}</th>
            </tr>
          </thead>
          <tbody>
            {hours.map(({ from, made: one }) => (
              <tr>
                <th scope="row">{say.clock(from)}</th>
                <td>{say.number(one.made)}</td>
                <td>{say.number(one.delivered)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </section>
  )
}

function Stages({ words, say, overview }: Parts) {
  const { day } = overview
  if (day.made === 0) return <Quiet title={words.funnel} text={words.quietDay} />
  const stages: [string, number][] = [
    [words.queued, day.made],
    [words.sent, day.sent],
    [words.delivered, day.delivered],
    [words.read, day.read],
  ]
  const shown = stages.map(([label, value]) => ({
    label,
    value: `${say.number(value)} · ${say.percent(value / day.made)}`,
    share: value / day.made,
  }))
  return (
    <section class="card">
      <h2>{words.funnel}</h2>
      <p class="help">{words.funnelText}</p>
      <Funnel
        id="funnel"
        title={words.funnel}
        desc={shown.map(({ label, value }) => `${label}: ${value}`).join('; ')}
        stages={shown}
      />
      <p>{words.apart(say.number(day.waiting), say.number(day.underWay), say.number(day.notSent))}</p>
      <details class="small">
        <summary>{words.asTable}</summary>
        <table class="numbers">
          <tbody>
            {stages.map(([label, value]) => (
              <tr>
                <th scope="row">{label}</th>
                <td>{say.number(value)}</td>
                <td>{say.percent(value / day.made)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </section>
  )
}

function Quiet({ title, text }: { title: string; text: string }) {
  return (
    <section class="card">
      <h2>{title}</h2>
      <p>{text}</p>
    </section>
  )
}

function ArrivalTimes({ words, say, overview: { arrival } }: Parts) {
  if (!arrival) return <Quiet title={words.arrival} text={words.noArrival} />
  return (
    <section class="card">
      <h2>{words.arrival}</h2>
      <dl class="facts">
        <div>
          <dt>{words.median}</dt>
          <dd class="big">{say.span(arrival.medianMs)}</dd>
        </div>
        <div>
          <dt>{words.p90}</dt>
          <dd class="big">{say.span(arrival.p90Ms)}</dd>
        </div>
      </dl>
      <p class="help">{words.arrivalOf(say.number(arrival.of))}</p>
    </section>
  )
}

function Held({ words, say, overview: { held, expiring } }: Parts) {
  if (held === 0) return <Quiet title={words.held} text={words.noneHeld} />
  return (
    <section class="card">
      <h2>
        {words.held}: {say.number(held)}
      </h2>
      <p class="help">{words.heldText}</p>
      <p>
        <b>{expiring.count === 0 ? words.noneExpiring : words.expiring(say.number(expiring.count))}</b>
      </p>
      <ul class="lines">
        {expiring.first.map(({ id, orderNumber, customerName, expiresAt }) => (
          <li>
            <a class="grow" href={`${HOME}/messages/${id}`}>
              {orderNumber ?? words.noOrder} {customerName && `· ${customerName}`}
            </a>
            <span>
              {words.expires} {say.since(expiresAt)}
            </span>
          </li>
        ))}
      </ul>
      <p>
        <a href={`${HOME}/messages?status=held`}>{words.seeHeld}</a>
      </p>
    </section>
  )
}

function Failures({ page, words, say, overview: { failures } }: Parts & { page: Page }) {
  if (failures.counts.length === 0) return <Quiet title={words.failures} text={words.noFailures} />
  return (
    <section class="card">
      <h2>{words.failures}</h2>
      <p class="help">{words.failuresText}</p>
      <ul class="lines tall">
        {failures.counts.toSorted(failedFirst).map(({ status, code, count }) => {
          const { what, todo } = adviceFor(code, page.language)
          const filter = status === 'failed' && code !== null ? `&error_code=${encodeURIComponent(code)}` : ''
          return (
            <li>
              <StatusBadge status={status} language={page.language} />
              <span class="count">{say.number(count)}</span>
              <span class="grow">
                <b>{what}.</b> {todo} {code && <code>{code}</code>}
              </span>
              <a href={`${HOME}/messages?status=${status}&since=7d${filter}`} aria-label={`${words.seeThem}: ${what}`}>
                {words.seeThem}
              </a>
            </li>
          )
        })}
      </ul>
      {failures.more && <p class="help">{words.atLeast(say.number(FAILURES_AT_MOST))}</p>}
    </section>
  )
}

function failedFirst(one: FailureCount, other: FailureCount): number {
  return Number(other.status === 'failed') - Number(one.status === 'failed')
}

function Told({ words, say, signs }: Pick<Parts, 'words' | 'say'> & { signs: ShopSigns[] }) {
  return (
    <section class="card">
      <h2>{words.shops}</h2>
      <ul class="lines">
        {signs.map(({ shop, silence, last }) => {
          const at = last?.receivedAt ?? silence?.lastAt ?? null
          return (
            <li>
              <span class="grow">
                <a href={`${HOME}/shops#${encodeURIComponent(shop)}`}>{shop}</a>{' '}
                {at === null ? words.neverTold : words.lastTold(say.since(at))}
              </span>
              {silence?.silent ? (
                <span class="badge wait">
                  <Icon name="question" />
                  {words.silent}
                </span>
              ) : (
                <span class={`badge ${at === null ? 'still' : 'good'}`}>
                  <Icon name={at === null ? 'clock' : 'tick'} />
                  {at === null ? words.notYet : words.asUsual}
                </span>
              )}
            </li>
          )
        })}
      </ul>
    </section>
  )
}
