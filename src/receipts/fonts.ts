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
  /** Latin, Greek, Cyrillic and Arabic. */
  faces: FontFace[]
  /** Chinese and emoji: large, and wanted only by a text with a rare sign. To be registered after `faces`, in this order. */
  loadRare(): Promise<FontFace[]>
  missing: string[]
}

/** A file inside an installed package to its path; throws when there is none. */
type Resolve = (path: string) => string

const require = createRequire(import.meta.url)

const INTER_SUBSETS = ['latin', 'latin-ext', 'vietnamese', 'cyrillic', 'cyrillic-ext', 'greek', 'greek-ext']
const WEIGHTS = [400, 700]
const CHINESE = 'noto-sans-sc/files/noto-sans-sc-chinese-simplified'

/** Any sign but those of which it is sure that the rare faces play no part in drawing them. */
const RARE_SIGN =
  /[^\u0020-\u06ff\u0750-\u077f\u08a0-\u08ff\u1e00-\u203b\u20a0-\u20c0\u2116\u2122\u2212\ufb50-\ufdff\ufe70-\ufefc]/u

export function hasRareSign(text: string): boolean {
  return RARE_SIGN.test(text)
}

/**
 * The faces of a receipt, read from their npm packages, in the order in which a sign is looked for. Noto Sans SC is an
 * optional dependency (76 MB): without it `missing` names it, and Chinese is drawn as boxes.
 */
export async function loadFonts(resolve: Resolve = require.resolve): Promise<Fonts> {
  const faces = [
    ...(await loadInter(resolve)),
    ...(await loadBoth(resolve, 'Noto Sans Arabic', 'noto-sans-arabic/files/noto-sans-arabic-arabic')),
  ]
  const hasChinese = isInstalled(resolve, '@fontsource/noto-sans-sc/package.json')
  return {
    faces,
    async loadRare() {
      const chinese = hasChinese ? await loadBoth(resolve, 'Noto Sans SC', CHINESE) : []
      return [...chinese, await readFace(resolve, 'Twemoji', 400, 'twemoji-colr-font/twemoji.woff2')]
    },
    missing: hasChinese ? [] : ['Noto Sans SC'],
  }
}

function isInstalled(resolve: Resolve, path: string): boolean {
  try {
    return resolve(path) !== ''
  } catch {
    return false
  }
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

/** `path` is that of a subset in Fontsource's packages, without its weight. */
async function loadBoth(resolve: Resolve, name: string, path: string): Promise<FontFace[]> {
  return await Promise.all(
    WEIGHTS.map((weight) => readFace(resolve, name, weight, `@fontsource/${path}-${weight}-normal.woff2`)),
  )
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
