import type { KaribuInbound } from '../intake/deliveries.ts'
import { isObject, parseJson } from '../karibu/answers.ts'
import { type ListItem, listItem } from '../karibu/wire.ts'
import type { Contact } from '../store/words.ts'

export function inboundOf(item: ListItem, contact: Contact, history: boolean): KaribuInbound {
  const { phone, sender, karibuId, name } = contact
  return {
    id: item.id,
    contact,
    message: {
      from: phone === null ? null : { raw: phone, e164: phone, problem: null },
      to: sender,
      conversationId: karibuId,
      messageId: item.message_id ?? item.id,
      text: textOf(item.content),
      name,
      receivedAt: item.created_at,
    },
    history,
    body: Buffer.from(JSON.stringify(item)),
  }
}

/** What a customer wrote; the content of inbound messages is not documented, so the likely places are tried. */
function textOf(content: unknown, depth = 0): string | null {
  if (typeof content === 'string') return content.slice(0, 4096)
  if (!isObject(content) || depth > 4) return null
  for (const key of ['body', 'text', 'title', 'caption']) {
    const found = key in content ? textOf(content[key], depth + 1) : null
    if (found !== null) return found
  }
  return null
}

/** A message as `inboundOf` kept it; undefined when it is none. */
export function keptItem(body: Uint8Array): ListItem | undefined {
  const raw = parseJson(Buffer.from(body).toString('utf8'))
  if (!isObject(raw)) return undefined
  // Kept as it was understood, with its time as a number.
  const at = 'created_at' in raw && typeof raw.created_at === 'number' ? raw.created_at : Number.NaN
  const written = Number.isNaN(at) ? raw : { ...raw, created_at: new Date(at).toISOString() }
  return listItem.safeParse(written).data
}
