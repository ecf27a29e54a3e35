import { eq } from 'drizzle-orm'
import { conversations } from './schema.ts'
import { along, given, holdsText, onlyWhere, type Search, searchBy } from './search.ts'

export interface ConversationFilter {
  phone?: string | undefined
  sender?: string | undefined
  /** Part of a phone or a name. */
  q?: string | undefined
}

const { phone, name, sender } = conversations

export function conversationSearch(filter: ConversationFilter): Search {
  return searchBy({
    table: conversations,
    primary: 'sqlite_autoindex_conversations_1',
    filters: [
      given(filter.phone, (one) => along(['conversations_phone', eq(phone, one)])),
      given(filter.sender, (one) => onlyWhere(eq(sender, one))),
      given(filter.q, (q) => onlyWhere(holdsText([phone, name], q))),
    ],
  })
}
