/** Enough of any honest name; what is cut before the slower steps was never going to be drawn. */
const READ_AT_MOST = 2000

/** Longest real emoji family has 19 units; longer clusters are stacked marks or endless joiners. */
const CLUSTER_UNITS = 24

const INVISIBLE = /[\p{Cc}\p{Cs}\p{Co}]|(?![\u200c\u200d])\p{Cf}/gu
const STACKED_MARKS = /(\p{M}{4})\p{M}+/gu

/** Blocks without glyphs in our fonts whose compatibility form has them: ⁴ ℃ ⅓ Ⅳ ① ㎏ Ａ 𝓐. № and ™ have theirs. */
const COMPATIBILITY = new RegExp(
  '[\\u2070-\\u209f\\u2100-\\u2115\\u2117-\\u2121\\u2123-\\u218f\\u2460-\\u24ff\\u3300-\\u33ff' +
    '\\uff10-\\uff19\\uff21-\\uff3a\\uff41-\\uff5a\\u{1d400}-\\u{1d7ff}]',
  'gu',
)

/** Signs shops like that none of our fonts has, and the nearest one they have. */
const NEAREST: Record<string, string> = {
  ...sameFor('-', '‐‑‒'),
  ...sameFor('—', '―─━'),
  ...sameFor('•', '‣◦●■▪◆▶►'),
  ...sameFor('›', '→⇒➔➜'),
  ...sameFor('‹', '←⇐'),
  ...sameFor('✔', '✓'),
  ...sameFor('✖', '✗✘'),
  ...sameFor('⭐', '★☆'),
  '≤': '<=',
  '≥': '>=',
  '≈': '~',
}
const WITHOUT_GLYPH = new RegExp(`[${Object.keys(NEAREST).join('')}]`, 'gu')

const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u

/** Signs that join no other, as most texts hold nothing else: \u2013 is – and \u2026 is …. */
const PLAIN = /^[\u0020-\u007e\u00a0-\u00ac\u00ae-\u02ff\u2010-\u2027\u2030-\u203a]*$/

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

/**
 * Anybody's text made safe to lay out: one line, no controls or bidi overrides, cut with an ellipsis where it would be
 * wider than `maxEm` (in em of its own font size). "" when nothing is left.
 */
export function tidy(text: string | null | undefined, maxEm: number): string {
  const clean = (text ?? '')
    .slice(0, READ_AT_MOST)
    .replace(/\s+/gu, ' ')
    .normalize('NFC')
    .replace(INVISIBLE, '')
    .replace(COMPATIBILITY, (sign) => sign.normalize('NFKC'))
    .replace(WITHOUT_GLYPH, (sign) => NEAREST[sign] ?? sign)
    .replace(STACKED_MARKS, '$1')
    .replace(/ {2,}/g, ' ')
    .trim()
  return clip(clean, maxEm)
}

/** For text that goes into a longer one: a right-to-left name must not reorder what stands beside it. */
export function isolate(text: string): string {
  return RIGHT_TO_LEFT.test(text) ? `\u2068${text}\u2069` : text
}

/** The base direction of a text of its own, by its first letter. */
export function directionOf(text: string): 'rtl' | 'ltr' {
  const first = /\p{L}/u.exec(text)?.[0] ?? ''
  return RIGHT_TO_LEFT.test(first) ? 'rtl' : 'ltr'
}

/** A rough width in em, on the wide side: good enough to count rows, not to place anything. */
export function widthEm(text: string): number {
  let width = 0
  for (const cluster of clustersOf(text)) width += clusterEm(cluster)
  return width
}

/** What a reader takes for one sign each. */
export function clustersOf(text: string): Iterable<string> {
  // The segmenter takes many times as long.
  return PLAIN.test(text) ? text : Array.from(graphemes.segment(text), ({ segment }) => segment)
}

function clip(text: string, maxEm: number): string {
  let width = 0
  let kept = ''
  let roomForDots = ''
  for (const whole of clustersOf(text)) {
    const cluster = whole.length > CLUSTER_UNITS ? String.fromCodePoint(whole.codePointAt(0) ?? 0x20) : whole
    width += clusterEm(cluster)
    if (width > maxEm) return `${roomForDots.trimEnd()}…`
    kept += cluster
    if (width <= maxEm - 1) roomForDots = kept
  }
  return kept
}

function clusterEm(cluster: string): number {
  if (/^[ .,:;'|!ijl()[\]/’·-]$/.test(cluster)) return 0.32
  if (/^[a-z0-9$]/.test(cluster)) return cluster === 'm' || cluster === 'w' ? 0.9 : 0.62
  if (/^[A-Z]/.test(cluster)) return cluster === 'M' || cluster === 'W' ? 1.1 : 0.75
  if (/^[\u00a0-\u08ff\u1e00-\u1fff]/.test(cluster)) return 0.75
  return 1.25
}

function sameFor(to: string, from: string): Record<string, string> {
  return Object.fromEntries(from.split('').map((sign) => [sign, to]))
}
