import { Hono } from 'hono'
import { cursorOf, MESSAGE_FILTERS, type RawFilter } from '../query/filters.ts'
import { MESSAGE_STATUSES } from '../store/words.ts'
import { askedOf } from './asked.ts'
import { Choice } from './choice.tsx'
import { findMessages } from './find-messages.ts'
import { HOME } from './gate.ts'
import { type ListedMessage, listed, MessageList, shopNamesOf } from './message-list.tsx'
import type { Page, PageEnv } from './page.ts'
import { FilterActions, Pager, Renewed, SearchLine, withQuery } from './parts.tsx'
import type { SiteDeps } from './site-deps.ts'
import { whenIn } from './when.ts'
import { messagesWords } from './words/messages.ts'
import { saysWords } from './words/says.ts'

const HERE = `${HOME}/messages`

/** What people ask for at one touch; the filter holds every status for itself. */
const GROUPS = [
  ['waiting', 'held,queued,sending,pending,sent'],
  ['arrived', 'delivered,read'],
  ['trouble', 'uncertain,failed'],
  ['notSent', 'skipped,expired,cancelled'],
] as const

export function messagesRoutes({ config, store, show }: SiteDeps): Hono<PageEnv> {
  return new Hono<PageEnv>().get('/', async (c) => {
    const page = c.get('page')
    const asked = askedOf(c.req.query(), MESSAGE_FILTERS)
    const found = await findMessages({ store, config }, asked, page.now)
    const rows = await listed({ store, config }, found.rows, page)
    const list = <Found page={page} asked={asked} rows={rows} next={cursorOf(found)} config={config} />
    if (page.fragment) return c.html(list)
    return show(c, {
      title: messagesWords(page.language).title,
      section: 'messages',
      children: (
        <>
          <SearchForm page={page} asked={asked} config={config} />
          <Groups page={page} asked={asked} />
          <Renewed from={asked.cursor === undefined ? hrefOf(asked) : null}>{list}</Renewed>
        </>
      ),
    })
  })
}

/** The list with other filters in place of some of these. */
function hrefOf(asked: RawFilter, change: RawFilter = {}): string {
  return withQuery(HERE, { ...asked, ...change })
}

type Option = [value: string, label: string]

interface Asked {
  page: Page
  asked: RawFilter
}

function SearchForm({ page, asked, config }: Asked & Pick<SiteDeps, 'config'>) {
  const words = messagesWords(page.language)
  const { status, shop, rule, since, until, error_code: errorCode } = asked
  const inGroup = GROUPS.some(([, statuses]) => statuses === status)
  const open = [inGroup ? undefined : status, shop, rule, since, until, errorCode].some((one) => one !== undefined)
  const said = saysWords(page.language)
  const statuses = [
    ...GROUPS.map(([name, value]): Option => [value, words[name]]),
    ...MESSAGE_STATUSES.map((one): Option => [one, said[one]]),
  ]
  const shops = Object.values(config.shops).map(({ id, brand }): Option => [id, brand.name])
  const rules = config.rules.map(({ name }): Option => [name, name])
  return (
    <search class="find">
      <form method="get" action={HERE}>
        <SearchLine label={words.search} button={words.find} q={asked.q} />
        <details class="filters" open={open}>
          <summary>{words.filters}</summary>
          <div class="fields">
            <Choice label={words.status} name="status" any={words.any} chosen={status} options={statuses} />
            {shops.length > 1 && (
              <Choice label={words.shop} name="shop" any={words.any} chosen={shop} options={shops} />
            )}
            <Choice label={words.rule} name="rule" any={words.any} chosen={rule} options={rules} />
            <label>
              {words.since}
              <input type="date" name="since" value={since} />
            </label>
            <label>
              {words.until}
              <input type="date" name="until" value={until} />
            </label>
            {errorCode !== undefined && (
              <label>
                {words.errorCode}
                <input name="error_code" value={errorCode} />
              </label>
            )}
          </div>
          <FilterActions words={words} all={HERE} />
        </details>
      </form>
    </search>
  )
}

function Groups({ page, asked }: Asked) {
  const words = messagesWords(page.language)
  const chosen = [['all', undefined] as const, ...GROUPS]
  return (
    <nav class="groups" aria-label={words.show}>
      {chosen.map(([name, status]) => (
        <a
          href={hrefOf(asked, { status, cursor: undefined })}
          aria-current={asked.status === status ? ('true' as const) : undefined}
        >
          {words[name]}
        </a>
      ))}
    </nav>
  )
}

interface FoundProps extends Asked, Pick<SiteDeps, 'config'> {
  rows: ListedMessage[]
  next: string | null
}

function Found({ page, asked, rows, next, config }: FoundProps) {
  const { language, now } = page
  const words = messagesWords(language)
  const isFirst = asked.cursor === undefined
  return (
    <>
      {rows.length === 0 ? (
        <Nothing words={words} filtered={Object.keys(asked).length > 0} more={next !== null} />
      ) : (
        <MessageList rows={rows} language={language} now={now} shopNames={shopNamesOf(config)} />
      )}
      <Pager
        words={words}
        first={isFirst ? null : hrefOf(asked, { cursor: undefined })}
        next={next === null ? null : hrefOf(asked, { cursor: next })}
      />
      {isFirst && <p class="muted asof">{words.asOf(whenIn(language, config.timezone, now).clock(now))}</p>}
    </>
  )
}

function Nothing({
  words,
  filtered,
  more,
}: {
  words: ReturnType<typeof messagesWords>
  filtered: boolean
  more: boolean
}) {
  if (more) return <p class="card empty">{words.notYet}</p>
  return (
    <div class="card empty">
      <h2>{filtered ? words.nothingTitle : words.noneTitle}</h2>
      <p>{filtered ? words.nothing : words.none}</p>
      {filtered && <a href={HERE}>{words.clear}</a>}
    </div>
  )
}
