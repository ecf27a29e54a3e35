import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { PHONE_CSS } from './styles.ts'

const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#0f766e"/><path d="M9 7h14v19l-3.5-2-3.5 2-3.5-2L9 26z" fill="#fff"/><path d="M12 12h8M12 16h8" stroke="#0f766e" stroke-width="2" stroke-linecap="round"/></svg>`

/** What the attributes of htmx cannot say. */
const SCRIPT = `
const gone = () => document.getElementById('gone')
const isPoll = (event) => event.detail?.ctx?.sourceElement?.hasAttribute?.('hx-get')

// A page that nobody sees reads nothing.
document.addEventListener('htmx:before:request', (event) => {
  if (document.hidden && isPoll(event)) event.preventDefault()
})
document.addEventListener('htmx:after:request', (event) => {
  gone().hidden = true
  const form = event.detail?.ctx?.sourceElement
  if (form?.id === 'composer') form.reset()
  if (!isPoll(event)) document.querySelector('.scroll')?.scrollTo({ top: 0 })
})
document.addEventListener('htmx:error', () => {
  gone().hidden = false
})

const shelf = document.querySelector('.counter')
shelf?.addEventListener('input', () => {
  let minor = 0
  for (const field of shelf.querySelectorAll('[data-price]')) minor += Number(field.dataset.price) * Number(field.value)
  document.getElementById('total').value = 'TSh ' + Math.round(minor / 100).toLocaleString('en-US')
})
`

export interface Asset {
  type: string
  body: string
}

const kept = new Map<string, Promise<Asset>>()

const made: Record<string, () => Promise<Asset>> = {
  'phone.css': async () => ({ type: 'text/css; charset=utf-8', body: PHONE_CSS }),
  'phone.js': async () => ({ type: 'text/javascript; charset=utf-8', body: SCRIPT }),
  'icon.svg': async () => ({ type: 'image/svg+xml', body: ICON }),
  'htmx.js': async () => {
    const file = createRequire(import.meta.url).resolve('htmx.org/dist/htmx.min.js')
    return { type: 'text/javascript; charset=utf-8', body: await readFile(file, 'utf8') }
  },
}

/** Undefined for a name we have nothing of. */
export function assetOf(name: string): Promise<Asset> | undefined {
  const make = Object.hasOwn(made, name) ? made[name] : undefined
  if (!make) return undefined
  const asset = kept.get(name) ?? make()
  kept.set(name, asset)
  return asset
}
