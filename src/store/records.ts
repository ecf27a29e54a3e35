import type { InferSelectModel } from 'drizzle-orm'
import type * as schema from './schema.ts'

/** Rows as they are stored. */

export type EventRow = InferSelectModel<typeof schema.events>
export type ConversationRow = InferSelectModel<typeof schema.conversations>
export type MessageRow = InferSelectModel<typeof schema.messages>
export type AttemptRow = InferSelectModel<typeof schema.attempts>
export type StatusReportRow = InferSelectModel<typeof schema.statusReports>
export type MediaRow = InferSelectModel<typeof schema.media>
export type MediaFetchRow = InferSelectModel<typeof schema.mediaFetches>
export type SenderPauseRow = InferSelectModel<typeof schema.senderPauses>
export type ClaimLinkRow = InferSelectModel<typeof schema.claimLinks>
export type ApiTokenRow = InferSelectModel<typeof schema.apiTokens>
export type ErasureRow = InferSelectModel<typeof schema.erasures>
export type ConfirmationRow = InferSelectModel<typeof schema.confirmations>
export type NotificationRow = InferSelectModel<typeof schema.notifications>
export type NotifyTargetRow = InferSelectModel<typeof schema.notifyTargets>
export type ApiPauseRow = InferSelectModel<typeof schema.apiPauses>
