import { join } from 'node:path'
import { OpenAPIHono } from '@hono/zod-openapi'
import { type Activity, createActivity } from './activity.ts'
import { createActions } from './api/actions.ts'
import { createRehearse } from './api/rehearse.ts'
import { apiRoutes } from './api/routes.ts'
import { type Clock, SECOND, systemClock } from './clock.ts'
import type { Config, Secrets } from './config/types.ts'
import { countingLog } from './counting-log.ts'
import { createHousekeeping } from './housekeeping/housekeeping.ts'
import { createAuth } from './http/auth.ts'
import { createDisk, freeBytesOf, requireRoom } from './http/disk.ts'
import { errorHandler, methodNotAllowed, notFound } from './http/error-handler.ts'
import { createFailureLimit } from './http/failure-limit.ts'
import { requestLog } from './http/request-log.ts'
import { securityHeaders } from './http/security-headers.ts'
import { type RunningServer, startServer } from './http/server.ts'
import { createIds, type Ids } from './ids.ts'
import { createIntake } from './intake/intake.ts'
import { intakeRoutes } from './intake/routes.ts'
import { createKaribuClient } from './karibu/client.ts'
import { type Log, silentLog } from './log.ts'
import { createMetrics, type Metrics } from './metrics.ts'
import { createImages } from './outbox/images.ts'
import { createOutbox } from './outbox/outbox.ts'
import { metricsRoute } from './query/metrics-route.ts'
import { probeRoutes } from './query/probes.ts'
import { createReceiptDrawer, localeFor } from './receipts/draw.ts'
import { createImageFetcher } from './receipts/fetch-image.ts'
import { createMediaFiles } from './receipts/media-files.ts'
import { mediaRoutes } from './receipts/media-routes.ts'
import { createImageProbe } from './receipts/probe.ts'
import { createReplay } from './replay/replay.ts'
import { compileRules } from './rules/match.ts'
import { platformNamed } from './shops/registry.ts'
import type { DecideReport } from './store/sending.ts'
import { databaseFile, openStore, type Store } from './store/store.ts'
import { decideReport } from './tracking/decide-report.ts'
import { createInbound } from './tracking/inbound.ts'
import { karibuWebhookRoutes } from './tracking/karibu-webhook.ts'
import { createReports } from './tracking/reports.ts'
import { createSenderNames } from './tracking/senders.ts'
import { createStatusPoller } from './tracking/status-poller.ts'
import { createVitals, type Vitals } from './vitals.ts'

/** The world, handed in: real unless a test says otherwise. */
export interface Ports {
  clock: Clock
  ids: Ids
  log: Log
  activity: Activity
  /** 0 ≤ random < 1 */
  random(): number
  metrics: Metrics
  vitals: Vitals
  /** Free bytes on the disk of `data_dir`. */
  freeDisk(): Promise<number>
}

export interface App {
  fetch(request: Request): Response | Promise<Response>
  store: Store
  /** Listens and starts the worker and the pollers. */
  start(): Promise<RunningServer>
  /** Takes no more, finishes what is under way and closes the database. */
  stop(): Promise<void>
}

/** Supervisors kill after ten seconds (Docker) or more. */
const DRAIN_MS = 7 * SECOND

