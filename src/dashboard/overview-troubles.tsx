import { FAILURES_AT_MOST } from '../query/overview.ts'
import type { FailureCount } from '../store/overview.ts'
import { Badge } from './badge.tsx'
import { HOME } from './gate.ts'
import type { Parts } from './overview-parts.ts'
import type { Page } from './page.ts'
import { QuietCard } from './quiet-card.tsx'
import { StatusBadge } from './status-badge.tsx'
import { adviceFor } from './words/advice.ts'

export function ArrivalTimes({ words, say, overview: { arrival } }: Parts) {
  if (!arrival) return <QuietCard title={words.arrival} text={words.noArrival} />
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

export function Held({ words, say, overview: { held, expiring } }: Parts) {
  if (held === 0) return <QuietCard title={words.held} text={words.noneHeld} />
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

export function Failures({ page, words, say, overview: { failures } }: Parts & { page: Page }) {
  if (failures.counts.length === 0) return <QuietCard title={words.failures} text={words.noFailures} />
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

export function Told({ words, say, overview: { signs, shops } }: Parts) {
  const names = new Map(shops.map(({ shop, name }) => [shop, name]))
  return (
    <section class="card">
      <h2>{words.shops}</h2>
      <ul class="lines">
        {signs.map(({ shop, silence, last }) => {
          const at = last?.receivedAt ?? silence?.lastAt ?? null
          return (
            <li>
              <span class="grow">
                <a href={`${HOME}/shops#${encodeURIComponent(shop)}`}>{names.get(shop) ?? shop}</a>{' '}
                {at === null ? words.neverTold : words.lastTold(say.since(at))}
              </span>
              {silence?.silent ? (
                <Badge tone="wait" icon="question">
                  {words.silent}
                </Badge>
              ) : (
                <Badge tone={at === null ? 'still' : 'good'} icon={at === null ? 'clock' : 'tick'}>
                  {at === null ? words.notYet : words.asUsual}
                </Badge>
              )}
            </li>
          )
        })}
      </ul>
    </section>
  )
}
