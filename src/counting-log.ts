import { SECOND } from './clock.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'

type Fields = Record<string, unknown>

const text = (value: unknown) => (typeof value === 'string' ? value : 'none')
const seconds = (value: unknown) => (typeof value === 'number' ? value / SECOND : 0)

/** Each thing that happens has one line, so counting the lines counts the things; nobody else needs to know. */
export function countingLog(log: Log, metrics: Metrics): Log {
  const counted: Record<string, (fields: Fields) => void> = {
    'delivery.taken': ({ source, topic, duplicate, type }) => {
      if (topic === 'backfill') {
        metrics.count('risiti_backfill_orders_total', { shop: text(source), type: text(type) })
        return
      }
      const outcome = duplicate === true ? 'duplicate' : type === 'ignored' ? 'ignored' : 'handled'
      metrics.count('risiti_deliveries_total', { source: text(source), outcome })
    },
    'message.attempted': ({ result, code, durationMs }) => {
      metrics.count('risiti_attempts_total', { result: text(result), code: text(code) })
      metrics.observe('risiti_attempt_seconds', { result: text(result) }, seconds(durationMs))
    },
    'message.not_sent': ({ outcome, reason }) =>
      metrics.count('risiti_not_sent_total', { outcome: text(outcome), reason: text(reason) }),
    'message.looked_up': ({ verdict }) => metrics.count('risiti_lookups_total', { verdict: text(verdict) }),
    'status.reported': ({ status, source, outcome }) =>
      metrics.count('risiti_status_reports_total', {
        status: text(status),
        source: text(source),
        outcome: text(outcome),
      }),
    'sender.probed': ({ outcome }) => metrics.count('risiti_sender_probes_total', { outcome: text(outcome) }),
    'confirmation.asked': ({ shop, outcome }) =>
      metrics.count('risiti_confirmations_total', { shop: text(shop), outcome: text(outcome) }),
    'window.lookup_failed': () => metrics.count('risiti_window_lookups_total', { outcome: 'failed' }),
  }

  function countLine(level: 'info' | 'warn' | 'error', fields: Fields, name: string): void {
    counted[name]?.(fields)
    if (level !== 'info') metrics.count('risiti_log_lines_total', { level, name })
    log[level](fields, name)
  }

  return {
    info: (fields, name) => countLine('info', fields, name),
    warn: (fields, name) => countLine('warn', fields, name),
    error: (fields, name) => countLine('error', fields, name),
  }
}
