import { readFile } from 'node:fs/promises'
import { type Command, InvalidArgumentError } from 'commander'
import { AppError, reasonOfSystem } from '../../errors.ts'
import type { Cli } from './cli.ts'

/** For an option that may be given again. */
export const collect = (value: string, sofar: string[] = []): string[] => [...sofar, value]

export function wholeNumber(text: string): number {
  if (!/^\d{1,5}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.')
  return Number(text)
}

export function webAddress(text: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw new InvalidArgumentError('It must be an address with http:// or https://.')
  }
  return text
}

export function secretFrom(name: string, { env }: Pick<Cli, 'env'>): string {
  const value = env[name]
  if (!value) throw new AppError('env.missing', `the environment variable ${name} is not set`)
  return value
}

/** A file as it is; `-` is standard input. */
export async function readInput(file: string, { stdin }: Pick<Cli, 'stdin'>): Promise<Uint8Array> {
  if (file === '-') {
    const chunks: Buffer[] = []
    for await (const chunk of stdin) chunks.push(Buffer.from(chunk))
    return Buffer.concat(chunks)
  }
  try {
    return await readFile(file)
  } catch (error) {
    throw new AppError('file.unreadable', `${file} cannot be read: ${reasonOfSystem(error)}`, { cause: error })
  }
}

/** Stands under a command's help. */
export function examples(...lines: string[]): string {
  return `\nExample${lines.length === 1 ? '' : 's'}:\n${lines.map((line) => `  ${line}`).join('\n')}`
}

/** The options of every command that looks into the database. */
export function addCommonOptions(command: Command): Command {
  return command.option('--config <file>', 'the configuration').option('--json', 'as JSON')
}
