import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '../clock.ts'
import type { Config, ShopConfig } from '../config/types.ts'
import { AppError, reasonOfSystem } from '../errors.ts'
import type { Locale, Order } from '../order.ts'
import { parseSpan } from '../query/times.ts'
import type { ReceiptDrawer } from '../receipts/draw.ts'
import type { Item } from '../rehearsal/compare.ts'
import { mostTelling, type PresentedItem, type PresentedRehearsal, presentRehearsal } from '../rehearsal/present.ts'
import { rehearse } from '../rehearsal/rehearse.ts'
import type { ShopPlatform } from '../shops/platform.ts'
import type { KeptStore } from '../store/kept.ts'
import { type Paint, paintWord, plain } from './paint.ts'
import type { Progress } from './progress.ts'
import { formatTable } from './table.ts'
import { timeIn, zoneNote, zoneOf } from './times.ts'

export interface RehearseInput {
  config: Config
  since: string
  until: string | undefined
  shop: string | undefined
  rule: string | undefined
  limit: string | undefined
  /** Where the pictures go. */
  images: string | undefined
  json: boolean
  /** Of the terminal. */
  columns?: number
  paint?: Paint
}

export interface RehearsePorts {
  store: KeptStore
  drawer: Pick<ReceiptDrawer, 'draw'>
  platformNamed(name: string): ShopPlatform | undefined
  localeOf(order: Order, shop: ShopConfig): Locale
  clock: Clock
  breathe(): Promise<void>
  /** Undefined where nobody watches. */
  progress: Progress | undefined
}

/** More is held in memory with its orders. */
const MOST_EVENTS = 200_000
const DEFAULT_LIMIT = 200

/** `risiti rehearse`: what these rules would have made of what came in, beside what was really sent. */
export async function runRehearse(input: RehearseInput, ports: RehearsePorts): Promise<string> {
  const { config, shop, rule, json } = input
  const now = ports.clock.now()
  const limit = parseLimit(input.limit)
  const span = parseSpan(input, now)
  refuseStrangers(config, { shop, rule })
  const rehearsal = await rehearse(
    { ...span, shop, rule, maxEvents: MOST_EVENTS, maxMs: Number.POSITIVE_INFINITY },
    { config, ...ports, ...(ports.progress && { progress: ports.progress }) },
  )
  const names = config.rules.map(({ name }) => name).filter((name) => rule === undefined || name === rule)
  const shown = presentRehearsal(rehearsal, names, limit)
  const listed = mostTelling(rehearsal.compared.items, limit)
  const pictures = input.images === undefined ? [] : await drawAll(listed, input.images, ports.drawer)
  const items = shown.items.map((item, index) => ({ ...item, picture: pictures[index] ?? null }))
  if (json) return JSON.stringify({ ...shown, items }, null, 2)
  return forPeople({ ...shown, items }, zoneOf(config), input)
}

function parseLimit(text: string | undefined): number {
  const limit = text === undefined ? DEFAULT_LIMIT : Number(text)
  if (Number.isInteger(limit) && limit >= 0 && limit <= 100_000) return limit
  throw new AppError('filter.invalid', 'limit must be a whole number up to 100000')
}

/** A mistyped name must not look like a rule that sends nothing. */
function refuseStrangers({ shops, rules }: Config, { shop, rule }: Pick<RehearseInput, 'shop' | 'rule'>): void {
  if (shop !== undefined && !Object.hasOwn(shops, shop))
    throw new AppError('shop.unknown', `there is no shop ${shop} in this configuration`)
  if (rule !== undefined && !rules.some(({ name }) => name === rule))
    throw new AppError('rule.unknown', `there is no rule ${rule} in this configuration`)
}

/** The receipts as they would look; images of the shop's own are not fetched, their address stands in the list. */
async function drawAll(items: Item[], folder: string, drawer: Pick<ReceiptDrawer, 'draw'>): Promise<(string | null)[]> {
  try {
    await mkdir(folder, { recursive: true })
    const files: (string | null)[] = []
    for (const [index, { act, kind }] of items.entries()) {
      const { shop = null, imageUrl = null } = act?.message ?? {}
      if (!act?.order || shop === null || imageUrl !== null) {
        files.push(null)
        continue
      }
      const name = [String(index + 1).padStart(4, '0'), shop, act.order.number, act.message.rule]
        .map(plainName)
        .join('-')
      const file = join(folder, `${name}.png`)
      await writeFile(file, await drawer.draw(shop, act.order, kind))
      files.push(file)
    }
    return files
  } catch (error) {
    throw new AppError('file.unwritable', `the pictures cannot be written: ${reasonOfSystem(error)}`, { cause: error })
  }
}

function plainName(text: string | null): string {
  return (text ?? '').replace(/[^\p{L}\p{N}._-]+/gu, '').slice(0, 60)
}

type Shown = Omit<PresentedRehearsal, 'items'> & { items: (PresentedItem & { picture: string | null })[] }

type Look = Pick<RehearseInput, 'columns' | 'paint'>

