import type { Config } from '../config/types.ts'
import type { PageReadStore } from '../store/page-reads.ts'
import type { ReadStore } from '../store/reads.ts'
import type { MessageRow } from '../store/records.ts'
import { HOME } from './gate.ts'
import { phoneText } from './people.ts'
import { type Saying, sayMessage } from './say-message.ts'
import { StatusBadge } from './status-badge.tsx'
import { whenIn } from './when.ts'
import type { Language } from './words/language.ts'
import { messagesWords } from './words/messages.ts'
import { saysWords } from './words/says.ts'

export const messageHref = (id: string) => `${HOME}/messages/${id}`

/** Times are those of the shop that sold it. */
export function zoneFor({ shops, timezone }: Config, shop: string | null): string {
  return (shop === null ? undefined : shops[shop]?.timezone) ?? timezone
}

export interface ListedMessage {
  message: MessageRow
  zone: string
  says: string
}

/** What each of a page's messages says; one question for all their customers. */
export async function listed(
  {
    store,
    config,
  }: { store: Pick<PageReadStore, 'lastInboundOf'> & Pick<ReadStore, 'inboundRefusedSince'>; config: Config },
  rows: MessageRow[],
  { language, now }: Pick<Saying, 'language' | 'now'>,
): Promise<ListedMessage[]> {
  const held = rows.filter(({ status }) => status === 'held')
  const ids = [...new Set(held.flatMap(({ conversationId }) => conversationId ?? []))]
  const lastInbound = ids.length === 0 ? new Map<string, number | null>() : await store.lastInboundOf(ids)
  const blindSince = held.length === 0 ? null : await store.inboundRefusedSince()
  return rows.map((message) => {
    const zone = zoneFor(config, message.shop)
    const contact = { lastInboundAt: lastInbound.get(message.conversationId ?? '') ?? null }
    return { message, zone, says: sayMessage({ message, contact, blindSince, now, zone, language }) }
  })
}

interface ListProps {
  rows: ListedMessage[]
  language: Language
  now: number
  /** Names of shops, where there are several to tell apart. */
  shopNames?: Record<string, string>
}

export function MessageList({ rows, language, now, shopNames = {} }: ListProps) {
  const words = messagesWords(language)
  return (
    <ul class="rows">
      {rows.map(({ message, zone, says }) => {
        const when = whenIn(language, zone, now)
        const { customerName, phone, shop, orderNumber, kind } = message
        const shopName = shop === null ? undefined : shopNames[shop]
        return (
          <li id={message.id} class="row">
            <StatusBadge status={message.status} language={language} />
            <div class="who">
              <a href={messageHref(message.id)}>{orderNumber ?? words.noOrder}</a>
              {kind === 'template' && <span class="muted"> ({saysWords(language).invitation})</span>}
              <span class="name">{customerName}</span>
              <span class="muted">
                {phone === null ? words.noPhone : phoneText(phone)}
                {shopName !== undefined && ` · ${shopName}`}
              </span>
            </div>
            <p class="says">{says}</p>
            <time datetime={new Date(message.createdAt).toISOString()} title={when.exact(message.createdAt)}>
              {when.time(message.createdAt)}
            </time>
          </li>
        )
      })}
    </ul>
  )
}

/** Of a service with one shop, nobody needs to be told which. */
export function shopNamesOf({ shops }: Config): Record<string, string> {
  const named = Object.values(shops).map(({ id, brand }): [string, string] => [id, brand.name])
  return named.length > 1 ? Object.fromEntries(named) : {}
}
