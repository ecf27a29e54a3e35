import { DURATION_PATTERN, KEEP_PATTERN } from './duration.ts'
import { fileJsonSchema, type JsonSchema } from './json-schema.ts'
import { SIZE_PATTERN } from './size.ts'
import { SILENCE_PATTERN } from './values.ts'

export interface KeyDescription {
  /** `karibu.api_key`, `shops.<id>.brand.name`, `rules[].on`. */
  key: string
  type: string
  /** As it would stand in the file; null when there is none. */
  default: string | null
  required: boolean
  meaning: string
}

/** Every key of risiti.yaml that takes a value, in the order of the file: the README's table is held to it. */
export function describeKeys(): KeyDescription[] {
  return describeGroup(fileJsonSchema(), '')
}

function describeGroup(schema: JsonSchema, prefix: string): KeyDescription[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, part]) =>
    describe(part, prefix === '' ? name : `${prefix}.${name}`, schema.required?.includes(name) ?? false),
  )
}

function describe(schema: JsonSchema, key: string, required: boolean): KeyDescription[] {
  if (schema.properties) return describeGroup(schema, key)
  if (schema.items?.properties) return describeGroup(schema.items, `${key}[]`)
  const { additionalProperties: free } = schema
  if (typeof free === 'object' && free.properties) return describeGroup(free, `${key}.<${schema['x-key'] ?? 'name'}>`)
  const row: KeyDescription = {
    key,
    type: typeText(schema),
    default: defaultText(schema.default),
    required,
    meaning: schema.description ?? '',
  }
  const options = schema.anyOf?.flatMap((option) => (option.properties ? describeGroup(option, key) : [])) ?? []
  return [row, ...options.map((option) => ({ ...option, required: false }))]
}

function typeText(schema: JsonSchema): string {
  const { type, items, anyOf, additionalProperties } = schema
  if (schema.writeOnly) return '`${NAME}`'
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const).replaceAll('"', '')}\``
  if (schema.enum) return schema.enum.map((value) => `\`${String(value)}\``).join(', ')
  if (anyOf) return [...new Set(anyOf.map(typeText))].join(' or ')
  if (schema.pattern === DURATION_PATTERN) return 'duration'
  if (schema.pattern === KEEP_PATTERN) return 'duration or `forever`'
  if (schema.pattern === SIZE_PATTERN) return 'size'
  if (schema.pattern === SILENCE_PATTERN) return '`auto`, `off` or duration'
  if (type === 'array') return `list of ${items ? typeText(items) : 'text'}`
  if (typeof additionalProperties === 'object') return `${typeText(additionalProperties)} by name`
  if (type === 'object') return `{ ${Object.keys(schema.properties ?? {}).join(', ')} }`
  return TYPE_WORDS[type ?? ''] ?? 'text'
}

const TYPE_WORDS: Record<string, string> = {
  string: 'text',
  integer: 'whole number',
  number: 'number',
  boolean: '`true`, `false`',
}

function defaultText(value: unknown): string | null {
  if (Array.isArray(value)) return value.length === 0 ? null : value.join(', ')
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return typeof value === 'string' && value !== '' ? value : null
}
