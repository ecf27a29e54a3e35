import { type Path, valueAt } from './path.ts'
import { variableIn } from './references.ts'
import { readYaml } from './yaml-tree.ts'

/** The environment variable that this key of the file names; undefined where there is no such key. */
export function variableAt(text: string, path: Path): string | undefined {
  const value = valueAt(readYaml(text, (written) => written).value, path)
  return typeof value === 'string' ? variableIn(value) : undefined
}
