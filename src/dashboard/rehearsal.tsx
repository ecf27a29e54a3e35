import { Hono } from 'hono'
import type { Child } from 'hono/jsx'
import { ConfigError, type Fault } from '../config/faults.ts'
import { AppError } from '../errors.ts'
import { HOME } from './gate.ts'
import { BackLink } from './layout.tsx'
import { type PageContext, type PageEnv, requireScope } from './page.ts'
import { type RehearsalAsked, RehearsalForm, SPANS } from './rehearsal-form.tsx'
import { RehearsalResult } from './rehearsal-result.tsx'
import type { SiteDeps } from './site-deps.ts'
import { rulesWords } from './words/rules.ts'

/** More is read by machines: `risiti rehearse` and the API list all. */
const LISTED = 200
/** As long as the API takes them. */
const RULES_AT_MOST = 60_000

/** `/dashboard/rules/rehearsal`: what would have gone out, beside what did; the same as the API's, with its scopes and limits. */
export function rehearsalRoutes({ config, rehearse, show }: SiteDeps): Hono<PageEnv> {
  async function answer(c: PageContext, asked: RehearsalAsked): Promise<{ shown: Child; faults?: Fault[] }> {
    const page = c.get('page')
    const words = rulesWords(page.language)
    const rules = asked.rules.trim() === '' ? undefined : asked.rules
    try {
      const rehearsal = await rehearse({
        since: asked.since,
        limit: LISTED,
        ...(asked.shop !== '' && { shop: asked.shop }),
        ...(rules !== undefined && { rules }),
      })
      const zone = config.shops[asked.shop]?.timezone ?? config.timezone
      return {
        shown: <RehearsalResult page={page} zone={zone} rehearsal={rehearsal} isChanged={rules !== undefined} />,
      }
    } catch (error) {
      if (error instanceof ConfigError) return { shown: null, faults: error.faults }
      if (!(error instanceof AppError) || error.code !== 'rehearsal.busy') throw error
      return { shown: <p class="note">{words.busy}</p> }
    }
  }

  return new Hono<PageEnv>()
    .get('/', (c) => c.redirect(`${HOME}/rules#rehearse`, 303))
    .post('/', async (c) => {
      const page = c.get('page')
      const words = rulesWords(page.language)
      const asked = askedOf(c.get('form'))
      // Whoever writes rules decides how long they take, and shops wait for it meanwhile.
      if (asked.rules.trim() !== '') requireScope(page, 'admin')
      const { shown, faults } = await answer(c, asked)
      return show(c, {
        title: words.rehearse,
        section: 'rules',
        status: faults ? 400 : 200,
        above: <BackLink href={`${HOME}/rules`}>{words.backToRules}</BackLink>,
        children: (
          <>
            {shown}
            <section class="card">
              <h2>{faults ? words.rehearse : words.again}</h2>
              <RehearsalForm page={page} shops={config.shops} asked={asked} {...(faults && { faults })} />
            </section>
          </>
        ),
      })
    })
}

function askedOf(form: URLSearchParams): RehearsalAsked {
  const rules = form.get('rules') ?? ''
  if (rules.length > RULES_AT_MOST)
    throw new AppError('body.invalid', `rules are longer than ${RULES_AT_MOST} characters`)
  const since = SPANS.find((span) => span === form.get('since')) ?? SPANS[0]
  return { since, shop: form.get('shop') ?? '', rules }
}
