import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'

export interface FontFace {
  name: string
  weight: number
  style: 'normal'
  data: Uint8Array
  unicodeRange?: [number, number][]
}

export interface Fonts {
  faces: FontFace[]
  missing: string[]
}

/** A file inside an installed package to its path; throws when there is none. */
type Resolve = (path: string) => string

const require = createRequire(import.meta.url)

const INTER_SUBSETS = ['latin', 'latin-ext', 'vietnamese', 'cyrillic', 'cyrillic-ext', 'greek', 'greek-ext']
const WEIGHTS = [400, 700]

/**
 * The faces of a receipt, read from their npm packages, in the order in which a sign is looked for. Noto Sans SC is an
 * optional dependency (76 MB): without it `missing` names it, and Chinese is drawn as boxes.
 */
export async function loadFonts(resolve: Resolve = require.resolve): Promise<Fonts> {
  const [inter, arabic, chinese, emoji] = await Promise.all([
    loadInter(resolve),
    loadBoth(
      resolve,
      'Noto Sans Arabic',
      (weight) => `@fontsource/noto-sans-arabic/files/noto-sans-arabic-arabic-${weight}-normal.woff2`,
    ),
    loadBoth(
      resolve,
      'Noto Sans SC',
      (weight) => `@fontsource/noto-sans-sc/files/noto-sans-sc-chinese-simplified-${weight}-normal.woff2`,
    ).catch(() => []),
    readFace(resolve, 'Twemoji', 400, 'twemoji-colr-font/twemoji.woff2'),
  ])
  return { faces: [...inter, ...arabic, ...chinese, emoji], missing: chinese.length === 0 ? ['Noto Sans SC'] : [] }
}

async function loadInter(resolve: Resolve): Promise<FontFace[]> {
  const ranges: Record<string, string> = JSON.parse(await readFile(resolve('@fontsource/inter/unicode.json'), 'utf8'))
  const faces = INTER_SUBSETS.flatMap((subset) =>
    WEIGHTS.map(async (weight) => ({
      ...(await readFace(resolve, 'Inter', weight, `@fontsource/inter/files/inter-${subset}-${weight}-normal.woff2`)),
      unicodeRange: parseRanges(ranges[subset] ?? ''),
    })),
  )
  return await Promise.all(faces)
}

async function loadBoth(resolve: Resolve, name: string, path: (weight: number) => string): Promise<FontFace[]> {
  return await Promise.all(WEIGHTS.map((weight) => readFace(resolve, name, weight, path(weight))))
}

async function readFace(resolve: Resolve, name: string, weight: number, path: string): Promise<FontFace> {
  return { name, weight, style: 'normal', data: await readFile(resolve(path)) }
}

/** "U+0-FF,U+131" as CSS writes it. */
function parseRanges(text: string): [number, number][] {
  return text.split(',').map((range) => {
    const [first = '', last = first] = range.trim().slice(2).split('-')
    return [Number.parseInt(first, 16), Number.parseInt(last, 16)]
  })
}
