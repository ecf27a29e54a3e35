import { type Clock, SECOND } from '../clock.ts'
import type { Config } from '../config/types.ts'
import { AppError } from '../errors.ts'
import type { Ids } from '../ids.ts'
import { lastDigits } from '../log.ts'
import { type EraserDeps, eraseAll, PAGE, personTarget } from '../privacy/erase.ts'
import { findPerson } from '../privacy/person.ts'
import type { ReadStore } from '../store/reads.ts'
import type { SizeStore } from '../store/sizes.ts'
import { phoneArgument } from './phone.ts'
import type { Progress } from './progress.ts'

export interface EraseInput {
  phone: string
  country: string | undefined
  dryRun: boolean
  yes: boolean
  json: boolean
}

export interface EraseDeps extends EraserDeps {
  store: EraserDeps['store'] & ReadStore & Pick<SizeStore, 'countTexts'>
  config: Config
  clock: Clock
  ids: Ids
  /** Asks a person; undefined when none is there to answer. */
  confirm: ((question: string) => Promise<boolean>) | undefined
  /** Runs the work, telling of the rows it has looked at where somebody watches. */
  watched<T>(work: (progress: Progress | undefined) => Promise<T>): Promise<T>
}

interface Counts {
  orders: number
  messages: number
  images: number
  events: number
  conversations: number
}

/** A running service tries for the database every 20 ms: it gets its turn after each bite. */
const REST_MS = 25
const LOG_TRIES = 40

/** Forgets one person. What was begun is in the database: should this end early, the service goes on with it. */
export async function runErase(input: EraseInput, deps: EraseDeps): Promise<string> {
  const { store, clock, ids } = deps
  const phone = phoneArgument(input.phone, input.country, Object.values(deps.config.shops))
  const who = `the number ending in ${lastDigits(phone)}`
  const there = await countPerson(phone, deps)
  if (input.dryRun) return say(input, { dry_run: true, ...there }, `Stored about ${who}: ${inWords(there)}.`)
  if (!input.yes) await askFirst(deps, `Erase all that is stored about ${who} (${inWords(there)})?`)
  const id = ids.next('ers')
  await store.requestErasure(id, personTarget(phone), clock.now())
  const total = await store.countTexts()
  const waits = await deps.watched((progress) =>
    workOff(id, deps, (looked) => progress?.(Math.min(looked, total), total)),
  )
  const emptied = await emptyLog(deps)
  const { orders = 0, messages = 0, images = 0, events = 0, conversations = 0 } = (await store.findErasure(id)) ?? {}
  const counts = { orders, messages, images, events, conversations }
  const lines = [`Erased of ${who}: ${inWords(counts)}.`]
  if (waits) lines.push('A message is on its way at this moment; the service erases it as soon as it has arrived.')
  if (!emptied) lines.push('Somebody reads the database just now; the service empties its log afterwards.')
  lines.push('Backups are not reached: see “Forgetting a person” in the README.')
  return say(input, { dry_run: false, ...counts, waits_for_message: waits }, lines.join('\n'))
}

async function countPerson(phone: string, { store, clock }: EraseDeps): Promise<Counts> {
  const { conversations, orders, messageIds, eventIds } = await findPerson(phone, store, clock.now())
  let images = 0
  for (const id of messageIds) images += (await store.findStory(id))?.media.length ?? 0
  return {
    orders: orders.length,
    messages: messageIds.length,
    images,
    events: eventIds.length,
    conversations: conversations.length,
  }
}

async function askFirst({ confirm }: EraseDeps, question: string): Promise<void> {
  if (!confirm) throw new AppError('erase.unconfirmed', 'nobody is here to be asked: add --yes to erase')
  if (!(await confirm(question))) throw new AppError('erase.declined', 'nothing was erased')
}

/** Whether a message that is on its way keeps the rest back. */
async function workOff(id: string, deps: EraseDeps, progress: (looked: number) => void): Promise<boolean> {
  const erasure = await deps.store.findErasure(id)
  if (!erasure) return false
  const bites = eraseAll(erasure, deps)
  for (let looked = 0; ; ) {
    const { done, value } = await bites.next()
    if (done) return value === 'waits'
    if (value === 'read') looked += PAGE
    progress(looked)
    if (value === 'wrote') await deps.clock.sleep(REST_MS)
  }
}

async function emptyLog({ store, clock }: EraseDeps): Promise<boolean> {
  for (let left = LOG_TRIES; left > 0; left--) {
    if (store.emptyLog()) return true
    await clock.sleep(SECOND / 20)
  }
  return false
}

function say({ json }: EraseInput, facts: Record<string, unknown>, text: string): string {
  return json ? JSON.stringify(facts, null, 2) : text
}

function inWords({ orders, messages, images, events, conversations }: Counts): string {
  const parts: [number, string][] = [
    [orders, 'order'],
    [messages, 'message'],
    [images, 'image'],
    [events, 'event'],
    [conversations, 'conversation'],
  ]
  return parts.map(([count, what]) => `${count} ${what}${count === 1 ? '' : 's'}`).join(', ')
}
