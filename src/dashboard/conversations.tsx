import { Hono } from 'hono'
import type { Config } from '../config/types.ts'
import { AppError } from '../errors.ts'
import { cursorOf, parsePage, type RawFilter } from '../query/filters.ts'
import type { ConversationRow } from '../store/records.ts'
import type { PageRows } from '../store/search.ts'
import { askedOf } from './asked.ts'
import { partOfPhone, phonesIn } from './find-messages.ts'
import { HOME } from './gate.ts'
import { Icon } from './icons.tsx'
import { BackLink } from './layout.tsx'
import { listed, MessageList, shopNamesOf } from './message-list.tsx'
import type { Page, PageEnv } from './page.ts'
import { Facts, Pager, Renewed, SearchLine, withQuery } from './parts.tsx'
import { phoneText } from './people.ts'
import { ROWS, readOn } from './read-on.ts'
import { sayWindow, type WindowSaid } from './say-window.ts'
import type { SiteDeps } from './site-deps.ts'
import { sourceName } from './source-name.ts'
import { type When, whenIn } from './when.ts'
import { conversationsWords } from './words/conversations.ts'

const HERE = `${HOME}/conversations`
const MESSAGES_AT_MOST = 100

type Words = ReturnType<typeof conversationsWords>

/** Contacts with their window, and what went to each of them. */
export function conversationsRoutes({ config, store, show }: SiteDeps): Hono<PageEnv> {
  const { marginMs } = config.window

  async function find({ q, cursor }: RawFilter): Promise<PageRows<ConversationRow>> {
    const page = { limit: ROWS, before: parsePage({ cursor }).before }
    if (q === undefined) return store.listConversations({}, page)
    for (const phone of phonesIn(q, config.shops)) {
      const found = await store.listConversations({ phone }, page)
      if (found.rows.length > 0) return found
    }
    const wanted = { q: partOfPhone(q) ?? q.trim().slice(0, 200) }
    return readOn((part) => store.listConversations(wanted, part), page)
  }

  return new Hono<PageEnv>()
    .get('/', async (c) => {
      const page = c.get('page')
      const asked = askedOf(c.req.query(), ['q'])
      const found = await find(asked)
      const when = whenIn(page.language, config.timezone, page.now)
      const list = (
        <Found page={page} asked={asked} rows={found.rows} next={cursorOf(found)} when={when} marginMs={marginMs} />
      )
      if (page.fragment) return c.html(list)
      const words = conversationsWords(page.language)
      return show(c, {
        title: words.title,
        section: 'conversations',
        children: (
          <>
            <SearchForm words={words} q={asked.q} />
            <p class="help">{words.explain}</p>
            <Renewed from={asked.cursor === undefined ? hrefOf(asked) : null}>{list}</Renewed>
          </>
        ),
      })
    })
    .get('/:id', async (c) => {
      const page = c.get('page')
      const row = await store.findConversation(c.req.param('id'))
      if (!row) throw new AppError('conversation.unknown', 'there is no conversation of this id')
      const rows = await store.messagesOf(row.id, MESSAGES_AT_MOST)
      const messages = await listed({ store, config }, rows, page)
      const when = whenIn(page.language, messages[0]?.zone ?? config.timezone, page.now)
      const words = conversationsWords(page.language)
      const content = (
        <>
          <WindowCard
            row={row}
            said={sayWindow(row, page.now, marginMs, page.language, when)}
            when={when}
            words={words}
            config={config}
          />
          <h2>{words.messages}</h2>
          {rows.length === 0 ? (
            <p class="card empty">{words.noMessages}</p>
          ) : (
            <MessageList rows={messages} language={page.language} now={page.now} shopNames={shopNamesOf(config)} />
          )}
          {rows.length === MESSAGES_AT_MOST && <p class="help">{words.newestOnly}</p>}
        </>
      )
      if (page.fragment) return c.html(content)
      return show(c, {
        title: nameOf(row, words),
        section: 'conversations',
        above: <BackLink href={HERE}>{words.title}</BackLink>,
        children: (
          <div id="conversation" hx-get={`${HERE}/${row.id}`} hx-trigger="every 5s" hx-swap="innerMorph">
            {content}
          </div>
        ),
      })
    })
}

