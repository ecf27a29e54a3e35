import { type Activity, createActivity } from './activity.ts'
import { createActions } from './api/actions.ts'
import { createRehearse } from './api/rehearse.ts'
import { createBackfills } from './backfill/loop.ts'
import { createBackfillApis } from './backfill/pages.ts'
import { createClaimLinks } from './claim-links/links.ts'
import { type Clock, SECOND, systemClock } from './clock.ts'
import type { Config, Secrets } from './config/types.ts'
import { createConfirmations } from './confirm/confirm.ts'
import { createPlatformApis } from './confirm/platform-api.ts'
import { countingLog } from './counting-log.ts'
import { forLog } from './errors.ts'
import { createHousekeeping } from './housekeeping/housekeeping.ts'
import { createTokens } from './http/auth.ts'
import { createDisk, freeBytesOf } from './http/disk.ts'
import { type RunningServer, startServer, urlHere } from './http/server.ts'
import { createIds, type Ids } from './ids.ts'
import { createIntake } from './intake/intake.ts'
import { createOrderReads } from './intake/order-reads.ts'
import { createKaribuClient } from './karibu/client.ts'
import { probeSender } from './karibu/sender-probe.ts'
import { type Log, silentLog } from './log.ts'
import { createMetrics, type Metrics } from './metrics.ts'
import { createNotify } from './notify/notify.ts'
import type { Poster } from './notify/post.ts'
import { createImages } from './outbox/images.ts'
import { createOutbox } from './outbox/outbox.ts'
import { createErasing } from './privacy/erasing.ts'
import { quietUntilOf } from './quiet-hours.ts'
import { createReceiptDrawer, localeFor } from './receipts/draw.ts'
import { createImageFetcher, type FetchImage } from './receipts/fetch-image.ts'
import { createMediaFiles } from './receipts/media-files.ts'
import { createImageProbe, type ProbeImage, probeToken } from './receipts/probe.ts'
import { createReplay } from './replay/replay.ts'
import { compileRules } from './rules/match.ts'
import type { ShopPlatform } from './shops/platform.ts'
import * as registry from './shops/registry.ts'
import { createSilenceWatch } from './silence/watch.ts'
import type { DecideReport } from './store/sending.ts'
import { openServiceStore, type Store } from './store/store.ts'
import type { Gap } from './store/words.ts'
import { decideReport } from './tracking/decide-report.ts'
import { createInbound } from './tracking/inbound.ts'
import { createReports } from './tracking/reports.ts'
import { createSenderNames } from './tracking/senders.ts'
import { forgetSetAside } from './tracking/set-aside.ts'
import { createStatusPoller } from './tracking/status-poller.ts'
import { createVitals, type Vitals } from './vitals.ts'
import { createWeb } from './web.ts'

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
  /** Fetches a shop's own picture; the real one knows no private address but that of `public_url`. */
  fetchImage: FetchImage
  probeImage: ProbeImage
  /** Posts notifications; the real one knows no private address but that of `public_url` and, if that is on this machine, targets on it. */
  poster: Poster
  platformNamed(name: string): ShopPlatform | undefined
}

export interface App {
  fetch(request: Request): Response | Promise<Response>
  store: Store
  /** All that is answered, as it is written. */
  routes: readonly { method: string; path: string }[]
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
  const { metrics = createMetrics(), vitals = createVitals(), platformNamed = registry.platformNamed } = given
  const log = countingLog(given.log ?? silentLog, metrics)
  const beats = new Map<string, number>()
  const store = openServiceStore(config.dataDir, ids)
  let upSince = clock.now()
  let gaps: Gap[] = []
  const files = createMediaFiles(config.dataDir)
  const drawer = createReceiptDrawer(config.shops)
  const world = { clock, activity, log, passed: (loop: string) => void beats.set(loop, clock.now()) }
  const { marginMs } = config.window
  const { pollStatusAfterMs: statusPollAfterMs } = config.karibu

