import { existsSync } from 'node:fs'
import { AppError } from '../errors.ts'
import type { Env } from './references.ts'

const DEFAULT_FILE = 'risiti.yaml'

/** The configuration file: `--config`, else RISITI_CONFIG, else ./risiti.yaml. Throws when it is not there. */
export function findConfigFile({ flag, env }: { flag: string | undefined; env: Env }): string {
  const file = flag || env.RISITI_CONFIG || DEFAULT_FILE
  if (existsSync(file)) return file
  const places = 'give --config FILE, set RISITI_CONFIG, or let risiti init write a risiti.yaml into this folder'
  const from = flag ? ' (from --config)' : env.RISITI_CONFIG ? ' (from RISITI_CONFIG)' : ''
  throw new AppError('config.missing', `there is no configuration file ${file}${from}: ${places}`)
}
