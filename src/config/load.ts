import { dirname, resolve } from 'node:path'
import { buildConfig, buildSecrets } from './build.ts'
import { crossFaults, ENV_TOKEN_NAME } from './cross-checks.ts'
import { ConfigError, type Fault } from './faults.ts'
import { issueFaults } from './issues.ts'
import { logoFaults } from './logo.ts'
import { notifyFaults } from './notify-faults.ts'
import { pathText } from './path.ts'
import { placeInText } from './places.ts'
import { platformFaults } from './platform-faults.ts'
import { createReferences, type Env, envValue, type PathFault } from './references.ts'
import { fileSchema } from './schema.ts'
import { type InnerFault, templateFaults } from './template-faults.ts'
import type { Config, Secrets } from './types.ts'
import { readYaml, type YamlTree } from './yaml-tree.ts'

export interface ConfigSource {
  /** The path of the file: what faults name, and where relative paths start from. */
  file: string
  text: string
  env: Env
  /** For commands that only need the settings: a secret that is not set is no fault then. */
  secretsOptional?: boolean
}

/** Shorter ones can be guessed. */
const SHORTEST_TOKEN = 16

/** The settings, or a `ConfigError` that names everything wrong with them at once. */
export function loadConfig({ file, text, env, secretsOptional = false }: ConfigSource): {
  config: Config
  secrets: Secrets
} {
  const references = createReferences(env, { secretsOptional })
  const tree = readYaml(text.replace(/^\uFEFF/, ''), references.readText)
  const fail = (faults: Fault[]) => new ConfigError(inOrder(faults, (message) => references.scrub(message)))
  if (tree.faults.length > 0) throw fail(tree.faults.map((fault) => ({ ...fault, file, path: pathText(fault.path) })))
  if (tree.value === null)
    throw fail([
      { file, line: 1, column: 1, path: '', message: 'the file is empty: it needs public_url, karibu and shops' },
    ])
  const result = fileSchema.safeParse(tree.value)
  const faults = [
    ...withoutEchoes(references.faults, [
      ...issueFaults(result.error?.issues ?? [], tree.value, (path) => tree.scalar(path)?.written),
      ...crossFaults(tree.value),
      ...platformFaults(tree.value),
      ...notifyFaults(tree.value, env),
      ...logoFaults(tree.value, dirname(resolve(file))),
    ]).map((fault) => placed(fault, tree, file)),
    ...templateFaults(tree.value).map((fault) => placedInside(fault, tree, file)),
    ...environmentFaults(env, file),
  ]
  if (!result.success || faults.length > 0) throw fail(faults)
  return { config: buildConfig(result.data, file), secrets: buildSecrets(result.data, env) }
}

/** A value that could not be filled in is told once, not again for the form it then does not have. */
function withoutEchoes(first: PathFault[], others: PathFault[]): PathFault[] {
  const told = new Set(first.map(({ path }) => pathText(path)))
  return [...first, ...others.filter(({ path }) => !told.has(pathText(path)))]
}

function placed({ path, message, at }: PathFault, tree: YamlTree, file: string): Fault {
  const { line, column } = at === 'key' ? tree.keyPlace(path) : tree.valuePlace(path)
  return { file, line, column, path: pathText(path), message }
}

function placedInside({ path, inside }: InnerFault, tree: YamlTree, file: string): Fault {
  const scalar = tree.scalar(path)
  const { line, column, exact } = scalar
    ? placeInText(scalar, inside.line, inside.column)
    : { ...tree.valuePlace(path), exact: false }
  const where = exact ? '' : ` (line ${inside.line}, column ${inside.column} of the text)`
  const [first = '', ...rest] = inside.message.split('\n')
  return { file, line, column, path: pathText(path), message: [first + where, ...rest].join('\n') }
}

function environmentFaults(env: Env, file: string): Fault[] {
  const token = envValue(env, ENV_TOKEN_NAME)
  if (!token || token.length >= SHORTEST_TOKEN) return []
  const message = `the environment variable ${ENV_TOKEN_NAME} has fewer than ${SHORTEST_TOKEN} characters: take a longer one`
  return [{ file, line: 1, column: 1, path: '', message }]
}

function inOrder(faults: Fault[], scrub: (message: string) => string): Fault[] {
  return faults
    .map(({ file, line, column, path, message }) => ({ file, line, column, path, message: scrub(message) }))
    .toSorted((a, b) => a.line - b.line || a.column - b.column)
}
