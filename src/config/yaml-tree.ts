import { isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, type YAMLMap } from 'yaml'
import type { Path } from './path.ts'
import type { Place, ScalarText } from './places.ts'
import { depthFault } from './yaml-depth.ts'
import { syntaxFaults } from './yaml-syntax.ts'

export interface TreeFault extends Place {
  path: Path
  message: string
}

/** The file as plain data (objects without a prototype), and where in the file everything stands. */
export interface YamlTree {
  value: unknown
  /** Not empty: `value` is only a part. */
  faults: TreeFault[]
  /** Where a value stands, else the nearest thing around it. */
  valuePlace(path: Path): Place
  /** Where the key of a value stands: for what is wrong with the key, or missing under it. */
  keyPlace(path: Path): Place
  /** How a text or number is written in the file; undefined for anything else. */
  scalar(path: Path): ScalarText | undefined
}

/** Called with every text as it is read; what it gives takes the text's place. */
export type ReadText = (text: string, path: Path) => unknown

/** More than any honest file: past it, aliases are multiplying themselves. */
const MAX_NODES = 20_000
const MAX_DEPTH = 40

export function readYaml(file: string, readText: ReadText): YamlTree {
  const tooDeep = depthFault(file)
  const source = tooDeep ? '' : file
  const lines = new LineCounter()
  // The schema is named so that a "%YAML 1.1" line cannot turn "no" and "on" into booleans.
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false, uniqueKeys: true, schema: 'core' })
  const found = tooDeep ? [tooDeep] : syntaxFaults(document, lines, source)
  const faults: TreeFault[] = found.map((fault) => ({ ...fault, path: [] }))
  const values = new Map<string, Place>()
  const keys = new Map<string, Place>()
  const scalars = new Map<string, ScalarText>()
  let nodes = 0

  function placeOf(node: unknown): Place {
    const { line, col } = lines.linePos((isNode(node) && node.range?.[0]) || 0)
    return { line, column: col }
  }

  function report(node: unknown, path: Path, message: string): void {
    const place = placeOf(node)
    const isTold = faults.some((f) => f.line === place.line && f.column === place.column && f.message === message)
    if (!isTold) faults.push({ ...place, path, message })
  }

  /** False once there is too much of it, which is said once. */
  function isWithinLimits(node: unknown, path: Path, depth: number): boolean {
    if (++nodes === MAX_NODES + 1) report(node, [], 'the file is too large, or its aliases multiply themselves')
    if (nodes > MAX_NODES) return false
    if (depth > MAX_DEPTH) report(node, path.slice(0, 1), 'nests too deep, or an *alias holds itself')
    return depth <= MAX_DEPTH
  }

  function readNode(given: unknown, path: Path, depth: number): unknown {
    const place = placeOf(given)
    values.set(JSON.stringify(path), place)
    if (!isWithinLimits(given, path, depth)) return undefined
    const node = resolve(given, path)
    if (isMap(node)) return readMap(node, path, depth)
    if (isSeq(node)) return node.items.map((item, index) => readNode(item, [...path, index], depth + 1))
    if (!isScalar(node)) return null
    const written = node.range ? source.slice(node.range[0], node.range[1]) : ''
    scalars.set(JSON.stringify(path), { place: placeOf(node), type: node.type, written })
    return typeof node.value === 'string' ? readText(node.value, path) : node.value
  }

  function resolve(node: unknown, path: Path): unknown {
    if (!isAlias(node)) return node
    const target = node.resolve(document)
    if (!target) report(node, path, 'this *alias is not known: put the text in quotes if it is none')
    return target
  }

  function readMap(map: YAMLMap, path: Path, depth: number): Record<string, unknown> {
    const record: Record<string, unknown> = Object.create(null)
    for (const { key, value } of pairsOf(map, path, depth)) {
      const name = keyName(key)
      if (name === undefined || name === '__proto__') {
        report(key, path, 'a key must be a plain word')
        continue
      }
      const here = [...path, name]
      keys.set(JSON.stringify(here), placeOf(key))
      record[name] = readNode(value, here, depth + 1)
    }
    return record
  }

  /** The map's own pairs, after those of `<<: *defaults`, which they overrule. */
  function pairsOf(map: YAMLMap, path: Path, depth: number): Pair[] {
    const merged: Pair[] = []
    const own: Pair[] = []
    for (const pair of map.items) {
      const aliases = isSeq(pair.value) ? pair.value.items.toReversed() : [pair.value]
      if (keyName(pair.key) !== '<<' || !aliases.every(isAlias)) own.push(pair)
      else for (const alias of aliases) merged.push(...mergedPairs(alias, path, depth))
    }
    return [...merged, ...own]
  }

  function mergedPairs(alias: unknown, path: Path, depth: number): Pair[] {
    if (!isWithinLimits(alias, path, depth)) return []
    const target = resolve(alias, path)
    if (isMap(target)) return pairsOf(target, path, depth + 1)
    if (target) report(alias, path, '<< takes the *alias of a map')
    return []
  }

  const value = faults.length === 0 ? readNode(document.contents, [], 0) : undefined
  return {
    value,
    faults,
    valuePlace: (path) => nearestPlace(values, path),
    keyPlace: (path) => keys.get(JSON.stringify(path)) ?? nearestPlace(values, path),
    scalar: (path) => scalars.get(JSON.stringify(path)),
  }
}

type Pair = YAMLMap['items'][number]

function keyName(key: unknown): string | undefined {
  if (!isScalar(key) || key.value === null || key.value === undefined) return undefined
  return typeof key.value === 'string' ? key.value : (key.source ?? JSON.stringify(key.value))
}

function nearestPlace(places: Map<string, Place>, path: Path): Place {
  for (let length = path.length; length >= 0; length--) {
    const place = places.get(JSON.stringify(path.slice(0, length)))
    if (place) return place
  }
  return { line: 1, column: 1 }
}
