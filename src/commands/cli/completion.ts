import { Argument, type Command, type Option } from 'commander'
import { MESSAGE_STATUSES } from '../../store/words.ts'
import type { CompletionCommand, Shell, Wanted } from '../completion.ts'
import { examples } from './arguments.ts'
import type { Register } from './cli.ts'

export const addCompletionCommand: Register = (program, cli) => {
  program
    .command('completion')
    .description('print a script by which a shell completes commands, options and files')
    .addArgument(new Argument('<shell>', 'for which').choices(['bash', 'zsh']))
    .addHelpText(
      'after',
      examples(
        'eval "$(risiti completion bash)"    # in ~/.bashrc',
        'eval "$(risiti completion zsh)"     # in ~/.zshrc, after compinit',
      ),
    )
    .action(async (shell: Shell) => {
      const { PLATFORM_NAMES } = await import('../../shops/registry.ts')
      const { completionScript } = await import('../completion.ts')
      cli.print(completionScript(shell, completionCommands(program, { platform: PLATFORM_NAMES })))
    })
}

/** Known values of what takes several by commas, which the parser's own choices cannot say. */
const BY_NAME: Record<string, readonly string[]> = { status: MESSAGE_STATUSES, outcome: ['handled', 'ignored'] }

/** All commands below a program, with what each takes; `known` are values by an argument's name. */
export function completionCommands(program: Command, known: Record<string, readonly string[]>): CompletionCommand[] {
  function walk(command: Command, way: string[]): CompletionCommand[] {
    const options = [
      ...command.options.map(optionOf),
      { name: '--help', value: undefined, means: 'this command’s help' },
    ]
    const args = command.registeredArguments.map((argument) =>
      wantedOf(argument.name(), argument.argChoices ?? known[argument.name()]),
    )
    const here = { way, means: command.description(), options, args }
    return [here, ...command.commands.flatMap((child) => walk(child, [...way, child.name()]))]
  }
  return walk(program, [])
}

function optionOf(option: Option) {
  const takes = option.required || option.optional
  const placeholder = /[<[]([^>\]]+)[>\]]/.exec(option.flags)?.[1] ?? ''
  const value = takes ? wantedOf(placeholder, option.argChoices ?? BY_NAME[option.name()]) : undefined
  return { name: option.long ?? option.flags, value, means: option.description }
}

function wantedOf(name: string, choices: readonly string[] | undefined): Wanted {
  if (choices) return { kind: 'words', words: choices }
  if (name === 'file' || name === 'folder') return { kind: name }
  return { kind: 'any' }
}