function hrefOf(asked: RawFilter, change: RawFilter = {}): string {
  return withQuery(HERE, { ...asked, ...change })
}

function nameOf({ name, phone }: ConversationRow, words: Words): string {
  return name ?? (phone === null ? words.someone : phoneText(phone))
}

function SearchForm({ words, q }: { words: Words; q: string | undefined }) {
  return (
    <search class="find">
      <form method="get" action={HERE}>
        <SearchLine label={words.search} button={words.find} q={q} />
      </form>
    </search>
  )
}

interface FoundProps {
  page: Page
  asked: RawFilter
  rows: ConversationRow[]
  next: string | null
  when: When
  marginMs: number
}

function Found({ page, asked, rows, next, when, marginMs }: FoundProps) {
  const words = conversationsWords(page.language)
  return (
    <>
      {rows.length === 0 && <Nothing words={words} searched={asked.q !== undefined} more={next !== null} />}
      {rows.length > 0 && (
        <ul class="rows">
          {rows.map((row) => (
            <ConversationItem
              row={row}
              said={sayWindow(row, page.now, marginMs, page.language, when)}
              when={when}
              words={words}
            />
          ))}
        </ul>
      )}
      <Pager
        words={words}
        first={asked.cursor === undefined ? null : hrefOf(asked, { cursor: undefined })}
        next={next === null ? null : hrefOf(asked, { cursor: next })}
      />
    </>
  )
}

function Nothing({ words, searched, more }: { words: Words; searched: boolean; more: boolean }) {
  if (more) return <p class="card empty">{words.notYet}</p>
  return (
    <div class="card empty">
      <h2>{searched ? words.nothingTitle : words.noneTitle}</h2>
      <p>{searched ? words.nothing : words.none}</p>
      {searched && <a href={HERE}>{words.clear}</a>}
    </div>
  )
}

interface SaidProps {
  row: ConversationRow
  said: WindowSaid
  when: When
  words: Words
}

function ConversationItem({ row, said, when, words }: SaidProps) {
  return (
    <li id={row.id} class="row">
      <WindowBadge said={said} words={words} />
      <div class="who">
        <a href={`${HERE}/${row.id}`}>{nameOf(row, words)}</a>
        {row.name !== null && row.phone !== null && <span class="muted">{phoneText(row.phone)}</span>}
      </div>
      <p class="says">
        {said.text} {said.optedOut}
      </p>
      <time datetime={new Date(row.createdAt).toISOString()} title={when.exact(row.createdAt)}>
        {when.day(row.createdAt)}
      </time>
    </li>
  )
}

function WindowBadge({ said, words }: Pick<SaidProps, 'said' | 'words'>) {
  if (said.optedOut !== null) {
    return (
      <span class="badge bad">
        <Icon name="cross" />
        {words.optedOut}
      </span>
    )
  }
  return said.open ? (
    <span class="badge good">
      <Icon name="tick" />
      {words.open}
    </span>
  ) : (
    <span class="badge still">
      <Icon name="pause" />
      {words.closed}
    </span>
  )
}

function WindowCard({ row, said, when, words, config }: SaidProps & { config: Config }) {
  const at = (time: number | null | undefined) => (time == null ? null : when.exact(time))
  const { evidence } = row
  const facts: [string, string | null][] = [
    [words.phone, row.phone === null ? null : phoneText(row.phone)],
    [words.sender, phoneText(row.sender)],
    [words.wroteAt, at(row.lastInboundAt)],
    [words.toldBy, evidence ? sourceName(config, evidence.source) : null],
    [words.seenAt, at(evidence?.seenAt)],
    [words.refusedAt, at(row.closedVerdictAt)],
    [words.code, row.closedVerdictCode],
    [words.since, at(row.createdAt)],
    [words.thread, row.karibuId],
  ]
  return (
    <section class="card" aria-labelledby="window">
      <h2 id="window">{words.window}</h2>
      <WindowBadge said={said} words={words} />
      <p class="lead">
        {said.text} {said.optedOut}
      </p>
      <h3>{words.evidence}</h3>
      {evidence === null && <p class="muted">{words.evidenceNone}</p>}
      <Facts rows={facts} />
    </section>
  )
}
