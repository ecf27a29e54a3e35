/** The part of JSON Schema that our own document uses. */
interface Schema {
  $ref?: string
  type?: string | string[]
  enum?: (string | null)[]
  anyOf?: Schema[]
  allOf?: Schema[]
  items?: Schema
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: Schema | boolean
  description?: string
}
interface Operation {
  operationId: string
  summary: string
  parameters?: { name: string; in: string; description?: string; schema: Schema }[]
}
export interface Document {
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, Schema> }
}

const HEAD = `/** Made from the OpenAPI document by test/client/client.test.ts (vitest -u); what the API takes and gives. */\n`

/** The document's schemas, and each operation's query, as TypeScript in the form of the house. */
export function typesOf({ paths, components }: Document): string {
  const schemas = Object.entries(components.schemas).map(([name, schema]) => declared(name, schema))
  const queries = Object.values(paths).flatMap((methods) => Object.values(methods).flatMap(queryOf))
  return `${HEAD}\n${[...schemas, ...queries].join('\n\n')}\n`
}

function declared(name: string, schema: Schema): string {
  const [base, own] = schema.allOf ?? []
  if (base?.$ref && own) return `export interface ${name} extends ${nameOf(base.$ref)} ${objectOf(own, '')}`
  if (schema.properties) return `export interface ${name} ${objectOf(schema, '')}`
  return `export type ${name} =\n${(schema.enum ?? []).map((value) => `  | '${value}'`).join('\n')}`
}

function queryOf({ operationId, summary, parameters = [] }: Operation): string[] {
  const asked = parameters.filter((parameter) => parameter.in === 'query')
  if (asked.length === 0) return []
  const properties = Object.fromEntries(
    asked.map(({ name, description, schema }) => [name, { description, ...schema }]),
  )
  const name = `${operationId.charAt(0).toUpperCase()}${operationId.slice(1)}Query`
  return [`/** ${summary} */\nexport interface ${name} ${objectOf({ properties }, '')}`]
}

function objectOf({ properties = {}, required = [] }: Schema, indent: string): string {
  const inner = `${indent}  `
  const lines = Object.entries(properties).map(([name, schema]) => {
    const doc = schema.description === undefined ? '' : `${inner}/** ${schema.description} */\n`
    return `${doc}${inner}${name}${required.includes(name) ? '' : '?'}: ${typeOf(schema, inner)}`
  })
  return `{\n${lines.join('\n')}\n${indent}}`
}

function typeOf(schema: Schema, indent: string): string {
  if (schema.$ref) return nameOf(schema.$ref)
  if (schema.enum) return unionOf(schema.enum.map((value) => (value === null ? 'null' : `'${value}'`)))
  if (schema.anyOf) return unionOf(schema.anyOf.map((one) => typeOf(one, indent)))
  const types = typeof schema.type === 'string' ? [schema.type] : (schema.type ?? [])
  return types.length === 0 ? 'unknown' : unionOf(types.map((type) => plainOf(type, schema, indent)))
}

function plainOf(type: string, schema: Schema, indent: string): string {
  switch (type) {
    case 'integer':
      return 'number'
    case 'array': {
      const item = typeOf(schema.items ?? {}, indent)
      return item.includes(' | ') && !item.startsWith('{') ? `(${item})[]` : `${item}[]`
    }
    case 'object':
      if (schema.properties) return objectOf(schema, indent)
      return `Record<string, ${typeof schema.additionalProperties === 'object' ? typeOf(schema.additionalProperties, indent) : 'unknown'}>`
    default:
      return type
  }
}

const unionOf = (parts: string[]) => [...new Set(parts)].join(' | ')
const nameOf = (ref: string) => ref.slice(ref.lastIndexOf('/') + 1)
