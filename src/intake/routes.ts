import { Hono } from 'hono'
import { readBody } from '../http/body.ts'
import type { Intake } from './intake.ts'

/** `POST /webhooks/<shop id>`: 2xx only after the commit. */
export function intakeRoutes(intake: Intake): Hono {
  return new Hono().post('/:shop', async (c) => {
    const body = await readBody(c) // signed bytes: nothing parses them before they are verified
    const taken = await intake.fromShop({ shop: c.req.param('shop'), headers: c.req.raw.headers, body })
    if (taken === 'ping') return c.json({ ping: true })
    return c.json({ event_id: taken.eventId, duplicate: taken.duplicate })
  })
}
