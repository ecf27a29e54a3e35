import type { KaribuClient } from '../karibu/client.ts'
import type { Conversation, ListItem } from '../karibu/wire.ts'
import type { Contact } from '../store/words.ts'
import type { SenderName } from './senders.ts'

/** Whose thread a listed message belongs to. */
export interface Contacts {
  /** Null when Karibu does not know the thread any more, or its sender cannot be told. */
  of(item: ListItem): Promise<Contact | null>
  keep(thread: Conversation): Promise<Contact | null>
}

const REMEMBER = 5000

export function createContacts({
  karibu,
  senderName,
}: {
  karibu: Pick<KaribuClient, 'getConversation'>
  senderName: SenderName
}): Contacts {
  const known = new Map<string, Contact>()

  async function keep(thread: Conversation): Promise<Contact | null> {
    const sender = await senderName(thread.sender_id)
    if (sender === null) return null
    const phone = thread.recipient_phone?.replace(/\D/g, '') || null
    const contact = { sender, phone, karibuId: thread.id, name: thread.contact_profile_name }
    if (known.size >= REMEMBER) known.clear()
    known.set(thread.id, contact)
    return contact
  }

  return {
    keep,
    async of({ conversation_id: id }) {
      if (id === null) return null
      const remembered = known.get(id)
      if (remembered) return remembered
      const thread = await karibu.getConversation(id)
      return thread && keep(thread)
    },
  }
}
