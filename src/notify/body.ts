import { presentMessage } from '../query/present.ts'
import { hmacBase64 } from '../shops/signature.ts'
import { decodedKey } from '../shops/standard-signature.ts'
import type { NotificationRow } from '../store/records.ts'

/** The body of a notification: the same over all its retries. What else a target is to know of a message goes into `data`. */
export function bodyOf({ type, createdAt, facts }: NotificationRow, publicUrl: string): string {
  const data = presentMessage(facts, { publicUrl })
  return JSON.stringify({ type, timestamp: new Date(createdAt).toISOString(), data })
}

/** Headers of one try, as Standard Webhooks has them: one signature for each secret. `now` is epoch milliseconds. */
export function signedHeaders(key: string, body: string, secrets: readonly string[], now: number) {
  const timestamp = String(Math.floor(now / 1000))
  const keys = secrets.flatMap((secret) => decodedKey(secret) ?? [])
  return {
    'webhook-id': key,
    'webhook-timestamp': timestamp,
    'webhook-signature': keys.map((one) => `v1,${hmacBase64(one, `${key}.${timestamp}.`, body)}`).join(' '),
  }
}
