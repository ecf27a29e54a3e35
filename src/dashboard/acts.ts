import type { Actions } from '../api/actions.ts'
import type { Config } from '../config/types.ts'
import { AppError } from '../errors.ts'
import type { ShownMessage } from '../store/reads.ts'
import type { MessageRow } from '../store/records.ts'

export const ACTS = ['retry', 'cancel', 'arrived', 'not-arrived', 'again'] as const
export type ActName = (typeof ACTS)[number]

/** What a person may do with a message as it stands; the actions decide once more. */
export function actsOn(message: MessageRow, shops: Config['shops']): ActName[] {
  switch (message.status) {
    case 'held':
    case 'queued':
      return ['cancel']
    case 'uncertain':
      return ['arrived', 'not-arrived', 'retry']
    case 'failed':
    case 'skipped':
    case 'expired':
    case 'cancelled':
      return message.conversationId === null ? [] : ['retry']
    case 'pending':
    case 'sent':
    case 'delivered':
    case 'read':
      return onceMore(message, shops) ? ['again'] : []
    case 'sending':
      return []
  }
}

export interface ActRequest {
  message: ShownMessage
  /** Who does it and why, as the story tells it. */
  by: string
  acceptDuplicate: boolean
  /** The same form sent twice sends one message. */
  once: string
}

/** Does it, and gives the message to look at afterwards. */
export async function act(
  name: ActName,
  { message, by, acceptDuplicate, once }: ActRequest,
  { actions, config }: { actions: Actions; config: Pick<Config, 'shops'> },
): Promise<string> {
  const { id } = message
  switch (name) {
    case 'retry':
      return (await actions.retry(id, acceptDuplicate, by)).id
    case 'cancel':
      return (await actions.cancel(id, by)).id
    case 'arrived':
      return (await actions.settle(id, true, by)).id
    case 'not-arrived':
      return (await actions.settle(id, false, by)).id
    case 'again': {
      const sent = onceMore(message, config.shops)
      if (!sent || !actsOn(message, config.shops).includes('again')) {
        throw new AppError('message.not_possible', `a message that is ${message.status} cannot be sent once more`)
      }
      const request = { ...sent, caption: message.caption, when_closed: 'hold' as const }
      return (await actions.send(request, `dashboard:${once}`, { id, by })).id
    }
  }
}

/** What a second message with the same picture is made of; undefined where there can be none. */
function onceMore({ kind, shop, phone, orderId, imageUrl }: MessageRow, shops: Config['shops']) {
  if (kind !== 'image' || shop === null || phone === null || !Object.hasOwn(shops, shop)) return undefined
  if (imageUrl !== null) return { shop, to: phone, image_url: imageUrl }
  return orderId === null ? undefined : { shop, to: phone, order: orderId }
}
