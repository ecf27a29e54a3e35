import type { Clock } from '../clock.ts'
import { HOUR } from '../clock.ts'
import type { Config } from '../config/types.ts'
import { AppError, messageOf } from '../errors.ts'
import type { Ids } from '../ids.ts'
import { parsePhone } from '../query/filters.ts'
import { effectKey } from '../rules/effect-key.ts'
import type { Act, ActionStore } from '../store/actions.ts'
import { sentAnew } from '../store/anew.ts'
import type { ReadStore, ShownMessage } from '../store/reads.ts'
import type { MessageRow } from '../store/records.ts'
import type { MessageStatus } from '../store/words.ts'
import type { SendRequest } from './schemas/messages.ts'

export interface Actions {
  /** Puts a message that ended without reaching the customer back into the queue; the gate decides again. */
  retry(id: string, acceptDuplicate: boolean, by: string): Promise<ShownMessage>
  cancel(id: string, by: string): Promise<ShownMessage>
  /** An uncertain message whose customer was asked: it arrived, or it did not and goes out again. */
  settle(id: string, arrived: boolean, by: string): Promise<ShownMessage>
  /** An image by hand, through the same gate. The same `idempotencyKey` gives the first message back. */
  send(request: SendRequest, idempotencyKey: string | null, again?: SentAgain): Promise<MessageRow>
}

/** A person wants what went out to go out once more. */
export interface SentAgain {
  /** The message that went out. */
  id: string
  by: string
}

export interface ActionsDeps {
  config: Config
  store: ActionStore & ReadStore
  clock: Clock
  ids: Ids
  wakeOutbox(): void
}

const MANUAL_HOLD_MS = 72 * HOUR
/** What has ended and surely did not reach the phone. */
const ENDED: MessageStatus[] = ['failed', 'skipped', 'expired', 'cancelled']

export function createActions({ config, store, clock, ids, wakeOutbox }: ActionsDeps): Actions {
  async function find(id: string): Promise<ShownMessage> {
    const message = await store.findMessage(id)
    if (!message) throw new AppError('message.unknown', 'there is no message of this id')
    return message
  }

  async function change(
    { id }: MessageRow,
    from: MessageStatus[],
    to: Partial<MessageRow>,
    act: Omit<Act, 'eventId'>,
  ): Promise<ShownMessage> {
    const kept = { eventId: ids.next('evt'), ...act }
    const { changed, message } = await store.changeMessage(id, from, to, clock.now(), kept)
    // It may have become uncertain since it was read.
    if (!changed && act.type === 'message.retried' && message?.status === 'uncertain') throw maybeThere()
    if (!changed) throw notPossible(message, act.type.replace('message.', ''))
    return find(id)
  }

  return {
    async retry(id, acceptDuplicate, by) {
      const message = await find(id)
      if (message.conversationId === null) {
        throw new AppError(
          'message.not_possible',
          'it has no phone number to go to; mend the order’s phone in the shop',
        )
      }
      if (message.status === 'uncertain' && !acceptDuplicate) throw maybeThere()
      const from: MessageStatus[] = acceptDuplicate ? [...ENDED, 'uncertain'] : ENDED
      const text = `sent again, ${by}${message.status === 'uncertain' ? ', though it may be on the phone' : ''}`
      const again = sentAnew(message, clock.now(), HOUR)
      const after = await change(message, from, again, { type: 'message.retried', text })
      wakeOutbox()
      return after
    },

    async cancel(id, by) {
      const message = await find(id)
      const end = { status: 'cancelled', reason: 'by_hand', nextAttemptAt: null, expiresAt: null } as const
      return change(message, ['held', 'queued'], end, { type: 'message.cancelled', text: `cancelled, ${by}` })
    },

    async settle(id, arrived, by) {
      const message = await find(id)
      const now = clock.now()
      const outcome = arrived ? arrivedByHand(now) : sentAnew(message, now, HOUR)
      const text = `settled as ${arrived ? 'arrived' : 'not arrived; sent again'}, ${by}`
      const after = await change(message, ['uncertain'], outcome, { type: 'message.settled', text })
      if (!arrived) wakeOutbox()
      return after
    },

    async send(request, idempotencyKey, again) {
      const shop = Object.hasOwn(config.shops, request.shop) ? config.shops[request.shop] : undefined
      if (!shop) throw new AppError('body.invalid', 'shop is not the id of a configured shop')
      if ((request.image_url === undefined) === (request.order === undefined)) {
        throw new AppError('body.invalid', 'give either image_url or order, not both and not neither')
      }
      const order = request.order === undefined ? undefined : await store.findOrder(shop.id, request.order)
      if (request.order !== undefined && !order)
        throw new AppError('order.unknown', 'this shop has no order of that id or number')
      const phone = readPhone(request.to) ?? order?.phone.e164
      if (!phone) throw new AppError('body.invalid', 'to is needed: the order has no phone that can be trusted')
      const now = clock.now()
      const id = ids.next('msg')
      const { message, existed } = await store.addMessage(
        {
          id,
          effectKey: effectKey({ shop: shop.id, orderId: null, rule: null, purpose: `manual:${idempotencyKey ?? id}` }),
          kind: 'image',
          status: 'queued',
          cause: 'api',
          shop: shop.id,
          orderId: order?.id ?? null,
          orderNumber: order?.number ?? null,
          contact: { sender: shop.sender, phone, karibuId: null, name: order?.customer.name ?? null },
          sender: shop.sender,
          phone,
          customerName: order?.customer.name ?? null,
          caption: request.caption,
          imageUrl: request.image_url ?? null,
          whenClosed: request.when_closed,
          expiresAfterMs: MANUAL_HOLD_MS,
          nextAttemptAt: now,
          createdAt: now,
          updatedAt: now,
        },
        now,
        again && {
          eventId: ids.next('evt'),
          type: 'message.resent',
          text: `sent once more, ${again.by}`,
          of: again.id,
        },
      )
      const same =
        message.shop === shop.id &&
        message.phone === phone &&
        message.caption === request.caption &&
        message.imageUrl === (request.image_url ?? null) &&
        message.orderId === (order?.id ?? null) &&
        message.whenClosed === request.when_closed
      if (existed && !same) {
        throw new AppError('idempotency.mismatch', 'this Idempotency-Key was used for another message; take a new one')
      }
      wakeOutbox()
      return message
    },
  }
}

function readPhone(to: string | undefined): string | undefined {
  try {
    return parsePhone('to', to)
  } catch (error) {
    throw new AppError('body.invalid', messageOf(error), { details: { field: 'to' } })
  }
}

/** On the phone, by the customer's own word: there is no id of Karibu's to ask about. */
function arrivedByHand(now: number): Partial<MessageRow> {
  return {
    status: 'delivered',
    reason: null,
    errorCode: null,
    errorDetail: null,
    nextAttemptAt: null,
    statusPollAt: null,
    acceptedAt: now,
    deliveredAt: now,
  }
}

function maybeThere(): AppError {
  return new AppError(
    'message.not_possible',
    'it may be on the phone already; ask the customer, then say whether it arrived (settle), or send it again all the same with {"accept_duplicate": true}',
  )
}

function notPossible(message: MessageRow | undefined, what: string): AppError {
  const status = message?.status ?? null
  return new AppError('message.not_possible', `a message that is ${status ?? 'gone'} cannot be ${what}`, {
    details: { status },
  })
}
