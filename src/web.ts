import { OpenAPIHono } from '@hono/zod-openapi'
import type { Activity } from './activity.ts'
import { API_DESCRIPTION, API_TAGS } from './api/description.ts'
import { docsRoutes } from './api/docs.ts'
import { apiRoutes } from './api/routes.ts'
import type { ClaimLinks } from './claim-links/links.ts'
import { claimRoutes } from './claim-links/routes.ts'
import { dashboardRoutes } from './dashboard/dashboard.ts'
import type { DashboardDeps } from './dashboard/deps.ts'
import { createAuth } from './http/auth.ts'
import { refuseDetours } from './http/detours.ts'
import { requireRoom } from './http/disk.ts'
import { errorHandler, methodNotAllowed, notFound } from './http/error-handler.ts'
import { createFailureLimit } from './http/failure-limit.ts'
import { requestLog } from './http/request-log.ts'
import { noStore } from './http/security-headers.ts'
import type { Intake } from './intake/intake.ts'
import { intakeRoutes } from './intake/routes.ts'
import { metricsRoute } from './query/metrics-route.ts'
import { probeRoutes } from './query/probes.ts'
import { type MediaRouteDeps, mediaRoutes } from './receipts/media-routes.ts'
import type { Store } from './store/store.ts'
import type { Inbound } from './tracking/inbound.ts'
import { karibuWebhookRoutes } from './tracking/karibu-webhook.ts'
import type { RecordReport } from './tracking/reports.ts'
import type { Vitals } from './vitals.ts'

export interface WebDeps extends DashboardDeps {
  store: Store
  files: MediaRouteDeps['files']
  activity: Activity
  vitals: Vitals
  intake: Intake
  inbound: Inbound
  recordReport: RecordReport
  karibuWebhookSecret: string | null
  claimLinks: ClaimLinks
  probe: Pick<MediaRouteDeps, 'probeToken' | 'isProbe'>
}

/** All that is answered over HTTP, each address by the room it belongs to. */
export function createWeb(deps: WebDeps): OpenAPIHono {
  const { config, store, clock, log, disk, claimLinks } = deps
  const { publicUrl } = config
  const require = createAuth(deps.tokens)
  const web = new OpenAPIHono()
  web.use(requestLog(log, clock, deps.activity, deps.metrics), refuseDetours())
  web.onError(errorHandler(log, createFailureLimit(clock)))
  web.notFound(notFound)
  web.use('/webhooks/*', requireRoom(disk))
  web.use('/v1/*', noStore(), requireRoom(disk))
  web.route(
    '/webhooks/karibu',
    karibuWebhookRoutes({
      secret: deps.karibuWebhookSecret,
      recordReport: deps.recordReport,
      nudgeInbound: deps.inbound.poller.wake,
      clock,
    }),
  )
  web.route('/webhooks', intakeRoutes(deps.intake))
  web.all('/webhooks/:shop/:secret?', methodNotAllowed('POST'))
  web.route(
    '/media',
    mediaRoutes({
      ...deps.probe,
      files: deps.files,
      typeOf: async (token) => (await store.findMedia(token))?.type,
      fetched: (fetch) => store.addFetch({ ...fetch, at: clock.now() }),
    }),
  )
  web.all('/media/:file', methodNotAllowed('GET, HEAD'))
  web.route('/claim', claimRoutes({ claimLinks, limit: createFailureLimit(clock) }))
  web.route('/v1', apiRoutes({ ...deps, require, publicUrl, marginMs: config.window.marginMs }))
  web.route('/dashboard', dashboardRoutes(deps))
  web.route('/', metricsRoute({ ...deps, require }))
  web.route('/', probeRoutes(deps))
  web.openAPIRegistry.registerComponent('securitySchemes', 'bearer', { type: 'http', scheme: 'bearer' })
  web.doc31('/openapi.json', {
    openapi: '3.1.0',
    info: { title: 'Risiti', version: '1', description: API_DESCRIPTION },
    servers: [{ url: publicUrl }],
    tags: API_TAGS,
  })
  web.route('/docs', docsRoutes())
  return web
}
