import { Hono } from 'hono'
import { AppError } from '../errors.ts'
import { isAboutPeople } from '../replay/replay.ts'
import type { EventRow } from '../store/records.ts'
import { Fact } from './fact.tsx'
import { HOME } from './gate.ts'
import { BackLink, Form } from './layout.tsx'
import { OutcomeBadge } from './outcome-badge.tsx'
import { may, type Page, type PageEnv, requireScope } from './page.ts'
import { prettyJson } from './pretty.ts'
import { sayIn } from './say.ts'
import type { SiteDeps } from './site-deps.ts'
import { sourceName } from './source-name.ts'
import { whenIn } from './when.ts'
import { type EventsWords, eventName, eventsWords } from './words/events.ts'

/** More of a body than anybody reads on a page. */
const BODY_SHOWN = 64 * 1024

const hrefOf = (id: string) => `${HOME}/events/${id}`

/** One event, and taking it once more. */
export function eventRoutes({ config, store, replay, show }: SiteDeps): Hono<PageEnv> {
  async function load(id: string) {
    const found = await store.findEvent(id)
    if (!found) throw new AppError('event.unknown', 'there is no event of this id')
    return found
  }

  return new Hono<PageEnv>()
    .get('/:id', async (c) => {
      const page = c.get('page')
      const words = eventsWords(page.language)
      const { event, body } = await load(c.req.param('id'))
      const zone = config.shops[event.source]?.timezone ?? config.timezone
      return show(c, {
        title: eventName(event.type, page.language),
        section: 'events',
        above: <BackLink href={`${HOME}/events`}>{words.all}</BackLink>,
        children: (
          <>
            {c.req.query('replayed') !== undefined && <p class="note">{words.replayed}</p>}
            <Facts page={page} words={words} event={event} zone={zone} source={sourceName(config, event.source)} />
            <Trace page={page} words={words} event={event} />
            <Replay page={page} words={words} event={event} hasBody={body !== null} />
            <Body page={page} words={words} body={body} zone={zone} />
          </>
        ),
      })
    })
    .post('/:id/replay', async (c) => {
      requireScope(c.get('page'), 'send', 'admin')
      const { eventId } = await replay(c.req.param('id'))
      return c.redirect(`${hrefOf(eventId)}?replayed`, 303)
    })
}

interface Parts {
  page: Page
  words: EventsWords
  event: EventRow
}

function Facts({ page, words, event, zone, source }: Parts & { zone: string; source: string }) {
  const when = whenIn(page.language, zone, page.now)
  const order = event.orderNumber ?? event.orderId
  return (
    <section class="card">
      <p>
        <OutcomeBadge words={words} outcome={event.outcome} />
      </p>
      <dl class="facts">
        <Fact name={words.source}>{source}</Fact>
        <Fact name={words.received}>{when.exact(event.receivedAt)}</Fact>
        {order !== null && <Fact name={words.order}>{order}</Fact>}
        {event.occurredAt !== null && <Fact name={words.occurred}>{when.exact(event.occurredAt)}</Fact>}
        {event.topic !== null && <Fact name={words.topic}>{event.topic}</Fact>}
        <Fact name={words.id}>
          <code>{event.id}</code>
        </Fact>
      </dl>
      {event.reason !== null && (
        <p>
          <b>{words.why}:</b> <span lang="en">{event.reason}</span>
        </p>
      )}
      {order !== null && (
        <p class="actions">
          <a href={`${HOME}/messages?${new URLSearchParams({ order: event.orderId ?? order }).toString()}`}>
            {words.ofOrder}
          </a>
          <a href={`${HOME}/events?${new URLSearchParams({ order: event.orderId ?? order }).toString()}`}>
            {words.eventsOfOrder}
          </a>
        </p>
      )}
    </section>
  )
}

function Trace({ page, words, event }: Parts) {
  return (
    <section class="card">
      <h2>{words.trace}</h2>
      {event.trace.length === 0 && <p>{words.noTrace}</p>}
      {event.trace.length > 0 && page.language !== 'en' && <p class="help">{words.english}</p>}
      <ol class="lines">
        {event.trace.map(({ step, text, messageId }) => (
          <li>
            <code>{step}</code>
            <span class="grow" lang="en">
              {text}
            </span>
            {messageId !== undefined && <a href={`${HOME}/messages/${messageId}`}>{words.toMessage}</a>}
          </li>
        ))}
      </ol>
    </section>
  )
}

function Replay({ page, words, event, hasBody }: Parts & { hasBody: boolean }) {
  const hindrance = isAboutPeople(event)
    ? words.aboutPeople
    : !hasBody
      ? words.cannotReplay
      : may(page, 'send', 'admin')
        ? null
        : words.mayNotReplay
  return (
    <section class="card">
      <h2>{words.replay}</h2>
      {hindrance !== null && <p>{hindrance}</p>}
      {hindrance === null && (
        <details class="small">
          <summary>{words.replay}…</summary>
          <p>{words.replayText}</p>
          <Form page={page} action={`${hrefOf(event.id)}/replay`}>
            <button type="submit">{words.replayNow}</button>
          </Form>
        </details>
      )}
    </section>
  )
}

function Body({ page, words, body, zone }: Omit<Parts, 'event'> & { body: Buffer | null; zone: string }) {
  const say = sayIn(page.language, zone, page.now)
  return (
    <section class="card">
      <h2>{words.body}</h2>
      {body === null ? (
        <p>{words.bodyGone}</p>
      ) : (
        <>
          {body.length > BODY_SHOWN && (
            <p class="help">{words.bodyCut(say.bytes(BODY_SHOWN), say.bytes(body.length))}</p>
          )}
          {/* It scrolls, so it can be reached by keyboard. */}
          <pre class="body" tabindex={0} lang="en">
            {shown(body)}
          </pre>
        </>
      )}
    </section>
  )
}

function shown(body: Buffer): string {
  if (body.length > BODY_SHOWN) return body.subarray(0, BODY_SHOWN).toString('utf8')
  return prettyJson(body.toString('utf8'))
}
