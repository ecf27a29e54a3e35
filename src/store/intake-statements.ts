import { and, eq, sql } from 'drizzle-orm'
import { isStatus, openRow, prepared } from './prepared.ts'
import { eventBodies, events, messages, orders } from './schema.ts'

/** What every delivery asks and writes. */

export const addEvent = prepared((db) => db.insert(events).values(openRow(events)).prepare())
/** A body that is kept already stays. */
export const addBody = prepared((db) =>
  db.insert(eventBodies).values(openRow(eventBodies)).onConflictDoNothing().prepare(),
)
/** The newest state; when it was first seen stays. */
export const putOrder = prepared((db) =>
  db
    .insert(orders)
    .values(openRow(orders))
    .onConflictDoUpdate({
      target: [orders.shop, orders.orderId],
      set: {
        number: sql`excluded.number`,
        updatedAt: sql`excluded.updated_at`,
        state: sql`excluded.state`,
        changedAt: sql`excluded.changed_at`,
      },
    })
    .prepare(),
)
export const eventOf = prepared((db) =>
  db
    .select({ id: events.id, type: events.type })
    .from(events)
    .where(and(eq(events.source, sql.placeholder('source')), eq(events.deliveryKey, sql.placeholder('deliveryKey'))))
    .limit(1)
    .prepare(),
)
export const orderOf = prepared((db) =>
  db
    .select({ state: orders.state })
    .from(orders)
    .where(and(eq(orders.shop, sql.placeholder('shop')), eq(orders.orderId, sql.placeholder('orderId'))))
    .limit(1)
    .prepare(),
)
export const heldOf = prepared((db) =>
  db
    .select()
    .from(messages)
    .where(and(eq(messages.conversationId, sql.placeholder('conversation')), isStatus('held')))
    .prepare(),
)
export const messagesOf = prepared((db) =>
  db
    .select()
    .from(messages)
    .where(and(eq(messages.shop, sql.placeholder('shop')), eq(messages.orderId, sql.placeholder('orderId'))))
    .prepare(),
)
