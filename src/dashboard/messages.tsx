import { Hono } from 'hono'
import { cursorOf, type RawFilter } from '../query/filters.ts'
import { MESSAGE_STATUSES } from '../store/words.ts'
import { askedOf, findMessages } from './find-messages.ts'
import { HOME } from './gate.ts'
import { Icon } from './icons.tsx'
import { type ListedMessage, listed, MessageList, shopNamesOf } from './message-list.tsx'
import type { Page, PageEnv } from './page.ts'
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
    const asked = askedOf(c.req.query())
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
          {asked.cursor === undefined ? (
            <div id="found" hx-get={hrefOf(asked)} hx-trigger="every 5s" hx-swap="innerMorph">
              {list}
            </div>
          ) : (
            list
          )}
        </>
      ),
    })
  })
}

/** The list with other filters in place of some of these. */
function hrefOf(asked: RawFilter, change: RawFilter = {}): string {
  const given = Object.entries({ ...asked, ...change }).filter((one): one is [string, string] => one[1] !== undefined)
  const query = new URLSearchParams(given).toString()
  return query === '' ? HERE : `${HERE}?${query}`
}

interface Asked {
  page: Page
  asked: RawFilter
}

function SearchForm({ page, asked, config }: Asked & Pick<SiteDeps, 'config'>) {
  const words = messagesWords(page.language)
  const { status, shop, rule, since, until, error_code: errorCode } = asked
  const inGroup = GROUPS.some(([, statuses]) => statuses === status)
  const open = [inGroup ? undefined : status, shop, rule, since, until, errorCode].some((one) => one !== undefined)
  const shops = Object.values(config.shops)
  return (
    <search class="find">
      <form method="get" action={HERE}>
        <div class="line">
          <label for="q" class="hidden">
            {words.search}
          </label>
          <input
            id="q"
            name="q"
            type="search"
            value={asked.q}
            placeholder={words.search}
            maxlength={200}
            autocomplete="off"
          />
          <button type="submit">
            <Icon name="search" />
            <span>{words.find}</span>
          </button>
        </div>
        <details class="filters" open={open}>
          <summary>{words.filters}</summary>
          <div class="fields">
            <label>
              {words.status}
              <select name="status">
                <option value="">{words.any}</option>
                {GROUPS.map(([name, value]) => (
                  <option value={value} selected={status === value}>
                    {words[name]}
                  </option>
                ))}
                {MESSAGE_STATUSES.map((one) => (
                  <option value={one} selected={status === one}>
                    {saysWords(page.language)[one]}
                  </option>
                ))}
              </select>
            </label>
            {shops.length > 1 && (
              <label>
                {words.shop}
                <select name="shop">
                  <option value="">{words.any}</option>
                  {shops.map(({ id, brand }) => (
                    <option value={id} selected={shop === id}>
                      {brand.name}
                    </option>
                  ))}
                </select>
              </label>
            )}
            <label>
              {words.rule}
              <select name="rule">
                <option value="">{words.any}</option>
                {config.rules.map(({ name }) => (
                  <option value={name} selected={rule === name}>
                    {name}
                  </option>
                ))}
              </select>
            </label>
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
          <div class="actions">
            <button type="submit">{words.apply}</button>
            <a role="button" class="soft" href={HERE}>
              {words.clear}
            </a>
          </div>
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
      <nav class="pages" aria-label={words.older}>
        {!isFirst && <a href={hrefOf(asked, { cursor: undefined })}>{words.newest}</a>}
        {next !== null && (
          <a rel="next" href={hrefOf(asked, { cursor: next })}>
            {words.older}
            <Icon name="next" />
          </a>
        )}
      </nav>
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
