import { Hono } from 'hono'
import { cursorOf, EVENT_FILTERS, parseEventFilter, parsePage, type RawFilter } from '../query/filters.ts'
import type { EventRow } from '../store/records.ts'
import { askedOf } from './asked.ts'
import { Choice } from './choice.tsx'
import { eventRoutes } from './event.tsx'
import { HOME } from './gate.ts'
import { OutcomeBadge } from './outcome-badge.tsx'
import type { Page, PageEnv } from './page.ts'
import { FilterActions, Pager } from './parts.tsx'
import { ROWS, readOn } from './read-on.ts'
import type { SiteDeps } from './site-deps.ts'
import { sourceName } from './source-name.ts'
import { dayStart, whenIn } from './when.ts'
import { EVENT_TYPES, type EventsWords, eventName, eventsWords } from './words/events.ts'

const HERE = `${HOME}/events`

/** `/dashboard/events`: what came in. */
export function eventsRoutes(deps: SiteDeps): Hono<PageEnv> {
  const { config, store, show } = deps
  const nameOf = (source: string) => sourceName(config, source)
  const routes = new Hono<PageEnv>().get('/', async (c) => {
    const page = c.get('page')
    const words = eventsWords(page.language)
    const asked = askedOf(c.req.query(), EVENT_FILTERS)
    const { since = '', cursor, ...others } = asked
    const from = dayStart(since, config.timezone)
    const filter = parseEventFilter({ ...others, since: from === undefined ? asked.since : undefined }, page.now)
    const { before } = parsePage({ cursor })
    const found = await readOn((part) => store.listEvents({ ...filter, since: from ?? filter.since }, part), {
      before,
      limit: ROWS,
    })
    return show(c, {
      title: words.title,
      section: 'events',
      children: (
        <>
          <p class="help">{words.intro}</p>
          <Filters
            words={words}
            page={page}
            asked={asked}
            nameOf={nameOf}
            sources={[...Object.keys(config.shops), 'karibu']}
          />
          <List
            words={words}
            page={page}
            nameOf={nameOf}
            rows={found.rows}
            zone={config.timezone}
            found={foundOf(asked, found.next)}
          />
          <Pager
            words={words}
            first={cursor === undefined ? null : hrefOf({ ...asked, cursor: undefined })}
            next={found.next === null ? null : hrefOf({ ...asked, cursor: cursorOf(found) ?? undefined })}
          />
        </>
      ),
    })
  })
  return routes.route('/', eventRoutes(deps))
}

function hrefOf(asked: RawFilter): string {
  const given = Object.entries(asked).filter((one): one is [string, string] => one[1] !== undefined)
  return given.length === 0 ? HERE : `${HERE}?${new URLSearchParams(given).toString()}`
}

interface FiltersProps {
  words: EventsWords
  page: Page
  asked: RawFilter
  sources: string[]
  nameOf(source: string): string
}

function Filters({ words, page, asked, sources, nameOf }: FiltersProps) {
  const { cursor: _, ...filters } = asked
  const types: [string, string][] = EVENT_TYPES.map((type) => [type, eventName(type, page.language)])
  const outcomes: [string, string][] = [
    ['handled', words.handled],
    ['ignored', words.ignored],
  ]
  const named = sources.map((source): [string, string] => [source, nameOf(source)])
  return (
    <form class="find" action={HERE}>
      <details class="filters" open={Object.keys(filters).length > 0}>
        <summary>{words.filters}</summary>
        <div class="fields">
          <Choice label={words.source} name="source" any={words.any} chosen={asked['source']} options={named} />
          <Choice label={words.type} name="type" any={words.any} chosen={asked['type']} options={types} />
          <Choice label={words.outcome} name="outcome" any={words.any} chosen={asked['outcome']} options={outcomes} />
          <label>
            {words.order}
            <input name="order" value={asked['order']} placeholder={words.orderHelp} maxlength={200} />
          </label>
          <label>
            {words.since}
            <input type="date" name="since" value={asked['since']} />
          </label>
        </div>
        <FilterActions words={words} all={HERE} />
      </details>
    </form>
  )
}

interface ListProps {
  words: EventsWords
  page: Page
  rows: EventRow[]
  nameOf(source: string): string
  zone: string
  found: Found
}

/** Why a list may be empty: nothing came in, nothing fits, or nothing fits so far. */
type Found = 'all' | 'filtered' | 'part'

function foundOf(asked: RawFilter, next: string | null): Found {
  if (next !== null) return 'part'
  return Object.keys(asked).length > 0 ? 'filtered' : 'all'
}

function List({ words, page, rows, nameOf, zone, found }: ListProps) {
  if (rows.length === 0) {
    return (
      <div class="card empty">
        <h2>{found === 'all' ? words.noneYet : words.none}</h2>
        <p>{{ all: words.noneYetText, filtered: words.noneText, part: words.furtherBack }[found]}</p>
        {found === 'all' && (
          <a role="button" href={`${HOME}/shops`}>
            {words.toShops}
          </a>
        )}
      </div>
    )
  }
  const when = whenIn(page.language, zone, page.now)
  return (
    <ul class="rows">
      {rows.map((event) => (
        <li class="row">
          <OutcomeBadge words={words} outcome={event.outcome} />
          <p class="who">
            <a href={`${HERE}/${event.id}`}>{eventName(event.type, page.language)}</a>
            <span class="muted">{words.from(nameOf(event.source))}</span>
          </p>
          <p class="says">
            {(event.orderNumber ?? event.orderId)
              ? words.orderNo(event.orderNumber ?? event.orderId ?? '')
              : words.noOrder}
            {event.reason && (
              <>
                {' · '}
                <span lang="en">{event.reason}</span>
              </>
            )}
          </p>
          <time datetime={new Date(event.receivedAt).toISOString()}>{when.time(event.receivedAt)}</time>
        </li>
      ))}
    </ul>
  )
}
