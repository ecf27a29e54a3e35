import type { ASTNode } from '@marcbachmann/cel-js'
import { AppError } from '../errors.ts'
import type { EventType } from '../order.ts'
import { environmentFor } from './cel-environment.ts'
import { explain, runtimeWords, typeWord } from './cel-words.ts'
import type { RuleContext } from './context.ts'
import { nearest } from './nearest.ts'
import { placeAt, type TextFault } from './text-fault.ts'
import { variablesOn } from './variables.ts'

/** `error` says why the question could not be answered about this event; `holds` is then false. */
export type CompiledCondition = (context: RuleContext) => { holds: boolean; error: string | null }

type Checked = { faults: TextFault[]; ask?: (view: object) => unknown }

const MAX_LENGTH = 2000

/** Faults of an `if`, each with the line it stands in and a caret under the place; empty when it can be asked. */
export function checkCondition(source: string, { on }: { on: EventType }): TextFault[] {
  return check(source, on).faults
}

export function compileCondition(source: string, { on }: { on: EventType }): CompiledCondition {
  const { faults, ask } = check(source, on)
  if (!ask) throw new AppError('rule.invalid', faults[0]?.message ?? 'this condition cannot be asked')
  return (context) => {
    try {
      return { holds: ask(celView(context)) === true, error: null }
    } catch (error) {
      return { holds: false, error: runtimeWords(error) }
    }
  }
}

function check(source: string, on: EventType): Checked {
  if (source.trim() === '') return fail(source, 0, 'is empty')
  if (source.length > MAX_LENGTH) return fail(source, 0, `is longer than ${MAX_LENGTH} characters`)
  const environment = environmentFor(on)
  try {
    const parsed = environment.parse(source)
    const refused = refusedCall(parsed.ast)
    if (refused) return fail(source, refused.offset, refused.message)
    const result = parsed.check()
    if (!result.valid) return fail(source, ...explain(result.error, source, on))
    const unknown = unknownInHas(source, on)
    if (unknown) return fail(source, ...unknown)
    if (result.type !== 'bool')
      return fail(source, 0, `must be a question with a yes or a no, but it gives ${typeWord(result.type ?? '?')}`)
    return { faults: [], ask: (view) => parsed(view) as unknown }
  } catch (error) {
    return fail(source, ...explain(error, source, on))
  }
}

function fail(source: string, offset: number, message: string): Checked {
  const { line, column } = placeAt(source, offset)
  const caret = `${source.split('\n')[line - 1] ?? ''}\n${' '.repeat(column - 1)}^`
  return { faults: [{ line, column, message: `${message}\n${caret}` }] }
}

const LOOPS = new Set(['all', 'exists', 'exists_one', 'map', 'filter'])

/** What could keep the program busy (patterns that backtrack for ever, loops within loops) or hides a typo (`dyn`). */
function refusedCall(ast: ASTNode): { offset: number; message: string } | undefined {
  const seen = new Set<unknown>()
  const visit = (value: unknown, loops: number): { offset: number; message: string } | undefined => {
    if (typeof value !== 'object' || value === null || seen.has(value)) return undefined
    seen.add(value)
    let depth = loops
    if (isCall(value)) {
      const name = String(value.args[0])
      if (name === 'matches')
        return { offset: value.start, message: 'matches( is not allowed here: use contains, startsWith or endsWith' }
      if (name === 'bind' || name === 'dyn') return { offset: value.start, message: `${name}( is not allowed here` }
    }
    if (isLoop(value) && ++depth > 1)
      return { offset: value.start, message: 'a loop within a loop is not allowed here' }
    for (const part of Object.values(value)) {
      const found = visit(part, depth)
      if (found) return found
    }
    return undefined
  }
  return visit(ast, 0)
}

/** The library does not look into `has(order.totl)`, which would just be false for ever. */
function unknownInHas(source: string, on: EventType): [offset: number, message: string] | undefined {
  const known = variablesOn(on)
  // In a copy without what stands in quotes.
  const code = source.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/gs, (text) => ' '.repeat(text.length))
  for (const { 1: before = '', 2: name = '', index } of code.matchAll(/(\bhas\s*\(\s*)([a-z_]+\.\w+)/g)) {
    if (known.has(name)) continue
    const suggestion = nearest(name, known.keys())
    return [index + before.length, `there is no ${name}${suggestion ? `; did you mean ${suggestion}?` : ''}`]
  }
  return undefined
}

type CallNode = { op: string; start: number; args: unknown[] }

function isCall(value: object): value is CallNode {
  return 'op' in value && (value.op === 'call' || value.op === 'rcall') && 'args' in value && Array.isArray(value.args)
}

function isLoop(value: object): value is { start: number } {
  if ('op' in value && value.op === 'comprehension') return true
  return isCall(value) && value.op === 'rcall' && LOOPS.has(String(value.args[0]))
}

/** Maps instead of objects, so that no name reaches anything but the order's own fields. */
function celView(context: RuleContext): object {
  if (!context.order) return context
  return { ...context, order: { ...context.order, attributes: new Map(Object.entries(context.order.attributes)) } }
}
