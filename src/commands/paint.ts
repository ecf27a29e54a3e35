import { styleText } from 'node:util'

type Style = Parameters<typeof styleText>[0]

/** Colours for people at a terminal; plain text everywhere else. */
export interface Paint {
  (style: Style, text: string): string
}

export const plain: Paint = (_, text) => text

export function createPaint(colours: boolean): Paint {
  // Whether the terminal takes colours was asked already.
  return colours ? (style, text) => styleText(style, text, { validateStream: false }) : plain
}

const STATUS_STYLES: Record<string, Style> = {
  held: 'yellow',
  queued: 'cyan',
  sending: 'cyan',
  uncertain: 'magenta',
  pending: 'cyan',
  sent: 'cyan',
  delivered: 'green',
  read: 'green',
  failed: 'red',
  skipped: 'dim',
  expired: 'red',
  cancelled: 'dim',
  open: 'green',
  closed: 'yellow',
  silent: 'red',
  handled: 'green',
  ignored: 'dim',
}

/** A status word in its colour; the word says the same without it. */
export function paintWord(paint: Paint, word: string): string {
  const style = STATUS_STYLES[word]
  return style === undefined ? word : paint(style, word)
}
