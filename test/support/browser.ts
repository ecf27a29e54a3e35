import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { expect, test } from 'vitest'

/** Where Chromium lies on the usual systems; `CHROMIUM` names another place. */
const PLACES = [
  process.env.CHROMIUM ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]
const executablePath = PLACES.find((place) => place !== '' && existsSync(place))
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

export interface Look {
  /** Default: a phone, 390 by 844. */
  width?: number
  height?: number
  language?: 'en' | 'sw'
  dark?: boolean
  javaScript?: boolean
  context?: BrowserContextOptions
}

const WIDTHS = [390, 1280]
const EVERY: Look[] = WIDTHS.flatMap((width) =>
  (['en', 'sw'] as const).flatMap((language) => [false, true].map((dark) => ({ width, language, dark }))),
)

/** Every look where `LOOKS=all` asks for it (`npm run looks`, some minutes); else this one. */
export const looksOr = (one: Look): Look[] => (process.env.LOOKS === 'all' ? EVERY : [one])

export interface TestBrowser {
  /** A browser of its own: no cookies, nothing kept. */
  open(look?: Look): Promise<Page>
  /** Lets pass what a test wants to go wrong: text of the console's error. */
  forgive(text: RegExp): void
}

/**
 * A test in a real Chromium. Anything a page writes to the console as an error, throws, or is refused by its own policy
 * fails the test. Without Chromium it is skipped, and its name says so.
 */
export function browserTest(name: string, run: (browser: TestBrowser) => Promise<void>): void {
  const skipped = executablePath === undefined ? ' (skipped: no Chromium here; install it or set CHROMIUM)' : ''
  test.skipIf(executablePath === undefined)(
    `${name}${skipped}`,
    { timeout: process.env.LOOKS === 'all' ? 600_000 : 120_000 },
    async () => {
      const asRoot = process.getuid?.() === 0
      const chrome = await chromium.launch({
        ...(executablePath && { executablePath }),
        args: asRoot ? ['--no-sandbox'] : [],
      })
      const faults: string[] = []
      const forgiven: RegExp[] = []
      try {
        await run({
          forgive: (text) => void forgiven.push(text),
          async open({
            width = 390,
            height = 844,
            language = 'en',
            dark = false,
            javaScript = true,
            context = {},
          } = {}) {
            const opened = await chrome.newContext({
              viewport: { width, height },
              locale: language === 'en' ? 'en-GB' : 'sw-TZ',
              colorScheme: dark ? 'dark' : 'light',
              javaScriptEnabled: javaScript,
              ...context,
            })
            const page = await opened.newPage()
            page.setDefaultTimeout(30_000)
            page.on('pageerror', (error) => faults.push(`${page.url()}: ${error.message}`))
            page.on('console', (line) => {
              if (line.type() === 'error') faults.push(`${page.url()}: ${line.text()} (${line.location().url})`)
            })
            return page
          },
        })
      } finally {
        await chrome.close()
      }
      expect(faults.filter((fault) => !forgiven.some((text) => text.test(fault)))).toEqual([])
    },
  )
}

/** Fails on what axe-core calls serious or critical; `where` says which page it was. */
export async function expectAccessible(page: Page, where: string): Promise<void> {
  await page.evaluate(AXE)
  const found = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: AxeViolation[] }> } }
    const { violations } = await axe.run()
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' | ')}`)
  })
  expect([where, found]).toEqual([where, []])
}

interface AxeViolation {
  id: string
  help: string
  impact: string | null
  nodes: { html: string }[]
}

/** Fails when a page is wider than the screen. */
export async function expectNoSideways(page: Page, where: string): Promise<void> {
  // As text: the compiler is not told of a browser's globals.
  const wide = await page.evaluate<string[]>(`(() => {
    const screen = document.documentElement.clientWidth
    if (document.documentElement.scrollWidth <= screen) return []
    const out = [...document.querySelectorAll('body *')].filter((one) => one.getBoundingClientRect().right > screen + 1)
    return out.slice(0, 3).map((one) => one.outerHTML.slice(0, 120))
  })()`)
  expect([where, wide]).toEqual([where, []])
}
