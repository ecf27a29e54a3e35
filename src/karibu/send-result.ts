/** What came of one request to send. Every caller must think about all of them, so it is a value. */
export type SendResult =
  | {
      kind: 'accepted'
      messageId: string
      conversationId: string | null
      providerMessageId: string | null
      status: 'pending' | 'sent'
    }
  /** Certainly not accepted: throttled, or never connected. Only one that burns counts against the
   * message; one for everyone (no connection) concerns all that this sender has to say.
   */
  | { kind: 'later'; code: string; detail: string; retryAfterMs: number | null; burns: boolean; everyone: boolean }
  /** Karibu's word beats our record until the next inbound message. */
  | { kind: 'window-closed'; code: string; detail: string }
  /** The picture could not be fetched, or not used: our address or our image is at fault, or theirs was for a moment. */
  | { kind: 'media'; code: string; detail: string }
  /** Final for this message. */
  | { kind: 'refused'; code: string; detail: string }
  /** Our key, account or settings: the sender pauses, no message burns. */
  | { kind: 'blocked'; code: string; detail: string }
  /** It may have arrived: timed out, reset or 5xx after the request was written. */
  | { kind: 'unknown'; code: string; detail: string }

export interface SendAnswer {
  result: SendResult
  httpStatus: number | null
  /** Karibu's id of the request, for asking Briq about it. */
  requestId: string | null
}
