import type { Command } from 'commander'
import { expect, test } from 'vitest'
import { createProgram } from '../../src/commands/cli/program.ts'
import { fakeCli } from './fake-cli.ts'

/** All commands that do something. */
function commandsOf(command: Command, way: string[] = []): { way: string; command: Command }[] {
  const below = command.commands.flatMap((child) => commandsOf(child, [...way, child.name()]))
  // One with commands below may be one itself.
  const acts = '_actionHandler' in command && command['_actionHandler'] !== null
  return acts ? [{ way: way.join(' '), command }, ...below] : below
}

function helpOf(command: Command): string {
  let text = ''
  command.configureOutput({ writeOut: (part) => void (text += part), getOutHelpWidth: () => 80 })
  command.outputHelp()
  return text
}

test('every command’s help has an example of it, and says what each option means', () => {
  const all = commandsOf(createProgram(fakeCli()))
  expect(all.map(({ way }) => way)).toEqual(
    expect.arrayContaining(['messages', 'messages show', 'send', 'export', 'claim']),
  )
  for (const { way, command } of all) {
    expect([way, helpOf(command)]).toEqual([
      way,
      expect.stringMatching(new RegExp(`Examples?\\b[^\\n]*:\\n(.*\\n)* +.*risiti ${way}`)),
    ])
    expect([way, command.description()]).toEqual([way, expect.stringMatching(/.{8,}/)])
    for (const { flags, description } of command.options)
      expect([way, flags, description]).toEqual([way, flags, expect.stringMatching(/.{3,}/)])
  }
})

/** What only runs, asks or prints a script; and what prints JSON in any case. */
const WITHOUT_JSON = ['serve', 'demo', 'sandbox', 'config schema', 'completion']

test('every command that tells something tells it as JSON too', () => {
  const lacking = commandsOf(createProgram(fakeCli())).filter(
    ({ command }) => !command.options.some(({ long }) => long === '--json'),
  )
  expect(lacking.map(({ way }) => way).toSorted()).toEqual(WITHOUT_JSON.toSorted())
})
