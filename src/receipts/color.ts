/** The ink of the page; also what stands on light brand colours. */
export const INK = '#0f172a'
export const WHITE = '#ffffff'

type Rgb = readonly [number, number, number]

export interface Palette {
  /** The header band. */
  band: string
  onBand: string
  onBandQuiet: string
  /** Sets a band that is nearly white off from the page. */
  bandEdge: string
  /** The faint ground of the total box, and what stands on it. */
  tint: string
  tintEdge: string
  onTint: string
}

/** Every colour a receipt takes from the brand's `#rrggbb`; readable whatever the shop chose. */
export function palette(brand: string): Palette {
  const band = /^#[0-9a-f]{6}$/i.test(brand) ? brand.toLowerCase() : '#334155'
  const onBand = textOn(band)
  const quiet = mix(onBand, band, 0.82)
  const pale = contrast(band, WHITE) < 1.2
  const tint = pale ? '#f1f5f9' : mix(band, WHITE, 0.1)
  return {
    band,
    onBand,
    onBandQuiet: contrast(quiet, band) >= 4.5 ? quiet : onBand,
    bandEdge: pale ? '#e2e8f0' : band,
    tint,
    tintEdge: pale ? '#cbd5e1' : mix(band, WHITE, 0.35),
    onTint: pale ? INK : darkenUntil(band, tint, 7),
  }
}

/** White or ink, whichever is easier to read on `color`. */
export function textOn(color: string): string {
  return contrast(WHITE, color) >= contrast(INK, color) ? WHITE : INK
}

/** WCAG 2 contrast ratio, 1 to 21. */
export function contrast(a: string, b: string): number {
  const [x, y] = [luminance(a), luminance(b)]
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05)
}

/** WCAG 2 relative luminance, 0 to 1. */
export function luminance(color: string): number {
  const [r, g, b] = rgb(color)
  return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
}

/** `share` of `a` in `b`. */
export function mix(a: string, b: string, share: number): string {
  const [x, y] = [rgb(a), rgb(b)]
  return hex([x[0] * share + y[0] * (1 - share), x[1] * share + y[1] * (1 - share), x[2] * share + y[2] * (1 - share)])
}

function darkenUntil(color: string, ground: string, ratio: number): string {
  for (let share = 1; share > 0; share -= 0.1) {
    const candidate = mix(color, INK, share)
    if (contrast(candidate, ground) >= ratio) return candidate
  }
  return INK
}

function linear(channel: number): number {
  const value = channel / 255
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
}

function rgb(color: string): Rgb {
  const value = Number.parseInt(color.slice(1), 16)
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255]
}

function hex(channels: Rgb): string {
  return `#${channels.map((channel) => Math.round(channel).toString(16).padStart(2, '0')).join('')}`
}
