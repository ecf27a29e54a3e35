import { type Liquid, ParseError, type Template, TokenizationError } from 'liquidjs'
import { messageOf } from '../errors.ts'
import type { EventType } from '../order.ts'
import { compileCaption, compileUrl, renderText } from './caption.ts'
import { createEngine } from './liquid.ts'
import { nearest } from './nearest.ts'
import { sampleContexts } from './sample.ts'
import { placeAt, type TextFault } from './text-fault.ts'
import { VARIABLES, variablesOn } from './variables.ts'

type Segment = string | number | { segments: unknown }

/** Syntax, filters and variables of a caption or an invitation's variable; empty when it can be sent. */
export function checkCaption(source: string, { on }: { on: EventType }): TextFault[] {
  const faults = staticFaults(source, on)
  if (faults.length > 0) return faults
  const compiled = compileCaption(source)
  for (const context of sampleContexts(on)) {
    const { problem } = renderText(compiled, context)
    if (problem !== null) return [problemFault(problem)]
  }
  return []
}

/** The same for an image's url, which must also come out as one. */
export function checkUrl(source: string, { on }: { on: EventType }): TextFault[] {
  const faults = checkCaption(source, { on })
  const [sample] = sampleContexts(on)
  if (faults.length > 0 || !sample || source.trimStart().startsWith('{{')) return faults
  const { text } = renderText(compileUrl(source), sample)
  if (/^https?:\/\/[^/]/.test(text) && URL.canParse(text)) return []
  return [{ line: 1, column: 1, message: 'does not make a web address: begin with https://' }]
}

function staticFaults(source: string, on: EventType): TextFault[] {
  const { engine, templates, faults } = parseTolerant(source)
  if (templates) faults.push(...unknownVariables(engine, templates, on))
  return faults.toSorted((a, b) => a.line - b.line || a.column - b.column)
}

/** Each unknown filter is noted and then let pass, so that one look finds them all. */
function parseTolerant(source: string): { engine: Liquid; templates: Template[] | undefined; faults: TextFault[] } {
  const engine = createEngine({ encode: false })
  const known = Object.keys(engine.filters)
  const faults: TextFault[] = []
  for (;;) {
    try {
      return { engine, templates: engine.parse(source), faults }
    } catch (error) {
      const place = placeOf(error)
      const filter = /^undefined filter: (.+?)(?:, line:\d+, col:\d+)?$/.exec(firstLine(error))?.[1]
      if (!filter || Object.hasOwn(engine.filters, filter)) {
        faults.push({ ...place, message: plainWords(firstLine(error)) })
        return { engine, templates: undefined, faults }
      }
      faults.push({
        ...filterPlace(source, place, filter),
        message: `there is no filter "${filter}"${meant(nearest(filter, known))}`,
      })
      engine.registerFilter(filter, (value: unknown) => value)
    }
  }
}

/** Liquid says where the {{ begins; the filter's name stands behind a | after it. */
function filterPlace(source: string, tag: { line: number; column: number }, filter: string) {
  const lines = source.split('\n').slice(0, tag.line - 1)
  const from = lines.reduce((length, line) => length + line.length + 1, 0) + tag.column - 1
  const bar = /\|\s*/g
  bar.lastIndex = from
  for (let found = bar.exec(source); found; found = bar.exec(source))
    if (source.startsWith(filter, bar.lastIndex)) return placeAt(source, bar.lastIndex)
  return tag
}

function unknownVariables(engine: Liquid, templates: Template[], on: EventType): TextFault[] {
  const faults = new Map<string, TextFault>()
  const { globals } = engine.analyzeSync(templates, { partials: false })
  for (const { segments, location } of Object.values(globals).flat()) {
    const message = variableFault(segments, on)
    if (!message) continue
    faults.set(`${location.row}:${location.col}`, { line: location.row, column: location.col, message })
  }
  return [...faults.values()]
}

/** Why no event of this type has such a variable, or undefined when it has. */
function variableFault(segments: Segment[], on: EventType): string | undefined {
  const [group, field, ...deeper] = segments
  if (typeof group !== 'string') return 'a variable begins with its name'
  const known = variablesOn(on)
  const isGroup = [...known.keys()].some((name) => name.startsWith(`${group}.`))
  if (known.has(group)) return field === undefined || isSize([field]) ? undefined : `${group} has no parts`
  if (!isGroup) {
    if (VARIABLES.some(({ name }) => name.startsWith(`${group}.`))) return `${on} has no ${group}`
    const groups = new Set([...known.keys()].map((name) => name.split('.')[0] ?? name))
    return `there is no ${group}${meant(nearest(group, groups) ?? nearest(group, known.keys()))}`
  }
  if (field === undefined) return `${group} is a group: name one of its parts, like ${example(group, known)}`
  if (typeof field === 'object') return `write the name out, like ${example(group, known)}`
  const name = `${group}.${field}`
  const variable = known.get(name)
  if (!variable) return `there is no ${name}${meant(nearest(name, known.keys()))}`
  if (variable.type === 'texts') {
    if (deeper.length === 0) return `${name} is a group: name one of its parts, like ${name}.table`
    return deeper.length === 1 || isSize(deeper.slice(1)) ? undefined : `${name} holds texts, which have no parts`
  }
  if (deeper.length === 0 || (variable.type === 'text' && isSize(deeper))) return undefined
  return `${name} has no parts`
}

function isSize(segments: Segment[]): boolean {
  return segments.length === 1 && segments[0] === 'size'
}

function example(group: string, known: Map<string, unknown>): string {
  const preferred = `${group}.${group === 'order' ? 'number' : 'name'}`
  return known.has(preferred) ? preferred : ([...known.keys()].find((name) => name.startsWith(`${group}.`)) ?? group)
}

function meant(suggestion: string | undefined): string {
  return suggestion ? `; did you mean ${suggestion}?` : ''
}

function problemFault(problem: string): TextFault {
  const match = /^(.*), line:(\d+), col:(\d+)$/.exec(problem)
  if (!match) return { line: 1, column: 1, message: plainWords(problem) }
  return { line: Number(match[2]), column: Number(match[3]), message: plainWords(match[1] ?? problem) }
}

function plainWords(problem: string): string {
  const text = problem.replace(/, line:\d+, col:\d+$/, '')
  if (/^output .* not closed$/s.test(text)) return 'this {{ is never closed with }}'
  if (/^tag .* not closed$/s.test(text)) return 'this {% is never closed'
  const tag = /^tag "(.*)" not found$/s.exec(text)?.[1]
  if (tag !== undefined) return `there is no tag "${tag}" here`
  if (text.includes('memory alloc limit') || text.includes('render limit')) return 'is too much work for a caption'
  return text
}

function placeOf(error: unknown): { line: number; column: number } {
  if (!(error instanceof ParseError || error instanceof TokenizationError)) return { line: 1, column: 1 }
  const [line = 1, column = 1] = error.token.getPosition()
  return { line, column }
}

function firstLine(error: unknown): string {
  return messageOf(error).split('\n')[0] ?? ''
}
