import { createHmac, timingSafeEqual } from 'node:crypto'
import { createServer } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import Database from 'better-sqlite3'
import { type Context, Hono } from 'hono'

/**
 * What the service is measured against, in a process of its own: `reference.ts <port> <database> <secret>`. Each route does a
 * part of what accepting an order takes.
 */
const [port = '0', file = '', secret = ''] = process.argv.slice(2)

const sqlite = new Database(file)
sqlite.pragma('journal_mode = WAL')
sqlite.pragma('synchronous = FULL')
sqlite.exec('create table orders (id integer primary key, number text not null, body blob not null)')
const insert = sqlite.prepare('insert into orders (number, body) values (?, ?)')

async function verified(c: Context): Promise<Buffer | undefined> {
  const body = Buffer.from(await c.req.arrayBuffer())
  const given = Buffer.from(c.req.header('x-wc-webhook-signature') ?? '', 'base64')
  const expected = createHmac('sha256', secret).update(body).digest()
  return given.length === expected.length && timingSafeEqual(given, expected) ? body : undefined
}

const app = new Hono()
  .post('/body', async (c) => c.json({ bytes: (await c.req.arrayBuffer()).byteLength }))
  .post('/hmac', async (c) => {
    const body = await verified(c)
    return body ? c.json({ bytes: body.length }) : c.json({ error: 'signature' }, 401)
  })
  .post('/insert', async (c) => {
    const body = await verified(c)
    if (!body) return c.json({ error: 'signature' }, 401)
    const order = JSON.parse(body.toString('utf8')) as { number: string }
    // A transaction of its own: on disk when it returns.
    insert.run(order.number, body)
    return c.json({ number: order.number })
  })

const listener = getRequestListener(app.fetch)
createServer((incoming, outgoing) => void listener(incoming, outgoing)).listen(Number(port), '127.0.0.1')
