import type { Row } from './stamp.ts'

/** What became of one message, in place of having been read. */
export interface Shape {
  /** Columns of the message that differ. */
  message: Row
  /** How many of the three reports came. */
  reports: 0 | 1 | 2 | 3
  /** Whether it was ever tried. */
  tried: boolean
  /** Whether its picture is on disk. */
  picture: boolean
  /** Columns of its conversation that differ. */
  conversation?: Row
}

export type ShapeOf = (one: { index: number; count: number; at: number; customer: number }) => Shape

export const RARE = { error: 'whatsapp.131049', rule: 'asante', shop: 'soko' }

const UNTRIED: Row = {
  attempt_count: 0,
  media_token: null,
  message_id: null,
  provider_message_id: null,
  accepted_at: null,
  sent_at: null,
  delivered_at: null,
  read_at: null,
  status_poll_at: null,
}

/** Of a year of trade: most were read, some were not, few failed; the very first have what is rare. */
export const usualShape: ShapeOf = ({ index, count, at }) => {
  const shape = commonShape(index, count, at)
  if (index >= 3) return shape
  return { ...shape, message: { ...shape.message, error_code: RARE.error, rule: RARE.rule, shop: RARE.shop } }
}

function commonShape(index: number, count: number, at: number): Shape {
  const asRead: Shape = { message: { status_poll_at: null }, reports: 3, tried: true, picture: false }
  // The newest are on their way.
  if (index >= count * 0.98) return sentShape()
  switch (index % 50) {
    case 0:
      return { ...asRead, message: { status: 'failed', error_code: 'whatsapp.131026', read_at: null, failed_at: at } }
    case 1:
      return {
        ...asRead,
        message: { ...UNTRIED, status: 'expired', reason: 'held_too_long' },
        reports: 0,
        tried: false,
      }
    case 2:
      return { ...asRead, message: { ...UNTRIED, status: 'skipped', reason: 'no_phone' }, reports: 0, tried: false }
    case 3:
    case 4:
    case 5:
      return { ...asRead, message: { status: 'delivered', read_at: null, status_poll_at: null }, reports: 2 }
    default:
      return asRead
  }
}

export function sentShape(): Shape {
  const message: Row = { status: 'sent', delivered_at: null, read_at: null, status_poll_at: null }
  return { message, reports: 1, tried: true, picture: false }
}

/** Due at once, its picture of the shop's own already fetched, the customer's window open; the senders take turns. */
export function queuedShape(imageUrl: string, senders: readonly string[]): ShapeOf {
  const { media_token: _, ...untried } = UNTRIED
  return ({ at, customer }) => {
    const sender = senders[customer % senders.length] ?? ''
    const message: Row = { ...untried, sender, status: 'queued', next_attempt_at: at, image_url: imageUrl }
    const conversation: Row = { sender, karibu_id: null, last_inbound_at: at, paid_until: 0, next_send_at: 0 }
    return { message, reports: 0, tried: false, picture: true, conversation }
  }
}
