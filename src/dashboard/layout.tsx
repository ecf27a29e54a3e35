import { html } from 'hono/html'
import type { Child } from 'hono/jsx'
import type { StatusCode } from 'hono/utils/http-status'
import type { Assets } from './assets.ts'
import { HOME } from './gate.ts'
import { Icon, type IconName } from './icons.tsx'
import type { Page, PageContext } from './page.ts'
import { shellWords } from './words/shell.ts'

export type Section = 'overview' | 'messages' | 'conversations' | 'events' | 'rules' | 'shops'

const FIRST: [Section & IconName, string][] = [
  ['overview', HOME],
  ['messages', `${HOME}/messages`],
  ['conversations', `${HOME}/conversations`],
]
const FURTHER: [Section, string][] = [
  ['events', `${HOME}/events`],
  ['rules', `${HOME}/rules`],
  ['shops', `${HOME}/shops`],
]

/** No styles and no scripts in the page, which our policy would refuse; nothing is kept in the browser's history. */
const HTMX = JSON.stringify({ includeIndicatorCSS: false, history: false, transitions: false })

export interface View {
  /** The page's heading, and its name in the tab. */
  title: string
  section?: Section
  children: Child
  /** Stands above the heading: the way back. */
  above?: Child
  status?: StatusCode
}

export type Show = (c: PageContext, view: View) => Response | Promise<Response>

/** Draws whole pages; a live part alone is drawn with `c.html`. */
export function createShow(assets: Assets): Show {
  return (c, { status = 200, ...view }) => {
    c.status(status)
    return c.html(html`<!doctype html>${<Layout page={c.get('page')} assets={assets} {...view} />}`)
  }
}

function Layout({
  page,
  assets,
  title,
  section,
  above,
  children,
}: Omit<View, 'status'> & { page: Page; assets: Assets }) {
  const words = shellWords(page.language)
  return (
    <html lang={page.language}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <meta name="htmx-config" content={HTMX} />
        <title>{`${title} · Risiti`}</title>
        <link rel="icon" type="image/svg+xml" href={assets.addressOf('icon.svg')} />
        <link rel="stylesheet" href={assets.addressOf('pico.css')} />
        <link rel="stylesheet" href={assets.addressOf('dashboard.css')} />
        {page.caller && <script src={assets.addressOf('htmx.js')} defer />}
        {page.caller && <script src={assets.addressOf('dashboard.js')} defer />}
      </head>
      <body>
        <a class="skip" href="#content">
          {words.skip}
        </a>
        <Header page={page} section={section} />
        <main id="content" class="container" tabindex={-1}>
          {above}
          <h1>{title}</h1>
          {children}
        </main>
      </body>
    </html>
  )
}

function Header({ page, section }: { page: Page; section: Section | undefined }) {
  const { language, caller } = page
  const words = shellWords(language)
  return (
    <header class="top">
      <div class="bar container">
        <a class="brand" href={HOME}>
          Risiti
        </a>
        {caller && <Nav section={section} page={page} />}
        <div class="tools">
          <LanguageSwitch page={page} />
          {caller && (
            <Form page={page} action={`${HOME}/sign-out`} class="plain">
              <button type="submit" class="quiet" title={`${words.signedInAs} ${caller.name}`}>
                {words.signOut}
              </button>
            </Form>
          )}
        </div>
      </div>
    </header>
  )
}

function Nav({ section, page }: { section: Section | undefined; page: Page }) {
  const words = shellWords(page.language)
  const current = (name: Section) => (name === section ? ('page' as const) : undefined)
  const inMore = FURTHER.some(([name]) => name === section)
  const further = FURTHER.map(([name, href]) => (
    <li>
      <a href={href} aria-current={current(name)}>
        {words[name]}
      </a>
    </li>
  ))
  return (
    <nav class="sections" aria-label={words.sections}>
      <ul>
        {FIRST.map(([name, href]) => (
          <li>
            <a href={href} aria-current={current(name)}>
              <Icon name={name} />
              {words[name]}
            </a>
          </li>
        ))}
        {/* On a phone the others stand behind one more tab, on a wide screen beside it. */}
        <li class="more">
          <details>
            <summary class={inMore ? 'current' : ''}>
              <Icon name="more" />
              {words.more}
            </summary>
            <ul>{further}</ul>
          </details>
        </li>
      </ul>
      <ul class="wide">{further}</ul>
    </nav>
  )
}

function LanguageSwitch({ page }: { page: Page }) {
  const other = page.language === 'en' ? 'sw' : 'en'
  return (
    <a
      class="quiet"
      lang={other}
      hreflang={other}
      rel="nofollow"
      href={`${HOME}/language/${other}?back=${encodeURIComponent(page.path)}`}
    >
      {shellWords(page.language).otherLanguage}
    </a>
  )
}

/** A form that the gate lets in: it holds the key of the session. */
export function Form(props: { page: Page; action: string; class?: string; children: Child }) {
  const { page, action, children } = props
  return (
    <form method="post" action={action} class={props.class}>
      <input type="hidden" name="form_key" value={page.caller?.session.formKey ?? ''} />
      {children}
    </form>
  )
}

/** The way back to the list a page was opened from. */
export function BackLink({ href, children }: { href: string; children: Child }) {
  return (
    <p class="back">
      <a href={href}>
        <Icon name="back" />
        {children}
      </a>
    </p>
  )
}
