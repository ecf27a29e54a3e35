import { Hono } from 'hono'
import { z } from 'zod'
import { AppError } from '../../errors.ts'
import type { Controls, PhoneControls } from '../controls.ts'
import { sendFault } from '../faults.ts'
import { parseJson, type SandboxContext, type SandboxEnv } from '../http.ts'
import { parseInput } from '../parse.ts'
import type { Sim } from '../sim.ts'
import { conversationSnapshotOf, phoneSnapshotOf } from '../snapshot.ts'
import { switchesChange } from '../switches.ts'

const inboundBody = z.strictObject({
  from: z.string(),
  text: z.string().min(1).max(4096).optional(),
  to: z.string().optional(),
  name: z.string().max(200).optional(),
  /** ISO 8601 or epoch milliseconds. */
  at: z
    .union([z.int(), z.iso.datetime({ offset: true })])
    .transform((at) => (typeof at === 'number' ? at : Date.parse(at)))
    .optional(),
})
const faultBody = z.strictObject({ fault: sendFault })
const phoneBody = z.strictObject({
  on: z.boolean().optional(),
  reads: z.boolean().optional(),
  registered: z.boolean().optional(),
})
const webhookBody = z.strictObject({
  url: z.url({ protocol: /^https?$/ }),
  secret: z.string().min(1).nullable().default(null),
})
const eventBody = z.strictObject({
  event: z.string().min(1),
  eventId: z.string().min(1).optional(),
  data: z.record(z.string(), z.unknown()).optional(),
})
const listQuery = z.object({ limit: z.coerce.number().int().min(1).max(10_000).default(1000) })

/** The in-process controls by HTTP: no key, this machine only. */
export function controlRoutes({ sim, controls }: { sim: Sim; controls: Controls }) {
  const { state } = sim
  return new Hono<SandboxEnv>()
    .post('/sandbox/inbound', async (c) => {
      const { from, ...message } = await readControl(c, inboundBody)
      return c.json(controls.customerWrites(from, message), 201)
    })
    .get('/sandbox/inbound', (c) => c.json({ items: newest(controls.inbound(), c) }))
    .get('/sandbox/messages', (c) => c.json({ items: newest(controls.messages(), c) }))
    .get('/sandbox/messages/:id/image', (c) => {
      const image = controls.imageOf(c.req.param('id'))
      if (!image) throw new AppError('sandbox.not_found', 'WhatsApp holds no image for this message')
      return c.body(new Uint8Array(image.bytes), 200, { 'content-type': image.contentType })
    })
    .post('/sandbox/messages/:id/read', (c) => {
      controls.customerReads(c.req.param('id'))
      return c.body(null, 204)
    })
    .post('/sandbox/next-send', async (c) => {
      const { fault } = await readControl(c, faultBody)
      controls.nextSend(fault)
      return c.json({ queued: controls.faults() }, 201)
    })
    .delete('/sandbox/next-send', (c) => {
      controls.clearFaults()
      return c.body(null, 204)
    })
    .get('/sandbox/switches', (c) => c.json(controls.switches()))
    .patch('/sandbox/switches', async (c) => c.json(controls.set(await readControl(c, switchesChange))))
    .post('/sandbox/phones/:phone', async (c) => {
      const change = await readControl(c, phoneBody)
      const phone: PhoneControls = controls.phone(c.req.param('phone'))
      if (change.reads !== undefined) phone.reads(change.reads)
      if (change.registered !== undefined) phone.registered(change.registered)
      if (change.on === true) phone.on()
      if (change.on === false) phone.off()
      return c.json(phone.state())
    })
    .put('/sandbox/webhook', async (c) => {
      controls.setWebhook(await readControl(c, webhookBody))
      return c.body(null, 204)
    })
    .delete('/sandbox/webhook', (c) => {
      controls.setWebhook(null)
      return c.body(null, 204)
    })
    .post('/sandbox/events', async (c) => {
      controls.emit(await readControl(c, eventBody))
      return c.body(null, 202)
    })
    .get('/sandbox/deliveries', (c) => c.json({ items: newest(controls.deliveries(), c) }))
    .get('/sandbox/state', (c) =>
      c.json({
        now: sim.clock.now(),
        appId: sim.appId,
        senders: state.senders,
        templates: state.templates,
        conversations: [...state.conversations.values()].slice(-1000).map(conversationSnapshotOf),
        phones: [...state.phones].slice(-1000).map(([number, phone]) => phoneSnapshotOf(number, phone)),
        webhooks: [state.ownWebhook, ...state.webhooks.values()].flatMap((one) => (one ? [one.url] : [])),
        faults: controls.faults(),
        requests: controls.requests(),
        counts: { messages: state.messages.length, conversations: state.conversations.size },
      }),
    )
}

/** JSON by name only: a form that any web page could post is none. */
async function readControl<T extends z.ZodType>(c: SandboxContext, schema: T): Promise<z.output<T>> {
  if (!/^application\/json\b/i.test(c.req.header('content-type') ?? '')) {
    throw new AppError('sandbox.invalid', 'the body must be JSON, with Content-Type: application/json')
  }
  return parseInput(schema, parseJson(await c.req.text()))
}

/** The newest `limit` items, oldest first. */
function newest<T>(items: T[], c: SandboxContext): T[] {
  return items.slice(-parseInput(listQuery, c.req.query()).limit)
}
