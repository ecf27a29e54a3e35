import { type ASTNode, TypeError as CelTypeError, Environment, EvaluationError, ParseError } from '@marcbachmann/cel-js'
import { AppError, messageOf } from '../errors.ts'
import type { EventType } from '../order.ts'
import type { RuleContext } from './context.ts'
import { nearest } from './nearest.ts'
import { placeAt, type TextFault } from './text-fault.ts'
import { type VariableType, variablesOn } from './variables.ts'

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

const environments = new Map<boolean, Environment>()

function environmentFor(on: EventType): Environment {
  const isMessage = on === 'message.received'
  const existing = environments.get(isMessage)
  if (existing) return existing
  const environment = new Environment({
    unlistedVariablesAreDyn: false,
    homogeneousAggregateLiterals: false,
    limits: { maxAstNodes: 500, maxDepth: 24, maxListElements: 200, maxMapEntries: 20, maxCallArguments: 8 },
  })
  for (const [name, type] of Object.entries(celSchema(on))) {
    if (typeof type === 'string') environment.registerVariable(name, type)
    else environment.registerVariable({ name, schema: type })
  }
  allowWholeNumbers(environment)
  environments.set(isMessage, environment)
  return environment
}

const CEL_TYPES: Record<VariableType, string> = { text: 'string', number: 'double', texts: 'map<string, string>' }

function celSchema(on: EventType): Record<string, string | Record<string, string>> {
  const groups = new Map<string, string | Record<string, string>>()
  for (const { name, type } of variablesOn(on).values()) {
    const [group = name, field] = name.split('.')
    const fields = groups.get(group)
    if (field === undefined) groups.set(group, CEL_TYPES[type])
    else groups.set(group, { ...(typeof fields === 'object' ? fields : {}), [field]: CEL_TYPES[type] })
  }
  return Object.fromEntries(groups)
}

/** CEL keeps `50000` (int) and an amount (double) apart; a shopkeeper does not. Comparing them is built in. */
function allowWholeNumbers(environment: Environment): void {
  const operations: Record<string, (a: number, b: number) => number> = {
    '+': (a, b) => a + b,
    '-': (a, b) => a - b,
    '*': (a, b) => a * b,
    '/': (a, b) => a / b,
    '%': (a, b) => a % b,
  }
  for (const [operator, operation] of Object.entries(operations)) {
    const handler = (a: unknown, b: unknown) => operation(Number(a), Number(b))
    environment.registerOperator(`double ${operator} int: double`, handler)
    environment.registerOperator(`int ${operator} double: double`, handler)
    if (operator === '%') environment.registerOperator('double % double: double', handler)
  }
  environment.registerOperator('double == int', (a: number, b: bigint) => a === Number(b))
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

type CallNode = { op: string; start: number; args: unknown[] }

function isCall(value: object): value is CallNode {
  return 'op' in value && (value.op === 'call' || value.op === 'rcall') && 'args' in value && Array.isArray(value.args)
}

function isLoop(value: object): value is { start: number } {
  if ('op' in value && value.op === 'comprehension') return true
  return isCall(value) && value.op === 'rcall' && LOOPS.has(String(value.args[0]))
}

type CelError = ParseError | EvaluationError | CelTypeError

function isCelError(error: unknown): error is CelError {
  return error instanceof ParseError || error instanceof EvaluationError || error instanceof CelTypeError
}

function explain(error: unknown, source: string, on: EventType): [offset: number, message: string] {
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
  if (summary === 'Unexpected token: EOF') return [offset, 'something is missing at the end']
  return [offset, typeWord(summary)]
}

/** CEL's names of types as a shopkeeper knows them. */
function typeWord(text: string): string {
  return text
    .replace(/\bmap<[^>]*>/g, 'a group of texts')
    .replace(/\b(double|u?int)\b/g, 'number')
    .replace(/\bstring\b/g, 'text')
    .replace(/\bbool\b/g, 'yes-or-no')
}

function runtimeWords(error: unknown): string {
  if (!isCelError(error)) return messageOf(error)
  const key = /^No such key: (.+)$/s.exec(error.summary)?.[1]
  if (key) return `this order has no attribute ${key} (ask has(order.attributes.…) first)`
  return error.summary
}

/** Maps instead of objects, so that no name reaches anything but the order's own fields. */
function celView(context: RuleContext): object {
  if (!context.order) return context
  return { ...context, order: { ...context.order, attributes: new Map(Object.entries(context.order.attributes)) } }
}
