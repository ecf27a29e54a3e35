/** Something wrong inside a caption, template or condition; line and column count from 1 inside that text. */
export interface TextFault {
  line: number
  column: number
  message: string
}

/** The line and column of an offset into `text`. */
export function placeAt(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split('\n')
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 }
}
