/** What is measured, in Prometheus' terms; the README's table is held to this. */
export const METRICS = {
  risiti_http_requests_total: ['counter', ['method', 'route', 'status'], 'Requests answered; route is a pattern'],
  risiti_http_request_seconds: ['histogram', ['route'], 'How long answers took'],
  risiti_deliveries_total: ['counter', ['source', 'outcome'], 'Verified deliveries: `handled`, `ignored`, `duplicate`'],
  risiti_attempts_total: ['counter', ['result', 'code'], 'Tries at sending, with the code of what went wrong'],
  risiti_attempt_seconds: ['histogram', ['result'], 'How long Karibu took to answer a send'],
  risiti_not_sent_total: ['counter', ['outcome', 'reason'], 'Messages the gate did not let go'],
  risiti_status_reports_total: [
    'counter',
    ['status', 'source', 'outcome'],
    'What Karibu reported; `applied` moved a message',
  ],
  risiti_lookups_total: ['counter', ['verdict'], 'Lost answers looked up in Karibu’s list'],
  risiti_window_lookups_total: ['counter', ['outcome'], 'Closed windows Karibu was asked about: `asked`, `failed`'],
  risiti_sender_probes_total: [
    'counter',
    ['outcome'],
    'Refused senders Karibu was asked about before the next try: `works`, `refused`, `unknown`',
  ],
  risiti_confirmations_total: [
    'counter',
    ['shop', 'outcome'],
    'Times a platform’s API was asked: `confirmed`, `denied`, `given_up`; `undecided`, `later`, `blocked`, `refused` are asked again',
  ],
  risiti_notifications_total: [
    'counter',
    ['target', 'outcome'],
    'Times a target was told: `told`, `given_up`; `failed`, `slow`, `gone` (410) are told again',
  ],
  risiti_backfill_orders_total: [
    'counter',
    ['shop', 'type'],
    'Orders a backfill read in the shop that were new to us or had changed, by what that made of them',
  ],
  risiti_log_lines_total: ['counter', ['level', 'name'], 'Lines of level `warn` and `error`'],
  risiti_messages: ['gauge', ['status'], 'Messages that wait: `held`, `queued`, `sending`, `uncertain`'],
  risiti_oldest_message_age_seconds: ['gauge', ['status'], 'Age of the oldest of them'],
  risiti_sender_paused: ['gauge', ['sender', 'code'], '1 while this number of ours does not send, and why'],
  risiti_sender_month_sends: ['gauge', ['sender'], 'Messages Karibu took on this month (UTC)'],
  risiti_sender_month_budget: ['gauge', ['sender'], 'How many it may take on, where `budgets` says so'],
  risiti_confirmations_waiting: ['gauge', ['shop'], 'Claims that wait for their platform’s API to confirm them'],
  risiti_oldest_confirmation_age_seconds: ['gauge', ['shop'], 'Age of the oldest of them'],
  risiti_platform_api_paused: ['gauge', ['shop', 'code'], '1 while a platform’s API refuses the shop’s credentials'],
  risiti_notifications_waiting: ['gauge', ['target'], 'Notifications a target is still to be told'],
  risiti_oldest_notification_age_seconds: ['gauge', ['target'], 'Age of the oldest of them'],
  risiti_notify_target_off: ['gauge', ['target'], '1 since a target answered 410, until the next start'],
  risiti_shop_last_event_age_seconds: ['gauge', ['shop'], 'Time since the shop last told anything by itself'],
  risiti_shop_silent: ['gauge', ['shop'], '1 while a shop has told nothing for longer than `silence_alarm` allows'],
  risiti_loop_age_seconds: [
    'gauge',
    ['loop'],
    'Time since the last good pass: `inbound-poller`, `outbox`, `confirmations`, `notifications`, `status-poller`, `housekeeping`; `backfill:<shop>`: since it was read to the end',
  ],
  risiti_database_bytes: ['gauge', ['file'], 'Size of the database (`main`) and its log (`wal`)'],
  risiti_disk_free_bytes: ['gauge', [], 'Free space on the disk of `data_dir`'],
  risiti_memory_bytes: ['gauge', [], 'Memory of the process (RSS)'],
  risiti_event_loop_delay_seconds: ['gauge', ['quantile'], 'How late timers ran since the last scrape'],
} as const satisfies Record<string, readonly ['counter' | 'gauge' | 'histogram', readonly string[], string]>

export type MetricName = keyof typeof METRICS
type Labels<N extends MetricName> = Record<(typeof METRICS)[N][1][number], string | number>

export interface Metrics {
  /** Adds to a counter. */
  count<N extends MetricName>(name: N, labels: Labels<N>): void
  /** Puts a value into a histogram. */
  observe<N extends MetricName>(name: N, labels: Labels<N>, value: number): void
  /** All of it as Prometheus' text format; `gauges` are what stands at this instant. */
  render(gauges: Gauge[]): string
}

export interface Gauge {
  name: MetricName
  labels: Record<string, string | number>
  value: number
}

interface Series {
  labels: Record<string, string | number>
  /** A counter's value, or a histogram's sum. */
  sum: number
  buckets: number[]
}

const BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
/** Labels are ours or Karibu's few codes; should one of them run wild, memory stays bounded. */
const SERIES_AT_MOST = 500

export function createMetrics(): Metrics {
  const kept = new Map<string, Map<string, Series>>()

  function seriesOf(name: MetricName, labels: Record<string, string | number>): Series | undefined {
    let all = kept.get(name)
    if (!all) kept.set(name, (all = new Map()))
    const key = JSON.stringify(labels)
    let series = all.get(key)
    if (!series && all.size < SERIES_AT_MOST)
      all.set(key, (series = { labels, sum: 0, buckets: BOUNDS.map(() => 0).concat(0) }))
    return series
  }

  return {
    count(name, labels) {
      const series = seriesOf(name, labels)
      if (series) series.sum++
    },
    observe(name, labels, value) {
      const series = seriesOf(name, labels)
      if (!series) return
      series.sum += value
      const at = BOUNDS.findIndex((bound) => value <= bound)
      const index = at === -1 ? BOUNDS.length : at
      series.buckets[index] = (series.buckets[index] ?? 0) + 1
    },
    render(gauges) {
      const lines: string[] = []
      for (const [name, [type, , help]] of Object.entries(METRICS)) {
        lines.push(`# HELP ${name} ${help.replaceAll('\\', '\\\\')}`, `# TYPE ${name} ${type}`)
        for (const gauge of gauges.filter((one) => one.name === name)) lines.push(line(name, gauge.labels, gauge.value))
        for (const series of kept.get(name)?.values() ?? []) {
          if (type === 'histogram') lines.push(...histogramLines(name, series))
          else lines.push(line(name, series.labels, series.sum))
        }
      }
      return `${lines.join('\n')}\n`
    },
  }
}

function histogramLines(name: string, { labels, sum, buckets }: Series): string[] {
  let count = 0
  const lines = buckets.map((inBucket, index) => {
    count += inBucket
    return line(`${name}_bucket`, { ...labels, le: BOUNDS[index] ?? '+Inf' }, count)
  })
  return [...lines, line(`${name}_sum`, labels, sum), line(`${name}_count`, labels, count)]
}

function line(name: string, labels: Record<string, string | number>, value: number): string {
  const pairs = Object.entries(labels).map(([key, text]) => `${key}="${escape(String(text))}"`)
  return `${name}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${value}`
}

function escape(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}
