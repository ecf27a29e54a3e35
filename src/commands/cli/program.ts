import { Command } from 'commander'
import { VERSION } from '../../version.ts'
import { addAskingCommands } from './asking.ts'
import { addBackfillCommand } from './backfill.ts'
import { addBackupCommands } from './backups.ts'
import type { Cli } from './cli.ts'
import { addCompletionCommand } from './completion.ts'
import { addConfigCommands } from './config.ts'
import { addEventCommands } from './events.ts'
import { addExportCommand } from './export.ts'
import { addMessageCommands } from './messages.ts'
import { addPayloadCommands } from './payloads.ts'
import { addPeopleCommands } from './people.ts'
import { addSendCommand } from './send.ts'
import { addServiceCommands } from './service.ts'
import { addSetupCommands } from './setup.ts'
import { addTokenCommands } from './token.ts'

const REGISTER = [
  addSetupCommands,
  addServiceCommands,
  addPayloadCommands,
  addMessageCommands,
  addSendCommand,
  addAskingCommands,
  addEventCommands,
  addExportCommand,
  addPeopleCommands,
  addBackfillCommand,
  addBackupCommands,
  addConfigCommands,
  addTokenCommands,
  addCompletionCommand,
]

/** All commands, of which the one that runs imports what it needs. */
export function createProgram(cli: Cli): Command {
  const program = new Command('risiti')
    .description('Draws a shop’s receipts, sends them on WhatsApp, and knows what became of each one.')
    .version(VERSION)
    // An option after `messages show` is that command’s own.
    .enablePositionalOptions()
  for (const add of REGISTER) add(program, cli)
  pointToHelp(program, program.name())
  return program
}

/** Who mistypes a command is shown the way to that command's own help. */
function pointToHelp(command: Command, path: string): void {
  command.showHelpAfterError(
    `(${path} --help shows ${command.commands.length > 0 ? 'the commands' : 'how it is used'})`,
  )
  for (const one of command.commands) pointToHelp(one, `${path} ${one.name()}`)
}
