import { AppError } from '../errors.ts'

/** One thing wrong with the settings. `message` says how to mend it and never holds a secret. */
export interface Fault {
  file: string
  line: number
  column: number
  /** `shops.duka.secrets[0]`; empty for the file as a whole. */
  path: string
  message: string
}

/** Everything that is wrong, found at one start: the message lists it line by line. */
export class ConfigError extends AppError {
  readonly faults: Fault[]

  constructor(faults: Fault[]) {
    super('config.invalid', formatFaults(faults), { details: { faults } })
    this.name = 'ConfigError'
    this.faults = faults
  }
}

/** `risiti.yaml:12:5  shops.duka.secrets[0]: …`, a line each; the lines under a fault are indented. */
export function formatFaults(faults: Fault[]): string {
  return faults
    .map(({ file, line, column, path, message }) => {
      const [first = '', ...rest] = message.split('\n')
      return [`${file}:${line}:${column}  ${path ? `${path}: ` : ''}${first}`, ...rest.map((l) => `    ${l}`)].join(
        '\n',
      )
    })
    .join('\n')
}
