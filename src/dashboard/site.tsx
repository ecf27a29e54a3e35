import { Hono } from 'hono'
import { AppError } from '../errors.ts'
import { requireRoom } from '../http/disk.ts'
import { loadAssets } from './assets.ts'
import { conversationsRoutes } from './conversations.tsx'
import type { DashboardDeps } from './deps.ts'
import { eventsRoutes } from './events.tsx'
import { createFailurePage } from './failure.tsx'
import { HOME, openPage, pageHeaders, requireSession } from './gate.ts'
import { createShow } from './layout.tsx'
import { messageRoutes } from './message.tsx'
import { messageActRoutes } from './message-acts.tsx'
import { messagesRoutes } from './messages.tsx'
import { overviewRoutes } from './overview.tsx'
import { type PageEnv, requireScope } from './page.ts'
import { rehearsalRoutes } from './rehearsal.tsx'
import { rulesRoutes } from './rules.tsx'
import { createSessions } from './sessions.ts'
import { shopsRoutes } from './shops.tsx'
import { signInRoutes, signOutRoutes } from './sign-in.tsx'
import type { SiteDeps } from './site-deps.ts'

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
  site.use(requireRoom(deps.disk), async (c, next) => {
    requireScope(c.get('page'), 'read')
    await next()
  })
  const siteDeps: SiteDeps = { ...deps, show }
  site.route('/', overviewRoutes(siteDeps))
  site.route('/messages', messagesRoutes(siteDeps))
  site.route('/messages', messageActRoutes(siteDeps))
  site.route('/', messageRoutes(siteDeps))
  site.route('/conversations', conversationsRoutes(siteDeps))
  site.route('/events', eventsRoutes(siteDeps))
  site.route('/rules', rulesRoutes(siteDeps))
  site.route('/rules/rehearsal', rehearsalRoutes(siteDeps))
  site.route('/shops', shopsRoutes(siteDeps))
  return site
}
