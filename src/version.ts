import { readFileSync } from 'node:fs'
import { z } from 'zod'

const described = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')))

/** Of the program, as its package says. */
export const VERSION = described.version
