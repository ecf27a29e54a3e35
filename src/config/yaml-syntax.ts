import type { Document, ErrorCode, LineCounter, YAMLError, YAMLWarning } from 'yaml'
import type { Place } from './places.ts'

export interface SyntaxFault extends Place {
  message: string
}

/** Our own words where the library's would repeat a piece of the file, which may be a secret. */
const WORDS: Partial<Record<ErrorCode, string>> = {
  DUPLICATE_KEY: 'this key stands here twice: keep one',
  MULTIPLE_DOCS: 'the file holds several documents (---): keep one',
  TAB_AS_INDENT: 'indent with spaces, not tabs',
  TAG_RESOLVE_FAILED: 'this !tag is not known: remove it, or put the text in quotes',
  BAD_ALIAS: 'this *alias is not known: put the text in quotes if it is none',
  ALIAS_PROPS: 'an *alias can have no &anchor or !tag of its own',
  MULTIPLE_ANCHORS: 'only one &anchor can stand here',
  MULTIPLE_TAGS: 'only one !tag can stand here',
  UNEXPECTED_TOKEN: 'did not expect this here: is something missing before it, or does a text need quotes?',
  BAD_DQ_ESCAPE: 'this \\ is no escape of "…": write \\\\ or use single quotes',
  BAD_SCALAR_START: 'a text that begins like this needs quotes',
  BAD_DIRECTIVE: 'remove this % line',
  BLOCK_AS_IMPLICIT_KEY: 'the indentation does not fit here, or a text with ": " in it needs quotes',
  MULTILINE_IMPLICIT_KEY: 'the indentation does not fit here, or a colon is missing',
  BAD_INDENT: 'the indentation does not fit what stands above',
  MISSING_CHAR: 'something is missing here: a closing quote or bracket, or a colon after a key',
  RESOURCE_EXHAUSTION: 'the file nests too deep',
}

/** One fault a line, the first of it: what follows is mostly the same mistake again. */
export function syntaxFaults({ errors, warnings }: Document.Parsed, lines: LineCounter, source: string): SyntaxFault[] {
  const faults = new Map<number, SyntaxFault>()
  for (const problem of [...errors, ...warnings].toSorted((a, b) => a.pos[0] - b.pos[0])) {
    const { line, col } = lines.linePos(problem.pos[0])
    if (!faults.has(line))
      faults.set(line, { line, column: col, message: words(problem, source.split('\n')[line - 1]) })
  }
  return [...faults.values()]
}

function words({ code, message }: YAMLError | YAMLWarning, line = ''): string {
  // Braces mean something inside [ ] and { }.
  if (/[[{,]\s*\$\{\w+\}/.test(line)) return 'inside [ ] and { } write "${NAME}" with quotes'
  return WORDS[code] ?? message.split('\n')[0] ?? 'is no YAML'
}
