/** Scripts written without spaces: there a word has no edges to look for. */
const UNSPACED = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u
const WORDLIKE = /[\p{L}\p{M}\p{N}]/u

export interface CompiledPhrase {
  phrase: string
  pattern: RegExp
}

/** Whole words: "hi" is not in "this". Case, width and spacing do not matter (NFKC). */
export function compilePhrase(phrase: string): CompiledPhrase {
  const words = normal(phrase)
  const characters = Array.from(words)
  const before = isEdge(characters[0]) ? '(?<![\\p{L}\\p{M}\\p{N}])' : ''
  const after = isEdge(characters.at(-1)) ? '(?![\\p{L}\\p{M}\\p{N}])' : ''
  return { phrase, pattern: new RegExp(`${before}${escapePattern(words)}${after}`, 'u') }
}

export function findPhrase(text: string, phrases: CompiledPhrase[]): string | undefined {
  const words = normal(text)
  return phrases.find(({ pattern }) => pattern.test(words))?.phrase
}

function normal(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/\s+/gu, ' ').trim()
}

function isEdge(character: string | undefined): boolean {
  return character !== undefined && WORDLIKE.test(character) && !UNSPACED.test(character)
}

function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
}
