import { join } from 'node:path'
import type { Ids } from '../ids.ts'
import { type ActionStore, createActionStore } from './actions.ts'
import { createHousekeepingStore, type HousekeepingStore } from './housekeeping.ts'
import { createIntakeStore, type IntakeStore } from './intake.ts'
import { createKeptStore, type KeptStore } from './kept.ts'
import { createMediaStore, type MediaStore } from './media.ts'
import { openDatabase, openReader } from './open.ts'
import { createOutboxStore, type OutboxStore } from './outbox.ts'
import { createOverdueStore, type OverdueStore } from './overdue.ts'
import { createReadStore, type ReadStore } from './reads.ts'
import { createTrackingStore, type TrackingStore } from './tracking.ts'

/** Everything that is kept. One call is one transaction is one business step. */
export interface Store
  extends IntakeStore,
    MediaStore,
    OutboxStore,
    OverdueStore,
    TrackingStore,
    ReadStore,
    KeptStore,
    ActionStore,
    HousekeepingStore {
  fileBytes(): { main: number; wal: number }
  synchronous(): number
  close(): Promise<void>
}

export function openStore(file: string, ids: Ids): Store {
  const database = openDatabase(file)
  const newConversationId = () => ids.next('cnv')
  const newMessageId = () => ids.next('msg')
  return {
    ...createIntakeStore(database, newConversationId),
    ...createOutboxStore(database, newMessageId),
    ...createMediaStore(database),
    ...createOverdueStore(database, newMessageId),
    ...createTrackingStore(database, newMessageId),
    ...createReadStore(database),
    ...createKeptStore(database),
    ...createActionStore(database, newConversationId),
    ...createHousekeepingStore(database),
    fileBytes: database.fileBytes,
    synchronous: database.synchronous,
    close: database.close,
  }
}

/** Only reads, beside a running service or without one. */
export function openReadStore(file: string): ReadStore & KeptStore & { close(): void } {
  const { reader, close } = openReader(file)
  return { ...createReadStore({ reader }), ...createKeptStore({ reader }), close }
}

export function databaseFile(dataDir: string): string {
  return join(dataDir, 'risiti.db')
}
