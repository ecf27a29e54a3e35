import type { EventType } from '../order.ts'
import { ORDER_EVENT_TYPES } from '../order.ts'
import { checkCaption, checkUrl } from '../rules/caption-check.ts'
import { checkCondition } from '../rules/condition.ts'
import type { TextFault } from '../rules/text-fault.ts'
import { isRecord, type Path, valueAt } from './path.ts'

/** A fault inside a text of the file. */
export interface InnerFault {
  path: Path
  inside: TextFault
}

/** The captions, urls, invitations and conditions of all rules whose event is known. */
export function templateFaults(tree: unknown): InnerFault[] {
  const rules = valueAt(tree, ['rules'])
  if (!Array.isArray(rules)) return []
  return rules.flatMap((rule: unknown, index) => {
    const on = eventType(valueAt(rule, ['on']))
    return on ? ruleTexts(rule, ['rules', index], on) : []
  })
}

type Check = (source: string, options: { on: EventType }) => TextFault[]

function ruleTexts(rule: unknown, path: Path, on: EventType): InnerFault[] {
  const variables = valueAt(rule, ['invite', 'variables'])
  const names = isRecord(variables) ? Object.keys(variables) : []
  const texts: [steps: Path, check: Check][] = [
    [['if'], checkCondition],
    [['send', 'image', 'url'], checkUrl],
    [['send', 'caption'], checkCaption],
    [['send', 'caption', 'sw'], checkCaption],
    [['send', 'caption', 'en'], checkCaption],
    ...names.map((name): [Path, Check] => [['invite', 'variables', name], checkCaption]),
  ]
  return texts.flatMap(([steps, check]) => {
    const source = valueAt(rule, steps)
    if (typeof source !== 'string') return []
    return check(source, { on }).map((inside) => ({ path: [...path, ...steps], inside }))
  })
}

function eventType(value: unknown): EventType | undefined {
  return [...ORDER_EVENT_TYPES, 'message.received' as const].find((type) => type === value)
}
