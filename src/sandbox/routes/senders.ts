import { Hono } from 'hono'
import { z } from 'zod'
import { refuse, refuseAsSwitched, type SandboxEnv } from '../http.ts'
import { present } from '../present.ts'
import { flag, readId, readQuery } from '../query.ts'
import { uuidOf } from '../random.ts'
import type { Sim } from '../sim.ts'
import { isRefusal } from '../validate.ts'

const listQuery = z.object({ is_active: flag.optional(), is_default: flag.optional() })

/** Bare answers, no envelope. */
export function senderRoutes({ sim }: { sim: Sim }) {
  const accountId = uuidOf(`account of ${sim.appId}`)
  return new Hono<SandboxEnv>()
    .get('/v1/whatsapp/senders', (c) => {
      const query = readQuery(c, listQuery)
      if (isRefusal(query)) return refuseAsSwitched(c, sim, query)
      const found = sim.state.senders.filter(
        (one) =>
          (query.is_active === undefined || one.isActive === query.is_active) &&
          (query.is_default === undefined || one.isDefault === query.is_default),
      )
      return c.json(found.map((one) => present.sender(one, accountId)))
    })
    .get('/v1/whatsapp/senders/:id', (c) => {
      const id = readId(c)
      if (typeof id !== 'string') return refuseAsSwitched(c, sim, id)
      const found = sim.state.senders.find((one) => one.id === id)
      if (found) return c.json(present.sender(found, accountId))
      return refuse(c, { status: 404, code: 'NOT_FOUND', message: 'Sender not found', field: null }, 'detail-text')
    })
}
