import { Hono } from 'hono'
import { deleteCookie, setCookie } from 'hono/cookie'
import { SECOND } from '../clock.ts'
import { addressOf } from '../http/address.ts'
import { hashToken } from '../http/auth.ts'
import { createFailureLimit } from '../http/failure-limit.ts'
import type { DashboardDeps } from './deps.ts'
import { HOME, isSecure, LANGUAGE_COOKIE, SIGN_IN, safeBack, sessionCookie } from './gate.ts'
import type { Show } from './layout.tsx'
import type { PageContext, PageEnv } from './page.ts'
import { SESSION_MS, type Sessions } from './sessions.ts'
import { isLanguage } from './words/language.ts'
import { shellWords } from './words/shell.ts'

/** Nobody mistypes a token more often than this in a minute. */
const WRONG_PER_MINUTE = 10
const LANGUAGE_MAX_AGE = 400 * 24 * 60 * 60

/** What is open to everybody: signing in and the choice of a language. */
export function signInRoutes({ config, tokens, clock, log }: DashboardDeps, sessions: Sessions, show: Show) {
  const limit = createFailureLimit(clock, WRONG_PER_MINUTE)
  const name = sessionCookie(config.publicUrl)
  const cookie = { path: HOME, httpOnly: true, sameSite: 'Strict', secure: isSecure(config.publicUrl) } as const

  async function signIn(c: PageContext) {
    const form = c.get('form')
    const back = safeBack(form.get('back'))
    const words = shellWords(c.get('page').language)
    const address = addressOf(c)
    const refuse = (waitSeconds: number) => {
      log.warn({ limited: waitSeconds > 0 }, 'dashboard.sign_in_refused')
      if (waitSeconds > 0) c.header('retry-after', String(waitSeconds))
      const wrong = waitSeconds > 0 ? words.tooMany(waitSeconds) : words.unknownToken
      return showForm(c, show, back, { wrong, status: waitSeconds > 0 ? 429 : 401 })
    }
    const wait = limit.waitOf(address)
    if (wait > 0) return refuse(wait)
    const tokenHash = hashToken((form.get('token') ?? '').trim())
    const holder = await tokens.holderOf(tokenHash)
    if (!holder) return refuse(limit.failed(address))
    const { caller } = c.get('page')
    if (caller) sessions.close(caller.session.id)
    setCookie(c, name, sessions.open(tokenHash).id, { ...cookie, maxAge: SESSION_MS / SECOND })
    log.info({ caller: holder.name }, 'dashboard.signed_in')
    return c.redirect(back, 303)
  }

  return new Hono<PageEnv>()
    .get('/sign-in', (c) => {
      const back = safeBack(c.req.query('back'))
      if (c.get('page').caller) return c.redirect(back, 303)
      return showForm(c, show, back, { over: c.req.query('over') === '1' })
    })
    .post('/sign-in', (c) => signIn(c))
    .get('/language/:language', (c) => {
      const language = c.req.param('language')
      if (isLanguage(language)) setCookie(c, LANGUAGE_COOKIE, language, { ...cookie, maxAge: LANGUAGE_MAX_AGE })
      return c.redirect(safeBack(c.req.query('back')), 303)
    })
}

/** For whoever is signed in. */
export function signOutRoutes({ config }: Pick<DashboardDeps, 'config'>, sessions: Sessions) {
  return new Hono<PageEnv>().post('/sign-out', (c) => {
    const { caller } = c.get('page')
    if (caller) sessions.close(caller.session.id)
    deleteCookie(c, sessionCookie(config.publicUrl), { path: HOME, secure: isSecure(config.publicUrl) })
    return c.redirect(SIGN_IN, 303)
  })
}

interface FormState {
  wrong?: string
  over?: boolean
  status?: 200 | 401 | 429
}

function showForm(c: PageContext, show: Show, back: string, { wrong, over, status = 200 }: FormState) {
  const words = shellWords(c.get('page').language)
  return show(c, {
    title: words.signIn,
    status,
    children: (
      <form method="post" action={SIGN_IN} class="card narrow">
        {over && !wrong && <p class="note">{words.sessionOver}</p>}
        <p>{words.welcome}</p>
        <input type="hidden" name="back" value={back} />
        <label for="token">{words.token}</label>
        <input
          id="token"
          name="token"
          type="password"
          autocomplete="current-password"
          autocapitalize="none"
          spellcheck={false}
          maxlength={500}
          required
          autofocus
          aria-invalid={wrong ? 'true' : undefined}
          aria-describedby={wrong ? 'wrong help' : 'help'}
        />
        {wrong && (
          <p id="wrong" class="wrong" role="alert">
            {wrong}
          </p>
        )}
        <p id="help" class="help">
          {words.tokenHelp}
        </p>
        <button type="submit">{words.signIn}</button>
      </form>
    ),
  })
}