function forPeople(shown: Shown, timezone: string, look: Look): string {
  const time = timeIn(timezone)
  const blocks = shown.items.map((item) => itemLines(item, time, look.paint ?? plain).join('\n'))
  return [...blocks, [...notes(shown, time), zoneNote(timezone)].join('\n'), summary(shown, look)]
    .filter((part) => part !== '')
    .join('\n\n')
}

function itemLines(item: Shown['items'][number], time: (at: string) => string, paint: Paint): string[] {
  const { comparison, differs, window, really } = item
  const verdict = comparison === 'different' ? `different ${differs.join(', ')}` : comparison
  const lines = [
    `${paint('bold', verdict)}: ${item.outcome === null ? 'not made' : paintWord(paint, item.outcome)}  ${item.rule} → ${item.to ?? 'nobody'}  order ${item.order_number ?? '-'}  ${time(item.at)}`,
  ]
  if (item.caption !== '') lines.push(...item.caption.split('\n').map((line) => `    │ ${line}`))
  if (item.reason) lines.push(`    why       ${item.reason.text}`)
  if (comparison === 'gone') lines.push(`    why       ${item.why.join('; ')}`)
  if (comparison === 'different') lines.push(...item.why.filter(isAboutCodes).map((why) => `    code      ${why}`))
  if (window) lines.push(`    window    ${windowLine(window, item.goes_at !== null, time)}`)
  if (item.goes_at !== null && item.goes_at !== item.at) lines.push(`    goes      ${time(item.goes_at)}`)
  if (item.invited) lines.push('    invited   the template of the rule goes first')
  if (item.image !== 'receipt') lines.push(`    image     ${item.image}`)
  if (item.picture !== null) lines.push(`    picture   ${item.picture}`)
  if (really && comparison !== 'same') lines.push(...reallyLines(item, really))
  return lines
}

/** As it was when the message was made: what was sent all the same went after the customer wrote. */
function windowLine(
  { open, closes_at: closesAt, why }: NonNullable<PresentedItem['window']>,
  wasSent: boolean,
  time: (at: string) => string,
): string {
  if (!open && wasSent) return 'closed when it was made; the customer wrote before it went'
  const until = closesAt === null ? '' : `, ${open ? 'until' : 'since'} ${time(closesAt)}`
  return `${open ? 'open' : 'closed'} when it was made (${why}${until})`
}

const isAboutCodes = (why: string) => / code (of its order )?was (really )?written/.test(why)

function reallyLines({ differs }: PresentedItem, really: NonNullable<PresentedItem['really']>): string[] {
  const lines = [`    really    ${really.status}${really.reason ? ` (${really.reason.text})` : ''}  ${really.id}`]
  if (differs.includes('recipient')) lines.push(`    really to ${really.to ?? 'nobody'}`)
  if (differs.includes('image')) lines.push(`    really    ${really.image}`)
  if (differs.includes('caption')) lines.push(...really.caption.split('\n').map((line) => `    really  │ ${line}`))
  return lines
}

function notes(shown: Shown, time: (at: string) => string): string[] {
  const { events } = shown
  const lines = [`${events.rehearsed} events rehearsed (${events.ignored} led to nothing); nothing was sent or stored.`]
  const say = (count: number, text: string) => count > 0 && lines.push(`${count} ${text}`)
  say(shown.left_off, 'messages are not listed: --limit shows more')
  say(events.bodies_gone, 'events could not be rehearsed: their bodies are erased or kept no longer')
  say(events.not_configured, 'events are of shops this configuration does not have')
  say(shown.orders_without_start, 'orders began before what is still kept; what is new of them is called unsure')
  say(shown.messages_not_rehearsed, 'messages were made by events that could not be rehearsed')
  if (shown.cut_at !== null) lines.push(`Cut short at ${time(shown.cut_at)}: take a shorter time`)
  return lines
}

const OUTCOMES = ['sent', 'queued', 'held', 'skipped', 'expired', 'cancelled'] as const
const COMPARISONS = ['same', 'different', 'new', 'gone', 'unsure'] as const

/** What happened nowhere needs no column. */
function summary({ rules }: Shown, { columns, paint }: Look): string {
  if (rules.length === 0) return 'There are no rules, so nothing is sent.'
  const outcomes = OUTCOMES.filter((name) => name === 'sent' || rules.some((rule) => rule.outcomes[name]))
  const comparisons = COMPARISONS.filter((name) => name === 'same' || rules.some((rule) => rule.comparisons[name]))
  const head = ['RULE', ...outcomes, ...comparisons, 'DID NOT MATCH'].map((name) => name.toUpperCase())
  const rows = rules.map((rule) => [
    rule.rule,
    ...outcomes.map((name) => String(rule.outcomes[name] ?? 0)),
    ...comparisons.map((name) => String(rule.comparisons[name] ?? 0)),
    rule.not_matched.length === 0
      ? '0'
      : rule.not_matched
          .slice(0, 2)
          .map(({ why, count }) => `${count} × ${why}`)
          .join('; '),
  ])
  return formatTable(head, rows, { columns, paint, below: head.length - 1 })
}
