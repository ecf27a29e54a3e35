const INDENT = '  '
/** A body that nests without end would else be drawn with more blanks than fit in memory. */
const INDENTS_AT_MOST = 20

/** JSON with line ends and indents, and every other character as it came: long numbers keep all their digits. Other text is left as it is. */
export function prettyJson(text: string): string {
  try {
    JSON.parse(text)
  } catch {
    return text
  }
  let out = ''
  let depth = 0
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g) ?? []
  for (const [index, token] of tokens.entries()) {
    const line = (by: number) => `\n${INDENT.repeat(Math.min(INDENTS_AT_MOST, (depth += by)))}`
    const before = tokens[index - 1] ?? ''
    if (token === '{' || token === '[') out += token + (/[}\]]/.test(tokens[index + 1] ?? '') ? '' : line(1))
    else if (token === '}' || token === ']') out += (/^[{[]$/.test(before) ? '' : line(-1)) + token
    else if (token === ',') out += token + line(0)
    else if (token === ':') out += ': '
    else out += token
  }
  return out
}