/** The one place where the parts are joined; `src/` read from here is the way of an order. */
export function createApp(config: Config, secrets: Secrets, given: Partial<Ports> = {}): App {
  const clock = given.clock ?? systemClock
  const { ids = createIds(clock), activity = createActivity(), random = Math.random } = given
  const { metrics = createMetrics(), vitals = createVitals() } = given
  const log = countingLog(given.log ?? silentLog, metrics)
  const beats = new Map<string, number>()
  const store = openStore(databaseFile(config.dataDir), ids)
  const files = createMediaFiles(join(config.dataDir, 'media'))
  const drawer = createReceiptDrawer(config.shops)
  const world = { clock, activity, log, passed: (loop: string) => void beats.set(loop, clock.now()) }
  const { marginMs } = config.window
  const { pollStatusAfterMs: statusPollAfterMs } = config.karibu

  const karibu = createKaribuClient({ ...config.karibu, apiKey: secrets.karibuApiKey, now: clock.now })
  const wakeOutbox = () => outbox.wake()
  const rules = compileRules(config.rules)
  const intake = createIntake({
    config,
    platformNamed,
    rules,
    store,
    clock,
    ids,
    log,
    wakeOutbox,
    secrets: secrets.shops,
    localeOf: localeFor,
  })
  const judgeReport: DecideReport = (snapshot, report) =>
    decideReport(snapshot, report, { now: clock.now(), statusPollAfterMs, marginMs, random: random() })
  const recordReport = createReports({ store, clock, log, decideReport: judgeReport, wakeOutbox })
  const senders = [...new Set(Object.values(config.shops).map((shop) => shop.sender))]
  const inbound = createInbound({
    ...world,
    karibu,
    store,
    take: intake.fromKaribu,
    senderName: createSenderNames(karibu, senders, clock),
    pollEveryMs: config.karibu.pollInboundEveryMs,
  })
  const statusPoller = createStatusPoller({ ...world, store, karibu, recordReport, pollAfterMs: statusPollAfterMs })
  const allowLoopback = isLoopback(new URL(config.publicUrl).hostname)
  const fetchImage = createImageFetcher({ allowLoopback, timeoutMs: config.karibu.timeoutMs })
  const probeSecret = ids.token()
  const images = createImages({
    store,
    files,
    clock,
    ids,
    publicUrl: config.publicUrl,
    drawReceipt: drawer.draw,
    fetchImage,
  })
  const outbox = createOutbox({
    ...world,
    store,
    karibu,
    images,
    decideReport: judgeReport,
    random,
    publicUrl: config.publicUrl,
    probeImage: createImageProbe(probeSecret),
    consentOf: (shop) => (shop === null ? null : (config.shops[shop]?.consent ?? null)),
    refreshWindow: (conversation) => {
      metrics.count('risiti_window_lookups_total', { outcome: 'asked' })
      return inbound.refreshWindow(conversation)
    },
    settings: {
      ...config.karibu,
      marginMs,
      statusPollAfterMs,
      perContact: { everyMs: config.karibu.perContactEveryMs, burst: config.karibu.perContactBurst },
      perSender: { everyMs: SECOND / config.karibu.perSenderPerSecond, burst: config.karibu.perSenderPerSecond },
    },
  })
  const housekeeping = createHousekeeping({ ...world, store, files, retention: config.retention, wakeOutbox })
  const actions = createActions({ config, store, clock, ids, wakeOutbox })
  const auth = createAuth({ configured: secrets.apiTokens, find: store.findToken })

  const disk = createDisk(given.freeDisk ?? freeBytesOf(config.dataDir), config.disk.minFreeBytes, clock)

  const web = new OpenAPIHono()
  web.use(requestLog(log, clock, activity, metrics))
  web.use(securityHeaders())
  web.onError(errorHandler(log, createFailureLimit(clock)))
  web.notFound(notFound)
  web.use('/webhooks/*', requireRoom(disk))
  web.use('/v1/*', requireRoom(disk))
  web.route(
    '/webhooks/karibu',
    karibuWebhookRoutes({
      secret: secrets.karibuWebhookSecret,
      recordReport,
      nudgeInbound: inbound.poller.wake,
      clock,
    }),
  )
  web.route('/webhooks', intakeRoutes(intake))
  web.all('/webhooks/:shop/:secret?', methodNotAllowed('POST'))
  web.route(
    '/media',
    mediaRoutes({
      files,
      typeOf: async (token) => (await store.findMedia(token))?.type,
      isProbe: (header) => header === probeSecret,
      fetched: (fetch) => store.addFetch({ ...fetch, at: clock.now() }),
    }),
  )
  web.all('/media/:file', methodNotAllowed('GET, HEAD'))
  const { replay } = createReplay({ store, intake, clock, ids })
  const rehearse = createRehearse({ config, platformNamed, localeOf: localeFor, store, clock })
  web.route(
    '/v1',
    apiRoutes({ store, actions, replay, rehearse, require: auth, clock, publicUrl: config.publicUrl, marginMs }),
  )
  web.route('/', metricsRoute({ metrics, store, disk, vitals, beats, require: auth, clock }))
  web.route('/', probeRoutes({ store, clock, disk }))
  web.openAPIRegistry.registerComponent('securitySchemes', 'bearer', { type: 'http', scheme: 'bearer' })
  web.doc31('/openapi.json', {
    openapi: '3.1.0',
    info: { title: 'Risiti', version: '1', description: 'What became of every receipt.' },
    servers: [{ url: config.publicUrl }],
  })

  let server: RunningServer | undefined
  let stopping: Promise<void> | undefined
  async function end(): Promise<void> {
    const cut = new AbortController()
    void clock.sleep(DRAIN_MS, cut.signal).then(() => {
      // Answers that have not come by now are asked for after the next start, like any that were lost.
      if (!cut.signal.aborted) return karibu.cut()
    })
    const loops = [inbound.poller, statusPoller, outbox, housekeeping]
    await Promise.all([server?.stop(), ...loops.map((loop) => loop.stop())])
    await activity.idle()
    cut.abort()
    await karibu.close()
    await store.close()
    vitals.stop()
  }
  return {
    fetch: (request) => web.fetch(request),
    store,
    async start() {
      await disk.freeBytes()
      server = await startServer((request, env) => web.fetch(request, env), config.listen)
      void drawer.warmUp().catch((error: unknown) => log.error({ error }, 'receipts.not_ready'))
      inbound.poller.start()
      outbox.start()
      statusPoller.start()
      housekeeping.start()
      return server
    },
    stop: () => {
      stopping ??= end()
      return stopping
    },
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || host.startsWith('127.')
}
