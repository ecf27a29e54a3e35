import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { Hono } from 'hono'
import { FIGURES_STYLE } from './figures-style.ts'
import { ICON } from './icon.ts'
import { SCRIPT } from './script.ts'
import { STYLE } from './style.ts'

const { resolve } = createRequire(import.meta.url)

/** Pico draws arrows and ticks as `data:` pictures, which our policy does not let in; style.ts draws those we need. */
const withoutPictures = (css: string) => css.replaceAll(/url\("data:[^"]*"\)/g, 'none')

const SOURCES = {
  'htmx.js': { type: 'text/javascript', read: () => readFile(resolve('htmx.org/dist/htmx.min.js'), 'utf8') },
  'pico.css': {
    type: 'text/css',
    read: async () => withoutPictures(await readFile(resolve('@picocss/pico/css/pico.min.css'), 'utf8')),
  },
  'dashboard.css': { type: 'text/css', read: async () => STYLE + FIGURES_STYLE },
  'dashboard.js': { type: 'text/javascript', read: async () => SCRIPT },
  'icon.svg': { type: 'image/svg+xml', read: async () => ICON },
} as const

export type AssetName = keyof typeof SOURCES

export interface Assets {
  /** Changes with what the file holds, so that browsers may keep it for good. */
  addressOf(name: AssetName): string
  routes: Hono
}

/** Files a page needs beside itself, from our own origin; they say nothing about anybody. */
export async function loadAssets(base: string): Promise<Assets> {
  const files = new Map<string, { text: string; type: string; version: string }>()
  for (const [name, { type, read }] of Object.entries(SOURCES)) {
    const text = await read()
    files.set(name, { text, type, version: createHash('sha256').update(text).digest('hex').slice(0, 12) })
  }
  return {
    addressOf: (name) => `${base}/assets/${files.get(name)?.version}/${name}`,
    routes: new Hono().get('/assets/:version/:name', (c) => {
      const file = files.get(c.req.param('name'))
      if (!file) return c.text('there is no such file', 404)
      const kept = file.version === c.req.param('version') ? 'public, max-age=31536000, immutable' : 'no-cache'
      return c.body(file.text, 200, { 'content-type': `${file.type}; charset=utf-8`, 'cache-control': kept })
    }),
  }
}
