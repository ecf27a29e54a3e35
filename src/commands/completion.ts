/** What may follow a word: one of these words, a file, a folder, or something nobody can know. */
export type Wanted = { kind: 'words'; words: readonly string[] } | { kind: 'file' | 'folder' | 'any' }

export interface CompletionOption {
  /** `--config` */
  name: string
  /** Undefined: it takes no value. */
  value: Wanted | undefined
  means: string
}

/** A command by its way from the program: `messages show`; the program itself is the empty one. */
export interface CompletionCommand {
  way: string[]
  means: string
  options: CompletionOption[]
  args: Wanted[]
}

export type Shell = 'bash' | 'zsh'
export const SHELLS: Shell[] = ['bash', 'zsh']

/** A script that completes commands, options, and the values that are known. Pure. */
export function completionScript(shell: Shell, commands: CompletionCommand[]): string {
  return shell === 'bash' ? bash(commands) : zsh(commands)
}

const placeOf = ({ way }: Pick<CompletionCommand, 'way'>) => way.map((word) => `/${word}`).join('')

/** Both shells walk the words so far in the same way: which command stands there, and whether an option waits for its value. */
function walk(commands: CompletionCommand[]): string {
  const known = commands.filter(({ way }) => way.length > 0).map(placeOf)
  const waiting = commands.flatMap((command) =>
    command.options.filter(({ value }) => value !== undefined).map(({ name }) => `${placeOf(command)}/${name}`),
  )
  return `    if [[ -n $waits ]]; then
      waits=
      continue
    fi
    case "$at/$word" in
      ${known.join(' | ')}) at="$at/$word" ;;
      ${waiting.join(' | ')}) waits=yes ;;
    esac`
}

/** What is offered: for the value that an option waits for, else for the command that stands there. */
function answers(commands: CompletionCommand[], words: string[], offer: (wanted: Wanted) => string): string {
  const values = commands.flatMap((command) =>
    command.options.flatMap(({ name, value }) =>
      value === undefined || value.kind === 'any' ? [] : `      ${placeOf(command)}/${name}) ${offer(value)} ;;`,
    ),
  )
  return `  if [[ -n $waits ]]; then
    case "$at/$before" in
${values.join('\n')}
    esac
    return
  fi
  case "$at" in
${words.join('\n')}
  esac`
}

function bash(commands: CompletionCommand[]): string {
  const words = commands.map((command) => {
    const all = [
      ...subcommandsOf(command, commands).map(({ word }) => word),
      ...optionsOf(command).map(({ word }) => word),
    ]
    const others = command.args.filter((arg) => arg.kind !== 'any')
    const args = others.map((arg) => `\n      [[ $current == -* ]] || ${bashReply(arg, '+=')}`).join('')
    return `    '${placeOf(command)}')
      ${bashReply({ kind: 'words', words: all })}${args}
      ;;`
  })
  return `# Completion of risiti for bash. In ~/.bashrc: eval "$(risiti completion bash)"
_risiti() {
  local current="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD - 1]}" at= waits= word i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
${walk(commands)}
  done
${answers(commands, words, bashReply)}
}
complete -F _risiti risiti
`
}

/** Names with spaces stay whole. */
function bashReply(wanted: Wanted, assign: '=' | '+=' = '='): string {
  if (wanted.kind === 'words') return `COMPREPLY${assign}($(compgen -W '${wanted.words.join(' ')}' -- "$current"))`
  const flag = wanted.kind === 'folder' ? '-d' : '-f'
  const each = 'while IFS= read -r word; do COMPREPLY+=("$word"); done'
  return `{ compopt -o filenames 2> /dev/null; ${each} < <(compgen ${flag} -- "$current"); }`
}

function zsh(commands: CompletionCommand[]): string {
  const words = commands.map((command) => {
    const lists = [
      ['command', subcommandsOf(command, commands)],
      ['option', optionsOf(command)],
    ] as const
    const adds = lists.flatMap(([tag, list]) =>
      list.length === 0
        ? []
        : [`      known=(${list.map(described).join(' ')})`, `      _describe -t ${tag}s ${tag} known`],
    )
    const args = command.args.filter((arg) => arg.kind !== 'any').map((arg) => `      ${zshAdd(arg)}`)
    return [`    '${placeOf(command)}')`, ...adds, ...args, '      ;;'].join('\n')
  })
  return `#compdef risiti
# Completion of risiti for zsh. In ~/.zshrc, after compinit: eval "$(risiti completion zsh)"
_risiti() {
  local before="$words[CURRENT-1]" at= waits= word
  local -a known
  for word in "\${(@)words[2,CURRENT-1]}"; do
${walk(commands)}
  done
${answers(commands, words, zshAdd)}
}
compdef _risiti risiti
`
}

function zshAdd(wanted: Wanted): string {
  if (wanted.kind === 'words') return `compadd -- ${wanted.words.join(' ')}`
  return wanted.kind === 'folder' ? '_files -/' : '_files'
}

interface Word {
  word: string
  means: string
}

const described = ({ word, means }: Word) => `'${word}:${means.replaceAll("'", "'\\''").replaceAll(':', '\\:')}'`

function subcommandsOf({ way }: CompletionCommand, commands: CompletionCommand[]): Word[] {
  return commands
    .filter((other) => other.way.length === way.length + 1 && way.every((word, index) => other.way[index] === word))
    .map((other) => ({ word: other.way.at(-1) ?? '', means: other.means }))
}

function optionsOf({ options }: CompletionCommand): Word[] {
  return options.map(({ name, means }) => ({ word: name, means }))
}
