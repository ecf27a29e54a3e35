/**
 * A request, command or setting that cannot go on. `code` is part of our API (`area.reason`); `message` is one plain
 * sentence for people and never holds a phone number, token or secret.
 */
export class AppError extends Error {
  readonly code: string
  readonly details: Record<string, unknown> | undefined

  constructor(code: string, message: string, options: { details?: Record<string, unknown>; cause?: unknown } = {}) {
    super(message, { cause: options.cause })
    this.name = 'AppError'
    this.code = code
    this.details = options.details
  }
}

/** The plain text of anything thrown, without what a failed query was about: that holds customers' data. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const isQuery = 'query' in error && 'params' in error
  if (isQuery) return error.cause instanceof Error ? error.cause.message : 'a query failed'
  return error.message
}

/**
 * What of an error may stand in a log: our own sentences as they are; of others neither what they quote (a parser quotes
 * what it read) nor long numbers; and where it happened.
 */
export function forLog(error: unknown): { error: string; stack?: string } {
  if (error instanceof AppError) return { error: error.message }
  const text = messageOf(error)
    .replace(/"[^"]*"?|'[^']*'?/g, '"…"')
    .replace(/\+?\d[\d\s().-]{5,}\d/g, '…')
    .slice(0, 300)
  const frames = error instanceof Error ? error.stack?.split('\n').filter((line) => /^\s+at /.test(line)) : undefined
  return { error: text, ...(frames && { stack: frames.join('\n') }) }
}
