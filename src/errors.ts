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

/** The plain text of anything thrown, for logs and traces. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
