import type { z } from 'zod'
import { nearest } from '../rules/nearest.ts'
import { describeKeys } from './describe-keys.ts'
import { DURATION_PATTERN, KEEP_PATTERN } from './duration.ts'
import { type JsonSchema, schemaAt } from './json-schema.ts'
import { type Path, pathText, valueAt } from './path.ts'
import { type PathFault, secretFault } from './references.ts'
import { SIZE_PATTERN } from './size.ts'
import { COLOR_PATTERN } from './values.ts'

type Issue = z.core.$ZodIssue

/** Zod's findings about the file, in words that say how to mend them. `written` gives a number as the file has it. */
export function issueFaults(issues: Issue[], tree: unknown, written: (path: Path) => string | undefined): PathFault[] {
  return issues.flatMap((issue) => {
    const path = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step))
    return faultsOf(issue, path, valueAt(tree, path), written(path))
  })

  function faultsOf(issue: Issue, path: Path, value: unknown, asWritten: string | undefined): PathFault[] {
    switch (issue.code) {
      case 'unrecognized_keys':
        return issue.keys.map((key) => ({ path: [...path, key], message: unknownKey(path, key), at: 'key' as const }))
      case 'invalid_union': {
        const option = optionMeant(issue.errors)
        if (!option) return [{ path, message: wrongType(value, path, asWritten) ?? issue.message }]
        return issueFaults(
          option.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] })),
          tree,
          written,
        )
      }
      case 'invalid_key':
        return [{ path, message: issue.issues[0]?.message ?? issue.message, at: 'key' }]
      case 'invalid_type':
        if (value === undefined) return [missing(path)]
        return [{ path, message: wrongType(value, path, asWritten) ?? `must be ${TYPES[issue.expected] ?? 'text'}` }]
      case 'invalid_value':
        if (value === undefined) return [missing(path)]
        return [{ path, message: wrongChoice(issue.values.map(String), value) }]
      case 'too_small':
      case 'too_big':
        return [{ path, message: wrongSize(issue) }]
      case 'custom':
      case 'invalid_format':
      case 'invalid_element':
      case 'not_multiple_of':
        break
    }
    return [{ path, message: issue.message }]
  }
}

/** The option whose outer form fits what stands there: its own faults say more than "none of these". */
function optionMeant(options: Issue[][]): Issue[] | undefined {
  const fitting = options.filter(
    (issues) =>
      !issues.some(({ code, path }) => path.length === 0 && (code === 'invalid_type' || code === 'invalid_value')),
  )
  return fitting.length === 1 ? fitting[0] : undefined
}

function missing(path: Path): PathFault {
  const schema = schemaAt(path)
  const meaning = schema?.description ? ` (${schema.description})` : ''
  const example = schema?.writeOnly ? ': write ${NAME} and put the value into that environment variable' : ''
  return { path, message: `is missing${meaning}${example}`, at: 'key' }
}

const TYPES: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list: begin each entry with - or put them in [ ]',
  object: 'a group of keys',
  record: 'a group of keys',
}

/** The mistakes that have a better answer than the type that was wanted. */
function wrongType(value: unknown, path: Path, asWritten: string | undefined): string | undefined {
  const schema = schemaAt(path)
  if (schema?.writeOnly) return secretFault(path)
  if (value === null && schema?.pattern === COLOR_PATTERN) return 'needs quotes, "#0f766e": a bare # begins a comment'
  if (value === null) return 'is empty: give it a value, or remove the key'
  const wantsText = schema && [schema, ...(schema.anyOf ?? [])].some(({ type }) => type === 'string')
  if (typeof value === 'number' && wantsText) return numberForText(schema, asWritten ?? String(value))
  if (typeof value === 'boolean' && wantsText) return `must be text: put it in quotes: "${asWritten ?? String(value)}"`
  const isNumeric = typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value)
  if (isNumeric && (schema?.type === 'integer' || schema?.type === 'number'))
    return 'must be a number: remove the quotes'
  return undefined
}

function numberForText(schema: JsonSchema, asWritten: string): string {
  if (schema.pattern === DURATION_PATTERN) return `needs a unit, like ${asWritten}s, ${asWritten}m or ${asWritten}h`
  if (schema.pattern === KEEP_PATTERN) return `needs a unit, like ${asWritten}d`
  if (schema.pattern === SIZE_PATTERN) return `needs a unit, like ${asWritten}MB`
  return `put it in quotes: "${asWritten}"; else YAML reads a number and drops the leading zero`
}

function wrongChoice(choices: string[], value: unknown): string {
  const suggestion = typeof value === 'string' ? nearest(value, choices) : undefined
  return `must be ${listWords(choices)}${suggestion ? `; did you mean ${suggestion}?` : ''}`
}

function wrongSize(issue: Extract<Issue, { code: 'too_small' | 'too_big' }>): string {
  if (issue.origin === 'array') return 'needs at least one entry'
  return issue.code === 'too_small' ? `must be at least ${issue.minimum}` : `must be at most ${issue.maximum}`
}

function unknownKey(parent: Path, key: string): string {
  const options = [schemaAt(parent), ...(schemaAt(parent)?.anyOf ?? [])]
  const siblings = options.flatMap((option) => Object.keys(option?.properties ?? {}))
  const suggestion = nearest(key, siblings)
  if (suggestion) return `there is no such key; did you mean ${suggestion}?`
  const elsewhere = describeKeys().find((known) => known.key.split('.').at(-1) === key)
  if (elsewhere) return `there is no such key here; did you mean ${elsewhere.key}?`
  return `there is no such key; ${pathText(parent) || 'the file'} takes ${listWords(siblings, 'and')}`
}

function listWords(words: string[], last = 'or'): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`
}
