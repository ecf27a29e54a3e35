import { setImmediate as turn } from 'node:timers/promises'
import type { Clock } from '../clock.ts'
import type { MediaFiles } from '../receipts/media-files.ts'
import type { ErasureBite, ErasureStore } from '../store/erasure.ts'
import type { MessageQuery, PersonStore } from '../store/person.ts'
import type { ErasureRow } from '../store/records.ts'
import type { ErasureTarget } from '../store/words.ts'
import { namesPerson } from './names-person.ts'

export interface EraserDeps {
  store: ErasureStore & PersonStore
  files: Pick<MediaFiles, 'remove'>
  /** Drops what was set aside to be taken in later, where its text says yes. */
  forgetSetAside(names: (text: string) => boolean): Promise<void>
  clock: Pick<Clock, 'now'>
}

/** A message takes its attempts, reports and pictures along, and stands in a dozen indexes. */
const MESSAGES = 5
const ROWS = 20
/** Rows read in one go: about ten milliseconds of looking into bodies. */
export const PAGE = 25

/** Whoever shares the database with others rests after writing. */
export type Bite = 'wrote' | 'read'
/** `waits`: a message is on its way; to be done again when it has arrived. */
export type Erased = 'done' | 'waits'

/**
 * Works one erasure off, a bite at a time, so that whoever drives it can let others have their turn. What leads to the
 * rest goes last at every step, so it may be begun anew after a crash, or run twice at once.
 */
export async function* eraseAll(erasure: ErasureRow, deps: EraserDeps): AsyncGenerator<Bite, Erased> {
  const { store, files } = deps
  const { target, requestedAt: upTo } = erasure
  if (target === null) return 'done'
  const { shop, phone, email } = target
  const names = namesPerson(target)
  const ofShop = shop === null ? {} : { shop }
  let waits = false

  async function* messagesOf(query: MessageQuery): AsyncGenerator<Bite> {
    for (;;) {
      const { ids, tokens, underWay } = await store.listToErase(query, upTo, MESSAGES)
      if (underWay) waits = true
      if (ids.length === 0) return
      // The file before its row: a crash in between finds it again.
      for (const token of tokens) await files.remove(token)
      for (const token of await store.eraseMessages(erasure, ids)) await files.remove(token)
      yield 'wrote'
    }
  }

  async function* contacts(): AsyncGenerator<Bite> {
    for (let after = ''; ; ) {
      const page = await store.listContacts(target ?? NOBODY, upTo, after, ROWS)
      for (const { id, karibuId } of page) {
        if (karibuId !== null) await deps.forgetSetAside((text) => text.includes(karibuId))
        yield* messagesOf({ conversationId: id, ...ofShop })
        yield* untilGone(() => store.eraseContact(erasure, id, shop, ROWS))
        after = id
      }
      if (page.length < ROWS) return
    }
  }

  async function* order(ofOrder: { shop: string; orderId: string }): AsyncGenerator<Bite> {
    yield* messagesOf(ofOrder)
    yield* untilGone(() => store.eraseOrder(erasure, ofOrder.shop, ofOrder.orderId, ROWS))
  }

  async function* orders(wanted: (text: string) => boolean): AsyncGenerator<Bite> {
    for await (const page of pages((after) => store.pageOfOrders({ shop, upTo, after, limit: PAGE }))) {
      for (const found of page.filter(({ text }) => wanted(text))) yield* order(found)
      yield 'read'
    }
  }

  async function* bodies(): AsyncGenerator<Bite> {
    for await (const page of pages((after) => store.pageOfBodies({ shop, upTo, after, limit: PAGE }))) {
      const told = page.filter(({ eventId, body }) => eventId !== target?.eventId && names(body.toString('utf8')))
      for (let done = 0; done < told.length; done += ROWS) {
        await store.eraseEvents(
          erasure,
          told.slice(done, done + ROWS).map(({ eventId }) => eventId),
        )
        yield 'wrote'
      }
      yield 'read'
    }
  }

  async function* questions(): AsyncGenerator<Bite> {
    for await (const page of pages((after) => store.pageOfQuestions({ shop, upTo, after, limit: PAGE }))) {
      const told = page.filter(({ text }) => names(text)).map(({ eventId }) => eventId)
      await store.eraseEvents(erasure, told)
      yield told.length > 0 ? 'wrote' : 'read'
    }
  }

  yield* contacts()
  if (phone !== null) yield* messagesOf({ phone, ...ofShop })
  if (shop !== null) for (const orderId of target.orderIds) yield* order({ shop, orderId })
  if (shop !== null && target.wholeShop) {
    yield* messagesOf({ shop })
    yield* orders(() => true)
    yield* untilGone(() => store.removeShopEvents(erasure, shop, target.eventId, ROWS))
  } else if (phone !== null || email !== null) {
    yield* orders(names)
    yield* bodies()
    yield* questions()
  }
  if (phone !== null) {
    await deps.forgetSetAside(names)
    await store.forgetPauseDetails(names)
  }
  if (waits) return 'waits'
  await store.finishErasure(erasure, deps.clock.now())
  return 'done'
}

const NOBODY: ErasureTarget = {
  shop: null,
  phone: null,
  email: null,
  orderIds: [],
  wholeShop: false,
  ownSender: null,
  eventId: null,
}

/** Everything about one person, wherever it came from. */
export function personTarget(phone: string): ErasureTarget {
  return { ...NOBODY, phone }
}

/** Reading is synchronous underneath: requests get their turn between two pages. */
export async function* pages<Row extends { row: number }>(
  read: (after: number) => Promise<Row[]>,
): AsyncGenerator<Row[]> {
  for (let after = 0; ; ) {
    await turn()
    const page = await read(after)
    if (page.length > 0) yield page
    const last = page.at(-1)
    if (!last || page.length < PAGE) return
    after = last.row
  }
}

async function* untilGone(bite: () => Promise<ErasureBite>): AsyncGenerator<Bite> {
  while ((await bite()) === 'more') yield 'wrote'
  yield 'wrote'
}
