import type { Log } from '../../src/log.ts'

/** A log that remembers its lines. */
export function keptLines(): { log: Log; lines: { level: string; name: string; fields: Record<string, unknown> }[] } {
  const lines: { level: string; name: string; fields: Record<string, unknown> }[] = []
  const keep = (level: string) => (fields: Record<string, unknown>, name: string) =>
    void lines.push({ level, name, fields })
  return { lines, log: { info: keep('info'), warn: keep('warn'), error: keep('error') } }
}
