import type { Template } from 'liquidjs'
import { messageOf } from '../errors.ts'
import type { RuleContext } from './context.ts'
import { cutText } from './cut.ts'
import { createEngine } from './liquid.ts'

export interface CompiledCaption {
  source: string
  templates: Template[]
  /** Names under `order.attributes` that the text uses: a real order often lacks some of them. */
  attributeNames: string[]
}

export interface Rendered {
  text: string
  /** Why something is missing from the text; null when nothing is. */
  problem: string | null
}

export interface RenderedCaption extends Rendered {
  /** True when the text was too long for WhatsApp and ends with "…". */
  cut: boolean
}

const textEngine = createEngine({ encode: false })
const urlEngine = createEngine({ encode: true })

/** Throws on a source that `checkCaption` finds faults in. */
export function compileCaption(source: string): CompiledCaption {
  return compile(source, textEngine)
}

/** Like a caption, but what is filled in is encoded for a url, unless the whole url is one of the shop's fields. */
export function compileUrl(source: string): CompiledCaption {
  return compile(source.trim(), source.trimStart().startsWith('{{') ? textEngine : urlEngine)
}

function compile(source: string, engine: typeof textEngine): CompiledCaption {
  const templates = engine.parse(source)
  const segments = engine.globalVariableSegmentsSync(templates, { partials: false })
  const attributeNames = segments.flatMap(([group, field, name]) =>
    group === 'order' && field === 'attributes' && typeof name === 'string' ? [name] : [],
  )
  return { source, templates, attributeNames }
}

/** What goes under the image: never throws, since a receipt with a hole in its caption is better than none. */
export function renderCaption(caption: CompiledCaption, context: RuleContext): RenderedCaption {
  const { text, problem } = renderText(caption, context)
  return { ...cutText(text), problem }
}

/** One line: what an invitation's variables may hold. */
export function renderLine(compiled: CompiledCaption, context: RuleContext): Rendered {
  const { text, problem } = renderText(compiled, context)
  return { text: text.replace(/\s+/g, ' '), problem }
}

export function renderText(compiled: CompiledCaption, context: RuleContext): Rendered {
  const scope = withAttributes(compiled, context)
  try {
    return { text: clean(render(compiled, scope, { strictVariables: true })), problem: null }
  } catch (error) {
    return { text: renderWithHoles(compiled, scope), problem: firstLine(error) }
  }
}

/** What start-up could not foresee (a name set in one branch only) leaves a hole, not an empty caption. */
function renderWithHoles(compiled: CompiledCaption, scope: RuleContext): string {
  try {
    return clean(render(compiled, scope, { strictVariables: false }))
  } catch {
    return ''
  }
}

function render(compiled: CompiledCaption, scope: RuleContext, options: { strictVariables: boolean }): string {
  const text: unknown = textEngine.renderSync(compiled.templates, scope, options)
  return typeof text === 'string' ? text : ''
}

function withAttributes({ attributeNames }: CompiledCaption, context: RuleContext): RuleContext {
  if (!context.order || attributeNames.length === 0) return context
  const blank = Object.fromEntries(attributeNames.map((name) => [name, '']))
  const attributes = Object.fromEntries([...Object.entries(blank), ...Object.entries(context.order.attributes)])
  return { ...context, order: { ...context.order, attributes } }
}

/** Line ends as WhatsApp has them, no control characters, and no half surrogate pairs, which UTF-8 cannot carry. */
function clean(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/[\p{Cc}]/gu, (character) => (character === '\n' || character === '\t' ? character : ''))
    .replace(/\p{Surrogate}/gu, '\uFFFD')
    .trim()
}

function firstLine(error: unknown): string {
  return messageOf(error).split('\n')[0] ?? ''
}
