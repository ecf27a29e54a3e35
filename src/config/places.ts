import type { Scalar } from 'yaml'

/** Counted from 1. */
export interface Place {
  line: number
  column: number
}

/** A scalar as the file writes it. */
export interface ScalarText {
  place: Place
  type: Scalar.Type | undefined
  /** With its quotes, or with the `|` or `>` that begins a block. */
  written: string
}

/** The place in the file of a line and column inside a text, as near as the text's way of writing lets us say. */
export function placeInText({ place, type, written }: ScalarText, line: number, column: number): Place & Inexact {
  // What a variable put into the text moved what follows it.
  if (/\$\{\w+\}/.test(written)) return { ...place, exact: false }
  const isBlock = type === 'BLOCK_LITERAL' || type === 'BLOCK_FOLDED'
  if (isBlock) {
    const body = written.split('\n').slice(1)
    const indents = body.filter((text) => text.trim() !== '').map((text) => text.length - text.trimStart().length)
    const isFolded = type === 'BLOCK_FOLDED' && indents.length > 1
    if (isFolded) return { ...place, exact: false }
    return { line: place.line + line, column: Math.min(...indents) + column, exact: true }
  }
  const quote = type === 'QUOTE_DOUBLE' || type === 'QUOTE_SINGLE' ? 1 : 0
  const hasEscapes = quote === 1 && /\\|''/.test(written.slice(1, -1))
  if (written.includes('\n') || hasEscapes) return { ...place, exact: false }
  return { line: place.line, column: place.column + quote + column - 1, exact: true }
}

interface Inexact {
  /** False when only the beginning of the text is known. */
  exact: boolean
}
