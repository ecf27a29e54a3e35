/** Charts as SVG, drawn here; colours and lines are classes of the style, as our policy takes no style in a page. */

export interface Bar {
  /** Under the bar; not every one has room for it. */
  label: string | null
  /** The whole bar, and what of it is filled. */
  whole: number
  part: number
  /** What the bar says, in words. */
  text: string
}

const WIDTH = 360
const LEFT = 34
const TOP = 8
const PLOT = 128
const BASE = TOP + PLOT

/** Outlined bars, each filled as far as its part goes. */
export function Bars({ id, title, desc, bars, number }: BarsProps) {
  const most = niceTop(Math.max(0, ...bars.map(({ whole }) => whole)))
  const step = (WIDTH - LEFT) / Math.max(1, bars.length)
  const tall = (value: number) => (PLOT * value) / most
  return (
    <svg class="chart" viewBox={`0 0 ${WIDTH} ${BASE + 22}`} role="img" aria-labelledby={`${id}-title ${id}-desc`}>
      <title id={`${id}-title`}>{title}</title>
      <desc id={`${id}-desc`}>{desc}</desc>
      {[0, 0.5, 1].map((share) => (
        <g>
          <line class="grid" x1={LEFT} x2={WIDTH} y1={BASE - PLOT * share} y2={BASE - PLOT * share} />
          {(share !== 0.5 || most % 2 === 0) && (
            <text x={LEFT - 5} y={BASE - PLOT * share + 4} text-anchor="end">
              {number(most * share)}
            </text>
          )}
        </g>
      ))}
      {bars.map(({ label, whole, part, text }, index) => {
        const x = LEFT + index * step + step * 0.14
        const width = step * 0.72
        return (
          <g>
            <title>{text}</title>
            {whole > 0 && (
              <rect class="whole" x={n(x)} y={n(BASE - tall(whole))} width={n(width)} height={n(tall(whole))} />
            )}
            {part > 0 && (
              <rect class="part" x={n(x)} y={n(BASE - tall(part))} width={n(width)} height={n(tall(part))} />
            )}
            {label !== null && (
              <text x={n(x + width / 2)} y={BASE + 16} text-anchor="middle">
                {label}
              </text>
            )}
          </g>
        )
      })}
    </svg>
  )
}

export interface BarsProps {
  id: string
  title: string
  desc: string
  bars: Bar[]
  number(value: number): string
}

export interface Stage {
  label: string
  value: string
  /** Of the first stage; 0 to 1. */
  share: number
}

const ROW = 42

/** Stages one below the other, each as long as its share. */
export function Funnel({ id, title, desc, stages }: { id: string; title: string; desc: string; stages: Stage[] }) {
  return (
    <svg
      class="chart"
      viewBox={`0 0 ${WIDTH} ${stages.length * ROW}`}
      role="img"
      aria-labelledby={`${id}-title ${id}-desc`}
    >
      <title id={`${id}-title`}>{title}</title>
      <desc id={`${id}-desc`}>{desc}</desc>
      {stages.map(({ label, value, share }, index) => (
        <g>
          <text class="strong" x="0" y={index * ROW + 14}>
            {label}
          </text>
          <text x={WIDTH} y={index * ROW + 14} text-anchor="end">
            {value}
          </text>
          <rect class="track" x="0.5" y={index * ROW + 20.5} width={WIDTH - 1} height="13" rx="3" />
          {share > 0 && <rect class="part" x="0" y={index * ROW + 20} width={n(WIDTH * share)} height="14" rx="3" />}
        </g>
      ))}
    </svg>
  )
}

const n = (value: number) => Math.round(value * 10) / 10

/** 1, 2, 5 and their tenfolds, so that the axis is easily read; never 0. */
export function niceTop(most: number): number {
  for (let ten = 1; ten <= 1e12; ten *= 10) {
    for (const step of [1, 2, 4, 6, 10]) if (most <= step * ten) return step * ten
  }
  return most
}
