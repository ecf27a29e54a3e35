import { Environment } from '@marcbachmann/cel-js'
import type { EventType } from '../order.ts'
import { type VariableType, variablesOn } from './variables.ts'

const environments = new Map<boolean, Environment>()

/** CEL that knows the variables of an event and their types; made once, as making one takes milliseconds. */
export function environmentFor(on: EventType): Environment {
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
