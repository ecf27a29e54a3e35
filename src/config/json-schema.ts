import { z } from 'zod'
import { isRecord, type Path } from './path.ts'
import { fileSchema } from './schema.ts'

/** The part of JSON Schema that zod writes for us. */
export interface JsonSchema {
  $schema?: string
  type?: string
  title?: string
  description?: string
  default?: unknown
  enum?: unknown[]
  const?: unknown
  pattern?: string
  minimum?: number
  maximum?: number
  properties?: Record<string, JsonSchema>
  additionalProperties?: boolean | JsonSchema
  propertyNames?: JsonSchema
  required?: string[]
  items?: JsonSchema
  anyOf?: JsonSchema[]
  /** A secret: only `${NAME}` may stand there. */
  writeOnly?: boolean
  /** Of a secret's value. */
  'x-min-length'?: number
  /** What the free keys of a group are called. */
  'x-key'?: string
}

export const VARIABLE_PATTERN = '^\\$\\{[A-Za-z_][A-Za-z0-9_]*\\}$'

let plain: JsonSchema | undefined

/** As zod writes it: what our own code looks keys up in. */
export function fileJsonSchema(): JsonSchema {
  plain ??= toJsonSchema(z.toJSONSchema(fileSchema, { io: 'input' }))
  return plain
}

function toJsonSchema(schema: object): JsonSchema {
  return schema
}

/** JSON Schema of risiti.yaml for editors (yaml-language-server): completes keys and explains them. */
export function configJsonSchema(): JsonSchema {
  return forEditor(structuredClone(fileJsonSchema()), [])
}

/** Each key gets its full name as a title, and may be `${NAME}` where its value is not free text. */
function forEditor(schema: JsonSchema, path: string[]): JsonSchema {
  const { properties, items, additionalProperties, anyOf, ...rest } = schema
  const own: JsonSchema = { ...rest }
  if (path.length > 0) own.title = path.join('.')
  if (properties) own.properties = mapValues(properties, (part, key) => forEditor(part, [...path, key]))
  if (items) own.items = forEditor(items, path)
  if (anyOf) own.anyOf = anyOf.map((part) => forEditor(part, path))
  if (additionalProperties !== undefined)
    own.additionalProperties = isRecord(additionalProperties)
      ? forEditor(additionalProperties, [...path, `<${schema['x-key'] ?? 'name'}>`])
      : additionalProperties
  if (schema.writeOnly) return { ...own, pattern: VARIABLE_PATTERN }
  const isFree = own.type === 'object' || own.type === 'array' || own.anyOf || (own.type === 'string' && !own.pattern)
  if ((isFree && !own.enum) || own.const !== undefined) return own
  const { title, description, default: fallback, ...value } = own
  return {
    title,
    description,
    ...(fallback === undefined ? {} : { default: fallback }),
    anyOf: [value, { type: 'string', pattern: VARIABLE_PATTERN, description: 'From the environment' }],
  }
}

function mapValues<T, U>(record: Record<string, T>, map: (value: T, key: string) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value, key)]))
}

/** What the schema says about the value at a path of the file, or undefined where it knows no such path. */
export function schemaAt(path: Path, schema: JsonSchema = fileJsonSchema()): JsonSchema | undefined {
  const [step, ...rest] = path
  if (step === undefined) return schema
  for (const option of [schema, ...(schema.anyOf ?? [])]) {
    const next = typeof step === 'number' ? option.items : keyIn(option, step)
    const found = next && schemaAt(rest, next)
    if (found) return found
  }
  return undefined
}

function keyIn({ properties, additionalProperties }: JsonSchema, key: string): JsonSchema | undefined {
  if (properties && Object.hasOwn(properties, key)) return properties[key]
  return typeof additionalProperties === 'object' ? additionalProperties : undefined
}
