import { Hono } from 'hono'
import { acceptSend } from '../accept.ts'
import { codeForStatus, success } from '../bodies.ts'
import { acceptsFirst, type Faults } from '../faults.ts'
import { parseJson, refuse, refuseAsSwitched, reply, type SandboxContext, type SandboxEnv, strike } from '../http.ts'
import { type Lifecycle, note } from '../lifecycle.ts'
import type { Sim } from '../sim.ts'
import type { Kind, Outbound } from '../state.ts'
import { isRefusal } from '../validate.ts'

export function sendRoutes({ sim, faults, lifecycle }: { sim: Sim; faults: Faults; lifecycle: Lifecycle }) {
  const send = (kind: Kind) => async (c: SandboxContext) => {
    const body = parseJson(await c.req.text())
    const picked = faults.pick({ kind, to: recipientOf(sim, body) }, sim.switches.sendFault)
    if (picked && !acceptsFirst(picked.fault)) {
      picked.use()
      const { fault } = picked
      const struck = await strike(c, sim, fault)
      if (struck) return struck
      const code = fault.code ?? 'SEND_FAILED'
      return refuse(c, { status: 200, code, message: fault.message ?? 'Simulated refusal', field: fault.field ?? null })
    }

    const message = acceptSend(sim, kind, body)
    if (isRefusal(message)) return refuseAsSwitched(c, sim, message)
    const fault = picked?.fault ?? null
    // Only now: a send that was refused on its own merits leaves the fault for the next one.
    picked?.use()
    message.fault = fault
    if ((fault?.answer ?? sim.switches.answer) === 'sent') note(sim, message, 'sent')
    // The answer says how things stood at acceptance, however long it is held back.
    const answer = answerOf(message, c.var.requestId)
    lifecycle.begin(message)

    const struck = fault && (await strike(c, sim, fault))
    if (struck) return struck
    if (fault?.answer === 'success-false') {
      return refuse(c, { status: 200, code: fault.code ?? codeForStatus(500), message: 'Simulated', field: null })
    }
    const text = JSON.stringify(answer.body)
    const cutShort = fault?.answer === 'garbage'
    return reply(answer.status, 'application/json', cutShort ? text.slice(0, text.length / 3) : text)
  }

  return new Hono<SandboxEnv>()
    .post('/v1/whatsapp/messages/image', send('image'))
    .post('/v1/whatsapp/messages/text', send('text'))
    .post('/v1/whatsapp/messages/template', send('template'))
}

function answerOf(message: Outbound, requestId: string) {
  const data = {
    message_id: message.id,
    conversation_id: message.conversation.id,
    sender_id: message.conversation.sender.id,
    sender: message.conversation.sender.phoneNumberId,
    provider_message_id: message.wamid,
    status: message.status,
  }
  return { status: message.status === 'sent' ? 200 : 202, body: success(data, requestId) }
}

/** Whom an unchecked body is for, so that a fault for one customer finds its send. */
function recipientOf({ state }: Sim, body: unknown): string | null {
  const { to, conversation_id: id } = (body ?? {}) as { to?: unknown; conversation_id?: unknown }
  if (typeof to === 'string') return to.replace(/^\+/, '')
  return typeof id === 'string' ? (state.conversations.get(id.toLowerCase())?.phone ?? null) : null
}
