import { encode } from 'uqr'

/** About this wide, in whole px per module so that no edge is blurred. */
const WANTED_PX = 184

/** A QR code as one path; the page around it is its quiet zone. */
export function QrCode({ text }: { text: string }) {
  const { data, size } = encode(text, { ecc: 'M', border: 0 })
  const side = size * Math.max(3, Math.round(WANTED_PX / size))
  return (
    <svg
      class="qr"
      xmlns="http://www.w3.org/2000/svg"
      width={side}
      height={side}
      viewBox={`0 0 ${size} ${size}`}
      shape-rendering="crispEdges"
    >
      <path fill="#0f172a" d={data.map(darkRuns).join('')} />
    </svg>
  )
}

function darkRuns(row: boolean[], y: number): string {
  const runs = row
    .map((dark) => (dark ? '1' : '0'))
    .join('')
    .matchAll(/1+/g)
  return [...runs].map((run) => `M${run.index} ${y}h${run[0].length}v1h-${run[0].length}z`).join('')
}
