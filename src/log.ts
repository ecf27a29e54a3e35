/** The part of pino we use. Names are `thing.happened`; no phone number, token or image byte ever reaches a line. */
export interface Log {
  info(fields: Record<string, unknown>, name: string): void
  warn(fields: Record<string, unknown>, name: string): void
  error(fields: Record<string, unknown>, name: string): void
}

export const silentLog: Log = { info() {}, warn() {}, error() {} }

/** "255712345678" → "…5678": enough to find a person by, too little to write to them. */
export function lastDigits(phone: string | null | undefined): string | null {
  return phone ? `…${phone.slice(-4)}` : null
}
