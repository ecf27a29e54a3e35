import { Hono } from 'hono'
import { z } from 'zod'
import { refuse, refuseAsSwitched, type SandboxEnv } from '../http.ts'
import { present } from '../present.ts'
import { pageOf, readId, readQuery } from '../query.ts'
import type { Sim } from '../sim.ts'
import type { Template } from '../state.ts'
import { isRefusal } from '../validate.ts'

const listQuery = z.object({
  name_or_content: z.string().max(200).optional(),
  cursor: z.string().optional(),
  limit: pageOf({ default: 50, max: 200 }).limit,
  sort: z.enum(['updated_desc', 'updated_asc', 'created_desc', 'name_asc', 'name_desc']).default('updated_desc'),
})

/** Bare answers, no envelope. Every template belongs to the account, so `sender_id` filters nothing here. */
export function templateRoutes({ sim }: { sim: Sim }) {
  const senderId = sim.state.senders[0]?.id ?? null
  return new Hono<SandboxEnv>()
    .get('/v1/whatsapp/templates', (c) => {
      const query = readQuery(c, listQuery)
      if (isRefusal(query)) return refuseAsSwitched(c, sim, query)
      const among = (name: string, value: string) => {
        const wanted = c.req.queries(name)?.map((text) => (text === 'PENDING' ? 'IN_REVIEW' : text))
        return wanted === undefined || wanted.includes(value)
      }
      const found = sim.state.templates
        .filter(
          (one) => among('status', one.status) && among('category', one.category) && among('language', one.language),
        )
        .filter((one) => one.name.includes(query.name_or_content ?? ''))
        .toSorted(orders[query.sort])
      const from = Number(query.cursor ?? 0) || 0
      const next = from + query.limit
      return c.json({
        items: found.slice(from, next).map((one) => present.template(one, senderId)),
        cursor_next: next < found.length ? String(next) : null,
        total_count: found.length,
      })
    })
    .get('/v1/whatsapp/templates/:id', (c) => {
      const id = readId(c)
      if (typeof id !== 'string') return refuseAsSwitched(c, sim, id)
      const found = sim.state.templates.find((one) => one.id === id)
      if (found) return c.json(present.template(found, senderId))
      return refuse(c, { status: 404, code: 'NOT_FOUND', message: 'Template not found', field: null }, 'detail-text')
    })
}

const orders: Record<z.output<typeof listQuery>['sort'], (a: Template, b: Template) => number> = {
  updated_desc: (a, b) => b.createdAt - a.createdAt,
  updated_asc: (a, b) => a.createdAt - b.createdAt,
  created_desc: (a, b) => b.createdAt - a.createdAt,
  name_asc: (a, b) => a.name.localeCompare(b.name),
  name_desc: (a, b) => b.name.localeCompare(a.name),
}
