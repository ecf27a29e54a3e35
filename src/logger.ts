import { destination, pino } from 'pino'
import type { Log } from './log.ts'

/**
 * JSON lines on standard output. Only named fields and constant names: no text is built from customers' data. Lines that
 * come while one is written go out together; what waits at the end of the process is written then.
 */
export function createLogger(level: 'info' | 'warn' | 'error' = 'info'): Log {
  return pino({ level, base: null, serializers: { error: pino.stdSerializers.err } }, destination({ sync: false }))
}
