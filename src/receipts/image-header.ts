/** What the file itself says of a picture. */
export interface ImageHeader {
  width: number
  height: number
  /** What keeps WhatsApp from taking it, in words; it wants 8-bit RGB or RGBA. */
  colorProblem: string | null
  /** False when the file stops before its end. */
  whole: boolean
}
