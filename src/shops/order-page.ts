import { AppError } from '../errors.ts'
import { type Fields, isRecord } from './fields.ts'

/** The orders of a page as the API lists them, however many; what is no list must not pass for an empty one. */
export function ordersIn(answer: unknown, title: string): Fields[] {
  if (Array.isArray(answer)) return answer.filter(isRecord)
  throw new AppError('api.no_orders', `${title}’s API has no list of orders at this address: is api_url right?`)
}

export function latest(times: readonly (number | null)[]): number | null {
  const known = times.filter((at) => at !== null)
  return known.length === 0 ? null : Math.max(...known)
}
