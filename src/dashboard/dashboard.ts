import { Hono } from 'hono'
import type { DashboardDeps } from './deps.ts'

interface Site {
  fetch(request: Request, env?: unknown): Response | Promise<Response>
}

/** `/dashboard`. What draws pages is loaded when the first one is asked for: a service nobody looks at goes without it. */
export function dashboardRoutes(deps: DashboardDeps): Hono {
  let site: Promise<Site> | undefined
  return new Hono().all('/*', async (c) => {
    site ??= import('./site.tsx').then(({ createSite }) => createSite(deps))
    return (await site).fetch(c.req.raw, c.env)
  })
}
