import { pino } from 'pino'
import type { Log } from './log.ts'

/** JSON lines on standard output. Only named fields and constant names: no text is built from customers' data. */
export function createLogger(level: 'info' | 'warn' | 'error' = 'info'): Log {
  return pino({ level, base: null, serializers: { error: pino.stdSerializers.err } })
}
