import { Option } from 'commander'
import type { SendInput } from '../send.ts'
import { addCommonOptions, examples } from './arguments.ts'
import type { Register } from './cli.ts'
import { withStore } from './open.ts'

type Flags = SendInput & { config?: string }

export const addSendCommand: Register = (program, cli) => {
  addCommonOptions(program.command('send'))
    .description('send an image or an order’s receipt by hand, through the same gate as any other')
    .requiredOption('--shop <id>', 'whose number and brand it goes out under')
    .option('--order <id or number>', 'the receipt of this order')
    .option('--image-url <address>', 'an image of your own; it is fetched once and kept')
    .option('--to <phone>', 'to whom, as the shop’s country dials it (default: the order’s phone)')
    .option('--caption <text>', 'what stands under it')
    .addOption(
      new Option('--when-closed <policy>', 'if the customer’s window is closed (default: hold)').choices([
        'hold',
        'skip',
      ]),
    )
    .option('--idempotency-key <key>', 'with the same key it is sent once')
    .addHelpText(
      'after',
      examples(
        'risiti send --shop duka --order DUKA-0107',
        'risiti send --shop duka --to 0712345678 --image-url https://duka.example/bei.png --caption "Bei zetu za wiki hii."',
      ),
    )
    .action(({ config: flag, ...input }: Flags) =>
      withStore(flag, cli, async (store, config) => {
        const { createActions } = await import('../../api/actions.ts')
        const { runSend } = await import('../send.ts')
        // A running service looks for itself.
        const actions = createActions({ config, store, clock: cli.clock, ids: cli.ids, wakeOutbox() {} })
        return runSend(input, { shops: config.shops, actions, options: { publicUrl: config.publicUrl } })
      }),
    )
}
