import { chown, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { AppError, reasonOfSystem, systemCodeOf } from '../errors.ts'

export interface Variable {
  name: string
  value: string
  /** What it is, for whoever fills it in. */
  comment: string
}

/** Only its owner may read it: it holds secrets. */
const MODE = 0o600

/** Pure: the file with these variables. A value that stands there stays; an empty one is filled in, a new one appended. */
export function withVariables(text: string, variables: readonly Variable[]): { text: string; kept: string[] } {
  const lines = text === '' ? [] : text.replace(/\n$/, '').split('\n')
  const kept: string[] = []
  for (const { name, value, comment } of variables) {
    const at = lines.findIndex((line) => nameIn(line) === name)
    if (at === -1) lines.push(...(lines.length === 0 ? [] : ['']), `# ${comment}`, `${name}=${value}`)
    else if (isEmpty(lines[at] ?? '')) lines[at] = `${name}=${value}`
    else kept.push(name)
  }
  return { text: `${lines.join('\n')}\n`, kept }
}

/**
 * Puts them into a file that only its owner may read; gives the names that had a value already, which stays. On a disk that
 * is full the file stays as it was, with every other secret in it.
 */
export async function writeVariables(file: string, variables: readonly Variable[]): Promise<string[]> {
  try {
    const before = await ifThere(readFile(file, 'utf8'))
    const { text, kept } = withVariables(before ?? '', variables)
    // A link stays one.
    const target = (await ifThere(realpath(file))) ?? file
    const owner = await ifThere(stat(target))
    const unfinished = `${target}.unfinished`
    await rm(unfinished, { force: true })
    try {
      await writeFile(unfinished, text, { mode: MODE, flag: 'wx', flush: true })
      // Whoever runs this for somebody else does not take it from them.
      if (owner) await chown(unfinished, owner.uid, owner.gid)
      await rename(unfinished, target)
    } finally {
      await rm(unfinished, { force: true })
    }
    return kept
  } catch (error) {
    throw new AppError('file.unwritable', `${file} cannot be written: ${reasonOfSystem(error)}`, { cause: error })
  }
}

async function ifThere<T>(asked: Promise<T>): Promise<T | undefined> {
  return asked.catch((error: unknown) => {
    if (systemCodeOf(error) === 'ENOENT') return undefined
    throw error
  })
}

function nameIn(line: string): string | undefined {
  return /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)=/.exec(line)?.[1]
}

function isEmpty(line: string): boolean {
  return /=\s*(?:""|'')?\s*$/.test(line)
}
