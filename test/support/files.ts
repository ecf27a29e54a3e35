import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** Files under `folder` whose raw bytes hold one of these texts, as `file: text`. */
export function filesHolding(folder: string, texts: string[]): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).flatMap((name) => {
    const path = join(folder, name)
    if (!statSync(path).isFile()) return []
    const bytes = readFileSync(path)
    return texts.filter((text) => bytes.includes(text)).map((text) => `${name}: ${text}`)
  })
}