  const budgets = config.budgets.map(({ sender, messagesPerMonth, warnAt }) => ({
    sender,
    messages: messagesPerMonth,
    warnAt,
  }))
  const karibu = createKaribuClient({ ...config.karibu, apiKey: secrets.karibuApiKey, now: clock.now })
  const wakeOutbox = () => outbox.wake()
  const rules = compileRules(config.rules)
  const stepDeps = { config, platformNamed, rules, clock, ids, localeOf: localeFor, gaps: () => gaps }
  const intake = createIntake({
    ...stepDeps,
    store,
    log,
    wakeOutbox,
    wakeHousekeeping: () => housekeeping.wake(),
    wakeConfirmations: () => confirmations.wake(),
    secrets: secrets.shops,
  })
  const platformApis = createPlatformApis(clock)
  const confirmations = createConfirmations({
    ...world,
    config,
    platformNamed,
    store,
    random,
    secrets: secrets.shops,
    apis: platformApis,
    prepare: intake.prepare,
    taken: intake.taken,
  })
  const takeRead = createOrderReads({ ...stepDeps, store, taken: intake.taken })
  const backfillApis = createBackfillApis(clock.now)
  const backfills = createBackfills({
    ...world,
    config,
    platformNamed,
    store,
    random,
    secrets: secrets.shops,
    apis: backfillApis,
    take: takeRead,
    async hasRoom() {
      await disk.freeBytes()
      return disk.hasRoom()
    },
  })
  const silence = createSilenceWatch({ ...world, config, store })
  const judgeReport: DecideReport = (snapshot, report) =>
    decideReport(snapshot, report, { now: clock.now(), statusPollAfterMs, marginMs, random: random(), upSince, gaps })
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
  const { timeoutMs } = config.karibu
  const fetchImage = given.fetchImage ?? createImageFetcher({ allow: [new URL(config.publicUrl).origin], timeoutMs })
  const probeSecret = ids.token()
  const ownAddressOf = (url: string) => server && `${urlHere(server)}${url.slice(config.publicUrl.length)}`
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
    probeImage: given.probeImage ?? createImageProbe({ secret: probeSecret, ownAddressOf }),
    probeSender: (sender) => probeSender(karibu, sender),
    consentOf: (shop) => (shop === null ? null : (config.shops[shop]?.consent ?? null)),
    clockIsSteady: () => housekeeping.clockIsSteady(),
    budgetOf: (sender) => budgets.find((budget) => budget.sender === sender) ?? null,
    quietUntil: (shop, now) => quietUntilOf(shop === null ? undefined : config.shops[shop], now),
    refreshWindow: (conversation) => {
      metrics.count('risiti_window_lookups_total', { outcome: 'asked' })
      return inbound.refreshWindow(conversation)
    },
    settings: {
      ...config.karibu,
      marginMs,
      senders,
      statusPollAfterMs,
      perContact: { everyMs: config.karibu.perContactEveryMs, burst: config.karibu.perContactBurst },
      perSender: { everyMs: SECOND / config.karibu.perSenderPerSecond, burst: config.karibu.perSenderPerSecond },
    },
  })
  const notify = createNotify({
    ...world,
    config,
    secrets: secrets.notify,
    store,
    metrics,
    random,
    poster: given.poster,
  })
  const erase = createErasing({
    store,
    files,
    clock,
    log,
    forgetSetAside: (isTheirs) => forgetSetAside(store, isTheirs),
  })
  const housekeeping = createHousekeeping({
    ...world,
    store,
    files,
    retention: config.retention,
    erase,
    wakeWorkers() {
      outbox.wake()
      confirmations.wake()
      notify.wake()
    },
  })
  const actions = createActions({ config, store, clock, ids, wakeOutbox })
  const claimLinks = createClaimLinks({ shops: config.shops, store, clock })
  const tokens = createTokens({ configured: secrets.apiTokens, find: store.findToken })

  const disk = createDisk(given.freeDisk ?? freeBytesOf(config.dataDir), config.disk.minFreeBytes, clock)

  const { replay } = createReplay({ store, intake, clock, ids })
  const rehearse = createRehearse({ config, platformNamed, localeOf: localeFor, store, clock })
  const web = createWeb({
    ...world,
    config,
    store,
    intake,
    inbound,
    recordReport,
    karibuWebhookSecret: secrets.karibuWebhookSecret,
    files,
    probe: { probeToken: probeToken(secrets.karibuApiKey), isProbe: (header) => header === probeSecret },
    claimLinks,
    actions,
    replay,
    rehearse,
    silence,
    tokens,
    disk,
    budgets,
    beats,
    metrics,
    vitals,
    ids,
  })

  let server: RunningServer | undefined
  let stopping: Promise<void> | undefined
  async function end(): Promise<void> {
    const cut = new AbortController()
    void clock.sleep(DRAIN_MS, cut.signal).then(() => {
      // Answers that have not come by now are asked for after the next start, like any that were lost.
      if (!cut.signal.aborted) return Promise.all([karibu, platformApis, backfillApis, notify].map((one) => one.cut()))
    })
    const loops = [
      inbound.poller,
      statusPoller,
      confirmations,
      outbox,
      notify,
      housekeeping,
      silence.loop,
      ...backfills,
    ]
    await Promise.all([server?.stop(), ...loops.map((loop) => loop.stop())])
    await activity.idle()
    cut.abort()
    await Promise.all([karibu, platformApis, backfillApis, notify].map((one) => one.close()))
    await store.close()
    vitals.stop()
  }
  return {
    fetch: (request) => web.fetch(request),
    store,
    routes: web.routes,
    async start() {
      await disk.freeBytes()
      gaps = await store.listGaps()
      await notify.ready()
      server = await startServer((request, env) => web.fetch(request, env), config.listen)
      upSince = clock.now()
      void drawer.warmUp().catch((error: unknown) => log.error(forLog(error), 'receipts.not_ready'))
      inbound.poller.start()
      outbox.start()
      confirmations.start()
      notify.start()
      statusPoller.start()
      housekeeping.start()
      silence.loop.start()
      for (const backfill of backfills) backfill.start()
      return server
    },
    stop: () => {
      stopping ??= end()
      return stopping
    },
  }
}
