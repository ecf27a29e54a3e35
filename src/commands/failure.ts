import { ConfigError, formatFaults } from '../config/faults.ts'
import { AppError, messageOf, reasonOfSystem } from '../errors.ts'

/** 2 for a faulty or missing configuration, 1 for anything else that went wrong. */
export function exitCodeOf(error: unknown): 1 | 2 {
  return error instanceof AppError && error.code.startsWith('config.') ? 2 : 1
}

/** One plain sentence; a configuration's faults get a line each. */
export function explain(error: unknown): string {
  if (error instanceof ConfigError) return formatFaults(error.faults)
  if (error instanceof AppError) return `risiti: ${error.message}`
  const path = error instanceof Error && 'path' in error && typeof error.path === 'string' ? error.path : undefined
  if (path !== undefined) return `risiti: ${path}: ${reasonOfSystem(error)}`
  return `risiti: something unexpected went wrong: ${messageOf(error)}`
}
