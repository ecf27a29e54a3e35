import type { ShopPlatform } from './platform.ts'
import { readObject } from './reading.ts'
import { bodyHash, idInBody } from './signature.ts'
import { squareConfirmer } from './square-confirm.ts'
import { readSquare } from './square-read.ts'
import { squareSlips, verifySquare } from './square-signature.ts'

/**
 * Square's notifications are thin: an order is asked for before anything is believed. Read from square-nodejs-sdk
 * (signature), connect-api-specification (events, orders, payments, refunds) and developer.squareup.com.
 */
export const square: ShopPlatform = {
  name: 'square',
  verify: verifySquare,
  // The same over retries, and signed with the body.
  deliveryKey: ({ body }) => idInBody(body, 'event_id', /^[\w-]{8,100}$/) ?? bodyHash(body),
  topic: () => null,
  read: (body) => readObject(body, readSquare),
  secretProblem: (secret) => (secret.trim() === '' ? 'is empty' : null),
  slips: squareSlips,
  confirmer: squareConfirmer,
  facts: {
    title: 'Square',
    headers: ['x-square-hmacsha256-signature'],
    signed: 'the notification URL and the raw body',
    digest: 'HMAC-SHA256, base64',
    key: 'the signature key of the webhook subscription, as text',
    deliveryKey: 'event_id of the body',
  },
}
