import { CST, Lexer } from 'yaml'
import type { SyntaxFault } from './yaml-syntax.ts'

/** Deeper than any honest file. The parser calls itself as deep as a file nests, and where the stack ends, so may the process. */
const MAX_DEPTH = 100

/** What is to be known before a file is parsed at all: a fault where it nests too deep. */
export function depthFault(source: string): SyntaxFault | undefined {
  /** Where on their lines the lists and maps begin that are open here. */
  const columns: number[] = []
  let brackets = 0
  let at = 0
  let lineStart = 0
  let lineBegins = true
  let isText = false
  for (const lexeme of new Lexer().lex(source)) {
    const type: string | null = isText ? 'text' : CST.tokenType(lexeme)
    isText = type === 'scalar'
    // Marks of the lexer itself, which stand nowhere in the file.
    if (isText || type === 'doc-mode' || type === 'flow-error-end') continue
    if (type === 'flow-seq-start' || type === 'flow-map-start') brackets++
    if (type === 'flow-seq-end' || type === 'flow-map-end') brackets--
    const isBlank = type === 'space' || type === 'newline'
    if (type === 'seq-item-ind' || type === 'explicit-key-ind' || (lineBegins && !isBlank)) {
      while ((columns.at(-1) ?? -1) >= at - lineStart) columns.pop()
      columns.push(at - lineStart)
    }
    if (columns.length + brackets > MAX_DEPTH) {
      const line = source.slice(0, at).split('\n').length
      return { line, column: at - lineStart + 1, message: 'the file nests too deep' }
    }
    at += lexeme.length
    if (lexeme.includes('\n')) lineStart = at - (lexeme.length - 1 - lexeme.lastIndexOf('\n'))
    lineBegins = type === 'newline' || (lineBegins && isBlank)
  }
  return undefined
}
