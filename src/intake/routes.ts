import { type Context, Hono } from 'hono'
import { readBody } from '../http/body.ts'
import type { Intake } from './intake.ts'

/** What follows the first `?`, as it was sent. */
function queryOf(url: string): string {
  const at = url.indexOf('?')
  return at === -1 ? '' : url.slice(at + 1)
}

/** `POST /webhooks/<shop id>`, and `…/<secret>` where nothing is signed: 2xx only after the commit. */
export function intakeRoutes(intake: Intake): Hono {
  async function take(c: Context) {
    const body = await readBody(c) // signed bytes: nothing parses them before they are verified
    const { recorded, answer } = await intake.fromShop({
      shop: c.req.param('shop') ?? '',
      pathSecret: c.req.param('secret') ?? null,
      query: queryOf(c.req.url),
      headers: c.req.raw.headers,
      body,
    })
    if (answer !== null) return c.json(answer)
    return c.json({ event_id: recorded?.eventId, duplicate: recorded?.duplicate })
  }
  return new Hono()
    .post('/:shop/:secret?', (c) => take(c))
    .get('/:shop/:secret?', (c, next) => (intake.takesGet(c.req.param('shop')) ? take(c) : next()))
}
