import { createHash } from 'node:crypto'
import type { Clock } from '../clock.ts'
import { AppError } from '../errors.ts'
import type { Ids } from '../ids.ts'
import type { Order } from '../order.ts'
import type { MediaFiles } from '../receipts/media-files.ts'
import type { ReceiptKind } from '../receipts/model.ts'
import type { MediaStore } from '../store/media.ts'
import type { MediaRow, MessageRow } from '../store/records.ts'

export interface ImagesDeps {
  store: Pick<MediaStore, 'addMedia' | 'latestMedia'>
  files: MediaFiles
  /** Draws the order's receipt in the look and language of its shop. */
  drawReceipt(shop: string, order: Order, kind: ReceiptKind): Promise<Uint8Array>
  fetchImage(url: string): Promise<{ bytes: Uint8Array; type: 'image/png' | 'image/jpeg' }>
  publicUrl: string
  ids: Ids
  clock: Clock
}

export interface Images {
  /** The public URL of this message's picture as things stand now: the same while the bytes are the same, else a new one. */
  prepare(message: MessageRow, order: Order | null): Promise<string>
}

/** News of a refund shows what was given back. */
export function receiptKindOf({ cause }: Pick<MessageRow, 'cause'>): ReceiptKind {
  return cause === 'order.refunded' ? 'refund' : 'receipt'
}

/**
 * Karibu's side caches a link for ten minutes (Meta), and an unguessable link of its own tells a lost send apart: so one
 * URL per message and version, and never other bytes behind it.
 */
export function createImages({ store, files, drawReceipt, fetchImage, publicUrl, ids, clock }: ImagesDeps): Images {
  const urlOf = (token: string) => `${publicUrl}/media/${token}.png`

  async function draw(message: MessageRow, order: Order | null, latest: MediaRow | undefined) {
    if (message.imageUrl !== null) {
      const bytes = latest && (await files.read(latest.token))
      return bytes ? { bytes, type: latest.type } : fetchImage(message.imageUrl)
    }
    if (!order || !message.shop) throw new AppError('receipt.no_order', 'the order of this receipt is not stored')
    return { bytes: await drawReceipt(message.shop, order, receiptKindOf(message)), type: 'image/png' as const }
  }

  return {
    async prepare(message, order) {
      const latest = await store.latestMedia(message.id)
      // Without a token of its own the message wants a new address, even for the same bytes.
      const current = latest !== undefined && latest.token === message.mediaToken
      const kept = current && (await files.exists(latest.token))
      // A shop's own image is fetched once and kept.
      if (kept && message.imageUrl !== null) return urlOf(latest.token)
      const { bytes, type } = await draw(message, order, latest)
      const sha256 = createHash('sha256').update(bytes).digest('hex')
      if (kept && latest.sha256 === sha256) return urlOf(latest.token)
      const token = ids.token()
      await files.write(token, bytes)
      const row = { token, message: message.id, type, sha256, size: bytes.length, createdAt: clock.now() }
      if (!(await store.addMedia(row))) {
        await files.remove(token)
        throw new AppError('message.unknown', 'the message was erased while its picture was made')
      }
      return urlOf(token)
    },
  }
}
