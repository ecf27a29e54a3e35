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

const REASONS: Record<string, string> = {
  ENOENT: 'there is no such file or folder',
  EISDIR: 'it is a folder, not a file',
  ENOTDIR: 'a part of this path is a file, not a folder',
  EACCES: 'this user may not open it: mind its owner and permissions',
  EPERM: 'this user may not do that there: mind its owner and permissions',
  EROFS: 'it lies on a disk that can only be read',
  ENOSPC: 'the disk is full',
  EEXIST: 'it is there already',
  SQLITE_CANTOPEN: 'it is a folder, or this user may not write there: mind its owner and permissions',
  SQLITE_READONLY: 'this user may not write to it: mind its owner and permissions',
  SQLITE_NOTADB: 'it is not a database of Risiti',
  SQLITE_FULL: 'the disk is full',
}

/** Why a file, folder or disk refused, in words that say what to mend; other errors as they say it themselves. */
export function reasonOfSystem(error: unknown): string {
  const code = systemCodeOf(error)
  return (code === undefined ? undefined : REASONS[code]) ?? messageOf(error)
}

/** What the system called it: `EISDIR`, `SQLITE_CANTOPEN`. */
export function systemCodeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
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
