import { TypeError as CelTypeError, EvaluationError, ParseError } from '@marcbachmann/cel-js'
import { messageOf } from '../errors.ts'
import type { EventType } from '../order.ts'
import { nearest } from './nearest.ts'
import { variablesOn } from './variables.ts'

type CelError = ParseError | EvaluationError | CelTypeError

function isCelError(error: unknown): error is CelError {
  return error instanceof ParseError || error instanceof EvaluationError || error instanceof CelTypeError
}

/** What is wrong with a condition before it is asked, and the offset it is wrong at. */
export function explain(error: unknown, source: string, on: EventType): [offset: number, message: string] {
  if (!isCelError(error)) return [0, messageOf(error)]
  const { code, summary, range } = error
  const offset = range?.start ?? 0
  const name = range ? source.slice(range.start, range.end) : ''
  const known = [...variablesOn(on).keys()]
  if (code === 'unknown_variable') {
    const groups = known.map((variable) => variable.split('.')[0] ?? variable)
    const suggestion = nearest(name, groups)
    if (!suggestion && name === 'order') return [offset, `${on} has no order`]
    if (!suggestion && name === 'message') return [offset, `${on} has no message`]
    return [offset, `there is no ${name}${suggestion ? `; did you mean ${suggestion}?` : ''}`]
  }
  if (code === 'no_such_key') {
    const before = /([a-z_]+)\s*(?:\.|\[\s*["'])\s*$/.exec(source.slice(0, offset))?.[1]
    const path = before ? `${before}.${name}` : name
    const suggestion = nearest(path, known)
    return [offset, `there is no ${path}${suggestion ? `; did you mean ${suggestion}?` : ''}`]
  }
  if (code === 'no_such_overload') {
    const operation = summary.replace(/^no such overload: /, '')
    if (operation === 'double in list<int>') return [offset, 'write the numbers in the list with .0, like [3.0, 4.0]']
    return [offset, `${typeWord(operation)} cannot be worked out`]
  }
  if (code === 'cannot_index_type')
    return [offset, `${name || 'this'} does not exist: what stands before it has no parts`]
  if (summary.startsWith('Exceeded max')) return [offset, 'is too long or has too many brackets']
  if (summary === 'Unexpected token: EOF') return [offset, 'something is missing at the end']
  return [offset, typeWord(summary)]
}

/** CEL's names of types as a shopkeeper knows them. */
export function typeWord(text: string): string {
  return text
    .replace(/\bmap<[^>]*>/g, 'a group of texts')
    .replace(/\b(double|u?int)\b/g, 'number')
    .replace(/\bstring\b/g, 'text')
    .replace(/\bbool\b/g, 'yes-or-no')
}

/** Why a condition could not be answered about one event. */
export function runtimeWords(error: unknown): string {
  if (!isCelError(error)) return messageOf(error)
  const key = /^No such key: (.+)$/s.exec(error.summary)?.[1]
  if (key) return `this order has no attribute ${key} (ask has(order.attributes.…) first)`
  return error.summary
}
