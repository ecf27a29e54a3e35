import { Hono } from 'hono'
import type { Child } from 'hono/jsx'
import { healthOf } from '../query/health.ts'
import { overviewOf } from '../query/overview.ts'
import { HOME } from './gate.ts'
import { HealthLines } from './health.tsx'
import { Icon } from './icons.tsx'
import { Hours, Stages } from './overview-charts.tsx'
import type { Parts } from './overview-parts.ts'
import { Today } from './overview-today.tsx'
import { ArrivalTimes, Failures, Held, Told } from './overview-troubles.tsx'
import type { Page, PageEnv } from './page.ts'
import { sayIn } from './say.ts'
import type { SiteDeps } from './site-deps.ts'
import { overviewWords } from './words/overview.ts'

/** `/dashboard`: how things stand. */
export function overviewRoutes(deps: SiteDeps): Hono<PageEnv> {
  const { config, show } = deps
  return new Hono<PageEnv>().get('/', async (c) => {
    const page = c.get('page')
    const words = overviewWords(page.language)
    const say = sayIn(page.language, config.timezone, page.now)
    const overview = await overviewOf(deps, config.timezone)
    const health = await healthOf(deps)
    const numbers = (
      <Numbers page={page} words={words} say={say} overview={overview}>
        <HealthLines words={words} say={say} health={health} />
      </Numbers>
    )
    if (page.fragment) return c.html(numbers)
    return show(c, {
      title: words.title,
      section: 'overview',
      children: (
        <>
          <Find words={words} />
          {numbers}
        </>
      ),
    })
  })
}

function Find({ words }: Pick<Parts, 'words'>) {
  return (
    <form class="find" action={`${HOME}/messages`}>
      <div class="line">
        <input
          type="search"
          name="q"
          maxlength={200}
          required
          autocomplete="off"
          aria-label={`${words.search}: ${words.searchHelp}`}
          placeholder={words.searchHelp}
        />
        <button type="submit">
          <Icon name="search" />
          <span>{words.find}</span>
        </button>
      </div>
    </form>
  )
}

/** The part that is renewed by itself. */
function Numbers({ page, words, say, overview, children }: Parts & { page: Page; children: Child }) {
  const isEmpty = overview.signs.every(({ silence, last }) => !last && !silence?.lastAt) && overview.day.made === 0
  return (
    <div id="numbers" data-still hx-get={HOME} hx-trigger="every 20s" hx-swap="outerHTML">
      {isEmpty ? <FirstSteps words={words} /> : <Today words={words} say={say} overview={overview} />}
      {!isEmpty && (
        <div class="pair">
          <Hours words={words} say={say} overview={overview} />
          <Stages words={words} say={say} overview={overview} />
        </div>
      )}
      {!isEmpty && (
        <div class="pair">
          <Held words={words} say={say} overview={overview} />
          <ArrivalTimes words={words} say={say} overview={overview} />
        </div>
      )}
      {!isEmpty && <Failures page={page} words={words} say={say} overview={overview} />}
      <div class="pair">
        <section class="card">
          <h2>{words.health}</h2>
          {children}
        </section>
        <Told words={words} say={say} overview={overview} />
      </div>
      <p class="help">{words.updated(say.clock(page.now))}</p>
    </div>
  )
}

function FirstSteps({ words }: Pick<Parts, 'words'>) {
  return (
    <section class="card">
      <h2>{words.emptyTitle}</h2>
      <ol class="steps">
        <li>{words.emptyShop}</li>
        <li>{words.emptyWrite}</li>
        <li>{words.emptyOrder}</li>
      </ol>
      <p>
        <a role="button" href={`${HOME}/shops`}>
          {words.toShops}
        </a>
      </p>
    </section>
  )
}
