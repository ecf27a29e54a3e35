import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { completionCommands } from '../../src/commands/cli/completion.ts'
import { createProgram } from '../../src/commands/cli/program.ts'
import { completionScript } from '../../src/commands/completion.ts'
import { fakeCli } from './fake-cli.ts'

const scriptFor = (shell: 'bash' | 'zsh') =>
  completionScript(shell, completionCommands(createProgram(fakeCli()), { platform: ['woocommerce', 'shopify'] }))

/** What bash would offer, by line, for each command line; the last word is the one being typed. */
function offered(lines: string[][]): string[][] {
  const folder = mkdtempSync(join(tmpdir(), 'risiti-completion-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  for (const name of ['risiti.yaml', 'order one.json']) writeFileSync(join(folder, name), '')
  mkdirSync(join(folder, 'backups'))
  const script = `${scriptFor('bash')}
while IFS= read -r line; do
  IFS=$'\\t' read -ra COMP_WORDS <<< "$line"
  [[ $line == *$'\\t' ]] && COMP_WORDS+=("")
  COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
  _risiti
  (IFS=$'\\t'; echo "\${COMPREPLY[*]}")
done`.replaceAll('\\\\t', '\\t')
  const input = lines.map((words) => `${words.join('\t')}\n`).join('')
  const out = execFileSync('bash', ['-c', script], { cwd: folder, input, encoding: 'utf8' })
  return out
    .split('\n')
    .slice(0, lines.length)
    .map((line) => (line === '' ? [] : line.split('\t')))
}

test('bash completes commands, options, known values, files and folders', () => {
  const expected: [line: string[], words: string[]][] = [
    [['risiti', 'conv'], ['conversations']],
    [
      ['risiti', 'messages', 's'],
      ['show', 'settle'],
    ],
    [
      ['risiti', 'messages', 'settle', '--'],
      ['--config', '--json', '--arrived', '--not-arrived', '--help'],
    ],
    [
      ['risiti', 'export', '--format', ''],
      ['csv', 'ndjson'],
    ],
    [['risiti', 'send', '--when-closed', 'h'], ['hold']],
    // What stands after an option is its value, even if it is a command's name.
    [
      ['risiti', 'send', '--shop', 'messages', '--when-closed', ''],
      ['hold', 'skip'],
    ],
    [['risiti', 'send', '--shop', ''], []],
    [['risiti', 'token', 'create', '--scope', 're'], ['read']],
    [['risiti', 'messages', '--status', 'del'], ['delivered']],
    [['risiti', 'serve', '--config', 'ris'], ['risiti.yaml']],
    [['risiti', 'restore', '--from', ''], ['backups']],
    [['risiti', 'inspect', 'w'], ['woocommerce']],
    [['risiti', 'inspect', 'woocommerce', 'ord'], ['order one.json']],
    [
      ['risiti', 'completion', ''],
      ['bash', 'zsh', '--help'],
    ],
    [['risiti', 'nonsense', '--x'], []],
  ]
  const found = offered(expected.map(([line]) => line))
  for (const [index, [line, words]] of expected.entries())
    expect([line, found[index]?.toSorted()]).toEqual([line, words.toSorted()])
})

test('each command and option of the program is in both scripts', () => {
  const commands = completionCommands(createProgram(fakeCli()), {})
  for (const script of [scriptFor('bash'), scriptFor('zsh')]) {
    expect(commands.length).toBeGreaterThan(25)
    for (const { way, options } of commands) {
      expect(script).toContain(`'${way.map((word) => `/${word}`).join('')}')`)
      for (const { name } of options) expect(script).toContain(name)
    }
  }
})

test('the script for zsh is one that a shell can read', () => {
  const zsh = ['/usr/bin/zsh', '/bin/zsh'].find((path) => existsSync(path))
  // Its grammar, as far as it is used, is bash's too.
  const read = () => execFileSync(zsh ?? 'bash', ['-n'], { input: scriptFor('zsh'), encoding: 'utf8' })
  expect(read).not.toThrow()
})
