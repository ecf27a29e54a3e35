import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { Hono } from 'hono'
import { PAGE_SCRIPT, PAGE_STYLE, pageHtml } from './docs-page.ts'

const { resolve } = createRequire(import.meta.url)
const packaged = (name: string) => () => readFile(resolve(`swagger-ui-dist/${name}`))

const FILES: Record<string, { type: string; read: () => Promise<Buffer> }> = {
  'swagger-ui.css': { type: 'text/css; charset=utf-8', read: packaged('swagger-ui.css') },
  'swagger-ui.js': { type: 'text/javascript; charset=utf-8', read: packaged('swagger-ui-bundle.js') },
  'icon.png': { type: 'image/png', read: packaged('favicon-32x32.png') },
  'page.css': { type: 'text/css; charset=utf-8', read: async () => Buffer.from(PAGE_STYLE) },
  'page.js': { type: 'text/javascript; charset=utf-8', read: async () => Buffer.from(PAGE_SCRIPT) },
}

/** The page runs what is our own alone, and speaks with nobody but this service. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

interface File {
  type: string
  bytes: Buffer
  version: string
}

/** `/docs`: the reference of the API, drawn from /openapi.json by files that are read when the first reader comes. */
export function docsRoutes(): Hono {
  let all: Promise<Map<string, File>> | undefined
  function files(): Promise<Map<string, File>> {
    all ??= readAll().catch((error: unknown) => {
      all = undefined
      throw error
    })
    return all
  }

  return new Hono()
    .get('/', async (c) => {
      const found = await files()
      const html = pageHtml((name) => `docs/${name}?v=${found.get(name)?.version}`)
      return c.html(html, 200, { 'cache-control': 'no-cache', 'content-security-policy': POLICY })
    })
    .get('/:file', async (c) => {
      const file = (await files()).get(c.req.param('file'))
      if (!file) return c.notFound()
      const isCurrent = c.req.query('v') === file.version
      return c.body(new Uint8Array(file.bytes), 200, {
        'content-type': file.type,
        'content-length': String(file.bytes.length),
        'cache-control': isCurrent ? 'public, max-age=31536000, immutable' : 'no-cache',
      })
    })
}

async function readAll(): Promise<Map<string, File>> {
  const read = Object.entries(FILES).map(async ([name, { type, read: bytesOf }]): Promise<[string, File]> => {
    const bytes = await bytesOf()
    return [name, { type, bytes, version: createHash('sha256').update(bytes).digest('hex').slice(0, 12) }]
  })
  return new Map(await Promise.all(read))
}
