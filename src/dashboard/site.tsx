import { Hono } from 'hono'
import { AppError } from '../errors.ts'
import { requireRoom } from '../http/disk.ts'
import { loadAssets } from './assets.ts'
import type { DashboardDeps } from './deps.ts'
import { eventsRoutes } from './events.tsx'
import { createFailurePage } from './failure.tsx'
import { HOME, openPage, pageHeaders, requireSession } from './gate.ts'
import { createShow, type Show } from './layout.tsx'
import { messagesRoutes } from './messages.tsx'
import { overviewRoutes } from './overview.tsx'
import type { PageEnv } from './page.ts'
import { rehearsalRoutes } from './rehearsal.tsx'
import { rulesRoutes } from './rules.tsx'
import { createSessions } from './sessions.ts'
import { shopsRoutes } from './shops.tsx'
import { signInRoutes, signOutRoutes } from './sign-in.tsx'

/** What the routes of pages are made with. */
export interface SiteDeps extends DashboardDeps {
  show: Show
}

/** All pages below `/dashboard`. */
export async function createSite(deps: DashboardDeps): Promise<Hono<PageEnv>> {
  const { config, clock, ids, log } = deps
  const sessions = createSessions(clock, ids)
  const assets = await loadAssets(HOME)
  const show = createShow(assets)
  const failurePage = createFailurePage(show, log)

  const site = new Hono<PageEnv>().basePath(HOME)
  site.onError((error, c) => failurePage(c, error))
  site.notFound((c) => failurePage(c, new AppError('page.unknown', 'there is nothing at this address')))
  site.use(pageHeaders)
  site.route('/', assets.routes)
  site.use(openPage(deps, sessions))
  site.route('/', signInRoutes(deps, sessions, show))
  site.use(requireSession(config.publicUrl))
  site.route('/', signOutRoutes(deps, sessions))
  site.use(requireRoom(deps.disk))
  site.route('/', overviewRoutes({ ...deps, show }))
  site.route('/events', eventsRoutes({ ...deps, show }))
  site.route('/shops', shopsRoutes({ ...deps, show }))
  site.route('/rules', rulesRoutes({ ...deps, show }))
  site.route('/rules/rehearsal', rehearsalRoutes({ ...deps, show }))
  site.route('/messages', messagesRoutes({ ...deps, show }))
  return site
}
