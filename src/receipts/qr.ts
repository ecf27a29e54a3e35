import type { Node } from '@takumi-rs/core'
import { encode } from 'uqr'
import { picture } from './nodes.ts'

/** About this wide, in whole px per module so that no edge is blurred. */
const WANTED_PX = 184

/** A QR code as one path; the page around it is its quiet zone. */
export function qrCode(text: string): Node {
  const { data, size } = encode(text, { ecc: 'M', border: 0 })
  const side = size * Math.max(3, Math.round(WANTED_PX / size))
  const frame = `width="${side}" height="${side}" viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges"`
  const path = `<path fill="#0f172a" d="${data.map(darkRuns).join('')}"/>`
  return picture('qr', `<svg xmlns="http://www.w3.org/2000/svg" ${frame}>${path}</svg>`, { width: side, height: side })
}

function darkRuns(row: boolean[], y: number): string {
  let path = ''
  for (let x = 0; x < row.length; x++) {
    const start = x
    while (row[x]) x++
    if (x > start) path += `M${start} ${y}h${x - start}v1h-${x - start}z`
  }
  return path
}
