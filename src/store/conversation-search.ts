import { eq } from 'drizzle-orm'
import { conversations } from './schema.ts'
import { along, given, onlyWhere, type Search, searchBy } from './search.ts'

export interface ConversationFilter {
  phone?: string
  sender?: string
}

export function conversationSearch({ phone, sender }: ConversationFilter): Search {
  return searchBy({
    table: conversations,
    primary: 'sqlite_autoindex_conversations_1',
    filters: [
      given(phone, (one) => along(['conversations_phone', eq(conversations.phone, one)])),
      given(sender, (one) => onlyWhere(eq(conversations.sender, one))),
    ],
  })
}
