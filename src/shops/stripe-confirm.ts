import type { Reading } from '../order.ts'
import { type Fields, isRecord, list, record, word } from './fields.ts'
import { parseJson } from './json.ts'
import type { Confirmation, Confirmer, ConfirmInput } from './platform.ts'
import { idOf, stripeEvent } from './stripe-event.ts'
import { readSnapshot } from './stripe-read.ts'
import { readSession, readSessionLines } from './stripe-session.ts'

/**
 * The event is signed and believed; what is asked for are the lines, which no event holds, and for a payment the session it
 * belongs to. What the API does not know leaves the sale as the event told it.
 */
export const stripeConfirmer: Confirmer = {
  apiUrl: 'https://api.stripe.com',
  credentials: [
    {
      name: 'secret_key',
      required: false,
      meaning: 'secret or restricted key (read: Checkout Sessions): with it receipts list what was bought',
    },
  ],
  async confirm(input: ConfirmInput): Promise<Confirmation> {
    const parsed = parseJson(input.body)
    const body = parsed.ok && isRecord(parsed.value) ? parsed.value : {}
    const event = stripeEvent(body, input.options)
    const told = readSnapshot(event)
    if (told.kind !== 'order') {
      return { kind: 'denied', reason: told.kind === 'ignored' ? told.reason : 'The event is no sale.' }
    }
    const { order } = told
    const session = event.type.startsWith('checkout.') ? event.object : await sessionOf(order.id, body, input)
    if (session === null || !isSameSale(session, event.object)) return confirmed(told)
    const id = word(session['id'], 255) ?? ''
    const answer = await ask(`/v1/checkout/sessions/${encodeURIComponent(id)}/line_items?limit=100`, body, input)
    const whole = readSession({ ...event, object: session }, readSessionLines(answer, order.currency))
    if (whole.kind !== 'order') return confirmed(told)
    return confirmed({ ...whole, order: { ...whole.order, paidAt: whole.order.paidAt ?? order.paidAt } })
  },
}

function confirmed(reading: Reading): Confirmation {
  return { kind: 'confirmed', readings: [reading] }
}

async function sessionOf(orderId: string, body: Fields, input: ConfirmInput): Promise<Fields | null> {
  if (!orderId.startsWith('pi_')) return null
  const answer = await ask(`/v1/checkout/sessions?limit=1&payment_intent=${encodeURIComponent(orderId)}`, body, input)
  return list(record(answer)['data'], 1)[0] ?? null
}

/** What the API calls the session of this payment has to be for the same money. */
function isSameSale(session: Fields, object: Fields): boolean {
  if (session === object) return true
  const intent = object['object'] === 'charge' ? idOf(object['payment_intent']) : idOf(object['id'])
  const amount = object['amount_received'] ?? object['amount']
  return (
    idOf(session['payment_intent']) === intent &&
    session['currency'] === object['currency'] &&
    session['amount_total'] === amount
  )
}

function ask(path: string, body: Fields, { api, credentials }: ConfirmInput): Promise<unknown> {
  // An event of an account that is connected to ours is asked about in its name.
  const account = word(body['account']) ?? ''
  const headers = {
    Authorization: `Bearer ${credentials['secret_key'] ?? ''}`,
    ...(/^acct_\w+$/.test(account) ? { 'Stripe-Account': account } : {}),
  }
  return credentials['secret_key'] ? api.request({ method: 'GET', path, headers }) : Promise.resolve(null)
}
