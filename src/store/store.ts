import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../errors.ts'
import type { Ids } from '../ids.ts'
import { type ActionStore, createActionStore } from './actions.ts'
import { type ClaimLinkStore, createClaimLinkStore } from './claim-links.ts'
import { type ConfirmationStore, createConfirmationStore } from './confirmations.ts'
import { createErasureStore, type ErasureStore } from './erasure.ts'
import { createHousekeepingStore, type HousekeepingStore } from './housekeeping.ts'
import { createIntakeStore, type IntakeStore } from './intake.ts'
import { createKeptStore, type KeptStore } from './kept.ts'
import { type FolderLock, lockFolder } from './lock.ts'
import { createMediaStore, type MediaStore } from './media.ts'
import { createNotificationStore, type NotificationStore } from './notifications.ts'
import { openDatabase, openReader } from './open.ts'
import { createOrderReadStore, type OrderReadStore } from './order-reads.ts'
import { createOutboxStore, type OutboxStore } from './outbox.ts'
import { createOverdueStore, type OverdueStore } from './overdue.ts'
import { createOverviewStore, type OverviewStore } from './overview.ts'
import { createPageReadStore, type PageReadStore } from './page-reads.ts'
import { createPersonStore, type PersonStore } from './person.ts'
import { createReadStore, type ReadStore } from './reads.ts'
import { createRestoredStore, type RestoredStore } from './restored.ts'
import { createSignStore, type SignStore } from './signs.ts'
import { createSilenceStore, type SilenceStore } from './silence.ts'
import { createSizeStore, type SizeStore } from './sizes.ts'
import { createTrackingStore, type TrackingStore } from './tracking.ts'

/** Everything that is kept. One call is one transaction is one business step. */
export interface Store
  extends IntakeStore,
    ConfirmationStore,
    ClaimLinkStore,
    MediaStore,
    OutboxStore,
    OverdueStore,
    TrackingStore,
    ReadStore,
    OverviewStore,
    KeptStore,
    ActionStore,
    RestoredStore,
    HousekeepingStore,
    NotificationStore,
    PersonStore,
    ErasureStore,
    SilenceStore,
    SizeStore,
    OrderReadStore,
    PageReadStore {
  /** Told after every commit of this process, without a wait. */
  onCommit(listener: () => void): void
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
    ...createOrderReadStore(database, newConversationId),
    ...createConfirmationStore(database, newConversationId),
    ...createClaimLinkStore(database, ids.token),
    ...createOutboxStore(database, newMessageId),
    ...createMediaStore(database),
    ...createOverdueStore(database, newMessageId),
    ...createTrackingStore(database, newMessageId),
    ...createReadStore(database),
    ...createOverviewStore(database),
    ...createPageReadStore(database),
    ...createKeptStore(database),
    ...createActionStore(database, newConversationId),
    ...createHousekeepingStore(database),
    ...createNotificationStore(database),
    onCommit: database.writer.onCommit,
    ...createPersonStore(database),
    ...createErasureStore(database, ids.token),
    ...createRestoredStore(database),
    ...createSilenceStore(database),
    ...createSizeStore(database),
    fileBytes: database.fileBytes,
    synchronous: database.synchronous,
    close: database.close,
  }
}

/** For the service itself, of which a data folder bears one at a time. */
export function openServiceStore(dataDir: string, ids: Ids): Store {
  const lock = lockForService(dataDir)
  try {
    requireWhole(dataDir)
    const store = openStore(databaseFile(dataDir), ids)
    return { ...store, close: () => store.close().finally(lock.release) }
  } catch (error) {
    lock.release()
    throw error
  }
}

/** Held by whatever must not run beside the service. */
export function lockForService(dataDir: string): FolderLock {
  return lockFolder(
    dataDir,
    'serve.lock',
    new AppError('data_dir.in_use', `another risiti serve runs on ${dataDir}: stop that one first`),
  )
}

/** A service that began with empty tables where a restore was cut short would send what was sent before. */
function requireWhole(dataDir: string): void {
  if (!existsSync(restoringFolder(dataDir)) || existsSync(databaseFile(dataDir))) return
  throw new AppError(
    'data_dir.half_restored',
    `a restore into ${dataDir} was cut short: run risiti restore again, or remove ${restoringFolder(dataDir)}`,
  )
}

/** Only reads, beside a running service or without one. */
export function openReadStore(
  file: string,
): ReadStore & KeptStore & PersonStore & SignStore & SizeStore & { close(): void } {
  const { reader, close } = openReader(file)
  return {
    ...createReadStore({ reader }),
    ...createKeptStore({ reader }),
    ...createPersonStore({ reader }),
    ...createSignStore({ reader }),
    ...createSizeStore({ reader }),
    close,
  }
}

export function databaseFile(dataDir: string): string {
  return join(dataDir, 'risiti.db')
}

/** Where a restore puts things together before they count. */
export function restoringFolder(dataDir: string): string {
  return join(dataDir, '.restoring')
}
