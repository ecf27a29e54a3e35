import { schemaAt } from './json-schema.ts'
import { type Path, pathText } from './path.ts'
import type { ReadText } from './yaml-tree.ts'

export type Env = Record<string, string | undefined>

export interface PathFault {
  path: Path
  message: string
  /** Where to point at: the value unless said. */
  at?: 'key'
}

/** `${NAME}` in the file: secrets stay names until the end, everything else is filled in as the file is read. */
export interface References {
  readText: ReadText
  faults: PathFault[]
  /** Takes what must not be shown out of a sentence. */
  scrub(message: string): string
}

const REFERENCE = /(\$?)\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g
const ONE_REFERENCE = /^\s*\$\{([A-Za-z_][A-Za-z0-9_]*)\}\s*$/
/** Anything shorter is no secret, and would be found in every other sentence. */
const SHORTEST_HIDDEN = 6

export function createReferences(env: Env, { secretsOptional = false } = {}): References {
  const faults: PathFault[] = []
  /** Texts that may be secret, with what to show in their place. */
  const hidden = new Map<string, string>()

  function value(name: string, path: Path): string | undefined {
    const found = envValue(env, name)
    if (found === undefined) faults.push({ path, message: `the environment variable ${name} is not set` })
    else hidden.set(found, `\${${name}}`)
    return found
  }

  function readSecret(text: string, path: Path, minLength: number): string {
    const name = variableIn(text)
    if (!name) {
      hidden.set(text.trim(), '(hidden)')
      faults.push({ path, message: secretFault(path) })
      return ''
    }
    if (secretsOptional && envValue(env, name) === undefined) return text.trim()
    const found = value(name, path)
    if (found !== undefined && found.length < minLength)
      faults.push({ path, message: `the value of ${name} has fewer than ${minLength} characters: take a longer one` })
    return `\${${name}}`
  }

  function readText(text: string, path: Path): unknown {
    const schema = schemaAt(path)
    if (schema?.writeOnly) return readSecret(text, path, schema['x-min-length'] ?? 1)
    const filledIn = text.replace(REFERENCE, (reference, dollar: string, name: string) =>
      // $${NAME} is how to write ${NAME} itself.
      dollar ? reference.slice(1) : (value(name, path) ?? reference),
    )
    return ONE_REFERENCE.test(text) ? typed(filledIn, schema?.type) : filledIn
  }

  return {
    readText,
    faults,
    scrub(message) {
      let text = message
      const longestFirst = [...hidden].toSorted(([a], [b]) => b.length - a.length)
      for (const [secret, shown] of longestFirst)
        if (secret.length >= SHORTEST_HIDDEN) text = text.replaceAll(secret, shown)
      return text
    },
  }
}

/** The value of a variable, without the line end a file or a copy may have left; undefined when there is none. */
export function envValue(env: Env, name: string): string | undefined {
  return (Object.hasOwn(env, name) && env[name]?.trim()) || undefined
}

/** The name in a text that is `${NAME}` and nothing else. */
export function variableIn(text: string): string | undefined {
  return ONE_REFERENCE.exec(text)?.[1]
}

/** The value behind a secret's `${NAME}` in a checked file. */
export function secretValue(env: Env, reference: string): string {
  return envValue(env, secretName(reference)) ?? ''
}

/** `NAME` of a secret's `${NAME}`. */
export function secretName(reference: string): string {
  return variableIn(reference) ?? ''
}

/** How to mend a secret's place; never what stands there. */
export function secretFault(path: Path): string {
  const name = pathText(path)
    .replace(/\[0\]$/, '')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/_$/, '')
    .toUpperCase()
  return `must not stand in this file: write "\${${name}}" here and put the value into that environment variable`
}

/** The environment has only texts: numbers and yes-or-no are read out of them where the schema wants such. */
function typed(text: string, type: string | undefined): unknown {
  if ((type === 'integer' || type === 'number') && /^-?\d{1,15}(\.\d+)?$/.test(text)) return Number(text)
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true'
  return text
}
