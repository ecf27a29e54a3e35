import type { ShopPlatform } from './platform.ts'
import { readObject } from './reading.ts'
import { bodyHash, idInBody } from './signature.ts'
import { stripeConfirmer } from './stripe-confirm.ts'
import { readStripe } from './stripe-read.ts'
import { stripeSlips, verifyStripe } from './stripe-signature.ts'

/**
 * Stripe tells of a session, a payment intent and a charge for one sale, at least once and in no order. Read from
 * stripe-node (signature), docs.stripe.com (events, currencies) and recorded events of API versions 2020-08-27 to 2025-09-30.
 */
export const stripe: ShopPlatform = {
  name: 'stripe',
  verify: verifyStripe,
  // The event's id stays over its retries, though counters in the body (`pending_webhooks`) may not; it is signed with it.
  deliveryKey: ({ body }) => idInBody(body, 'id', /^evt_\w{1,100}$/) ?? bodyHash(body),
  topic: () => null,
  read: (body, options) => readObject(body, (value) => readStripe(value, options)),
  secretProblem(secret) {
    if (secret.trim() === '') return 'is empty'
    return secret.trim().startsWith('whsec_') ? null : 'does not begin with whsec_: take the endpoint’s signing secret'
  },
  slips: stripeSlips,
  confirmer: stripeConfirmer,
  facts: {
    title: 'Stripe',
    headers: ['Stripe-Signature'],
    signed: 't of the header, a dot, the raw body',
    digest: 'HMAC-SHA256, hex, written t=<seconds>,v1=<signature>',
    key: 'the whole signing secret of the endpoint as text, whsec_ included',
    deliveryKey: 'id of the event',
  },
}
