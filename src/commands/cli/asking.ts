import { addCommonOptions, examples } from './arguments.ts'
import type { Cli, Register } from './cli.ts'
import { withReadStore, withStore } from './open.ts'

interface Flags {
  config?: string
  json?: boolean
  sender?: string
  limit?: string
  cursor?: string
  since?: string
  qr?: string
}

/** `conversations`, `stats` and `claim`: what is so, of people, of the whole and of one order. */
export const addAskingCommands: Register = (program, cli) => {
  addCommonOptions(program.command('conversations'))
    .description('whose 24-hour window is open and until when; with a phone, one contact with the evidence')
    .argument('[phone]', 'as the shop’s country dials it, or with + and the code of its country')
    .option('--sender <number>', 'only of this number of ours')
    .option('--limit <n>', '1 to 200')
    .option('--cursor <cursor>', 'the next page')
    .addHelpText('after', examples('risiti conversations', 'risiti conversations 0712345678'))
    .action((phone: string | undefined, flags: Flags) => conversations(phone, flags, cli))

  addCommonOptions(program.command('stats'))
    .description('how many messages became what, what waits, who rests, and which shops are silent')
    .option('--since <time>', 'a time, or how long ago (default: a day)')
    .addHelpText('after', examples('risiti stats --since 7d'))
    .action((flags: Flags) => stats(flags, cli))

  addCommonOptions(program.command('claim'))
    .description('the link by which the buyer of an order asks for its receipt, and its code')
    .argument('<shop>', 'its name in risiti.yaml')
    .argument('<order>', 'the order’s id or number')
    .option('--qr <file>', 'write it there as a QR code, .svg or .png')
    .addHelpText('after', examples('risiti claim duka DUKA-0107', 'risiti claim duka DUKA-0107 --qr till.png'))
    .action((shop: string, order: string, flags: Flags) => claim(shop, order, flags, cli))
}

function conversations(phone: string | undefined, flags: Flags, cli: Cli): Promise<void> {
  const { config: flag, json = false, sender, limit, cursor } = flags
  return withReadStore(flag, cli, async (store, { shops, window }) => {
    const { zoneOf } = await import('../times.ts')
    const { runConversation, runConversations } = await import('../conversations.ts')
    const { columns, paint, clock } = cli
    const look = { json, timezone: zoneOf({ shops }), now: clock.now(), marginMs: window.marginMs, paint }
    return phone === undefined
      ? runConversations({ ...look, sender, limit, cursor, columns }, store)
      : runConversation({ ...look, phone, shops: Object.values(shops) }, store)
  })
}

function stats({ config: flag, json = false, since }: Flags, cli: Cli): Promise<void> {
  return withReadStore(flag, cli, async (store, config) => {
    const { createHearing } = await import('../../silence/hearing.ts')
    const { silencesOf } = await import('../../silence/watch.ts')
    const { zoneOf } = await import('../times.ts')
    const { runStats } = await import('../stats.ts')
    const { columns, paint, clock } = cli
    const hearing = createHearing(store, clock)
    await hearing.listen()
    const now = clock.now()
    const shops = silencesOf(config, hearing, now)
    return runStats({ since, json, timezone: zoneOf(config), now, shops, columns, paint }, store)
  })
}

function claim(shop: string, order: string, { config: flag, json = false, qr }: Flags, cli: Cli): Promise<void> {
  return withStore(flag, cli, async (store, config) => {
    const { createClaimLinks } = await import('../../claim-links/links.ts')
    const { zoneOf } = await import('../times.ts')
    const { runClaim } = await import('../claim.ts')
    const links = createClaimLinks({ shops: config.shops, store, clock: cli.clock })
    return runClaim({ shop, order, qr, json, timezone: zoneOf(config) }, links)
  })
}
