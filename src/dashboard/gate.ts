import { getCookie } from 'hono/cookie'
import { createMiddleware } from 'hono/factory'
import { AppError } from '../errors.ts'
import { readBody } from '../http/body.ts'
import { PAGE_POLICY } from '../page-policy.ts'
import type { DashboardDeps } from './deps.ts'
import type { Page, PageContext, PageEnv } from './page.ts'
import type { Sessions } from './sessions.ts'
import { isLanguage, preferredLanguage } from './words/language.ts'

export const LANGUAGE_COOKIE = 'risiti_language'
export const HOME = '/dashboard'
export const SIGN_IN = `${HOME}/sign-in`

/** The longest form holds a file of rules. */
const FORM_LIMIT = 256 * 1024

export const pageHeaders = createMiddleware(async (c, next) => {
  await next()
  c.res.headers.set('content-security-policy', PAGE_POLICY)
  // Without a referrer at all, browsers tell of a form only that its origin is "null".
  c.res.headers.set('referrer-policy', 'same-origin')
  if (!c.res.headers.has('cache-control')) c.res.headers.set('cache-control', 'no-store')
})

export const isSecure = (publicUrl: string) => publicUrl.startsWith('https:')

/** A browser takes a name that begins so only over https. */
export function sessionCookie(publicUrl: string): string {
  return `${isSecure(publicUrl) ? '__Secure-' : ''}risiti_session`
}

/** Who asks, in which language; whoever is not signed in may be anybody. */
export function openPage({ config, tokens, clock }: DashboardDeps, sessions: Sessions) {
  const cookie = sessionCookie(config.publicUrl)
  return createMiddleware<PageEnv>(async (c, next) => {
    const chosen = getCookie(c, LANGUAGE_COOKIE)
    const { pathname, search } = new URL(c.req.url)
    const page: Page = {
      language: isLanguage(chosen) ? chosen : (preferredLanguage(c.req.header('accept-language')) ?? config.locale),
      path: pathname + search,
      now: clock.now(),
      caller: null,
      fragment: c.req.header('hx-request') === 'true',
    }
    c.set('page', page)
    const session = sessions.find(getCookie(c, cookie) ?? '')
    const holder = session && (await tokens.holderOf(session.tokenHash))
    if (session && holder) page.caller = { name: holder.name, scopes: holder.scopes, session }
    else if (session) sessions.close(session.id)
    c.set('form', c.req.method === 'POST' ? await readForm(c, config.publicUrl) : new URLSearchParams())
    await next()
  })
}

async function readForm(c: PageContext, publicUrl: string): Promise<URLSearchParams> {
  if (comesFromElsewhere(c, publicUrl)) throw forged()
  const body = await readBody(c, FORM_LIMIT)
  return new URLSearchParams(Buffer.from(body).toString('utf8'))
}

/** Browsers say where a form stood; one that says nothing is left to the key in the form. */
function comesFromElsewhere(c: PageContext, publicUrl: string): boolean {
  const site = c.req.header('sec-fetch-site')
  if (site !== undefined) return site !== 'same-origin' && site !== 'none'
  const origin = c.req.header('origin')
  if (origin === undefined || origin === new URL(publicUrl).origin) return false
  return !URL.canParse(origin) || new URL(origin).host !== c.req.header('host')
}

export function forged(): AppError {
  return new AppError('form.forged', 'this form did not come from our page: load the page again')
}

const ASK_AGAIN = '<!doctype html><html lang="en"><title>Risiti</title><meta http-equiv="refresh" content="0">'

/** Lets nobody by who is not signed in, and no form that holds not the key of the session. */
export function requireSession(publicUrl: string) {
  const cookie = sessionCookie(publicUrl)
  return createMiddleware<PageEnv>(async (c, next) => {
    const { caller, fragment, path } = c.get('page')
    if (caller) {
      if (c.req.method === 'POST' && c.get('form').get('form_key') !== caller.session.formKey) throw forged()
      return next()
    }
    // A link in a chat or a mail brings no strict cookie with it; the page that asks for itself once more does.
    if (c.req.method === 'GET' && c.req.header('sec-fetch-site') === 'cross-site') return c.html(ASK_AGAIN)
    const over = getCookie(c, cookie) === undefined ? '' : '&over=1'
    const wanted = fragment ? pathOf(c.req.header('hx-current-url')) : c.req.method === 'GET' ? safeBack(path) : HOME
    const signIn = `${SIGN_IN}?back=${encodeURIComponent(wanted)}${over}`
    // A live part cannot show the form: the whole page goes there.
    if (fragment) return c.body(null, 204, { 'hx-redirect': signIn })
    return c.redirect(signIn, 303)
  })
}

/** Where the page is that a live part is asked for. */
function pathOf(url: string | undefined): string {
  if (url === undefined || !URL.canParse(url)) return HOME
  const { pathname, search } = new URL(url)
  return safeBack(pathname + search)
}

/** Longer than any address of ours, and as much as a proxy takes of an answer's headers once it is encoded. */
const BACK_AT_MOST = 1000

/** Only to pages of ours, wherever an address says it wants to go. */
export function safeBack(wanted: string | null | undefined): string {
  if (!wanted || wanted.length > BACK_AT_MOST || !/^\/dashboard(?=[/?]|$)[^\\\s]*$/.test(wanted)) return HOME
  const { origin, pathname, search } = new URL(wanted, 'http://here.invalid')
  const ours = origin === 'http://here.invalid' && (pathname === HOME || pathname.startsWith(`${HOME}/`))
  return ours ? pathname + search : HOME
}
