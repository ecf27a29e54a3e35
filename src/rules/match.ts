import type { Rule } from '../config/types.ts'
import { parseMoney, toDecimal } from '../money.ts'
import type { EventType, InboundMessage, Locale, Order } from '../order.ts'
import { type CompiledCaption, compileCaption, compileUrl } from './caption.ts'
import { type CompiledCondition, compileCondition } from './condition.ts'
import type { RuleContext } from './context.ts'
import { type CompiledPhrase, compilePhrase, findPhrase } from './text-match.ts'

export interface CompiledRule {
  rule: Rule
  captions: Record<Locale, CompiledCaption>
  /** Null when the image is the receipt. */
  imageUrl: CompiledCaption | null
  /** The invitation's variables, to be rendered with `renderLine`. */
  inviteVariables: Record<string, CompiledCaption>
  phrases: CompiledPhrase[] | null
  condition: CompiledCondition | null
}

export interface MatchInput {
  type: EventType
  /** The shop's id. */
  shop: string
  order: Order | null
  message: InboundMessage | null
  context: RuleContext
}

export interface RuleVerdict {
  rule: CompiledRule
  matched: boolean
  /** For the event's trace: what failed, or everything that held. */
  why: string
}

/** Throws on a rule that `loadConfig` would have refused. */
export function compileRules(rules: Rule[]): CompiledRule[] {
  return rules.map((rule) => ({
    rule,
    captions: { sw: compileCaption(rule.send.caption.sw), en: compileCaption(rule.send.caption.en) },
    imageUrl: rule.send.image.kind === 'url' ? compileUrl(rule.send.image.url) : null,
    inviteVariables: Object.fromEntries(
      Object.entries(rule.invite?.variables ?? {}).map(([name, source]) => [name, compileCaption(source)]),
    ),
    phrases: rule.when.text?.map(compilePhrase) ?? null,
    condition: rule.if === null ? null : compileCondition(rule.if, { on: rule.on }),
  }))
}

export function matchRules(rules: CompiledRule[], input: MatchInput): RuleVerdict[] {
  return rules.map((rule) => {
    const held: string[] = []
    for (const ask of QUESTIONS) {
      const answer = ask(rule, input)
      if (!answer) continue
      if (!answer.holds) return { rule, matched: false, why: answer.why }
      held.push(answer.why)
    }
    return { rule, matched: true, why: held.join('; ') }
  })
}

/** Undefined when the rule does not ask. */
type Answer = { holds: boolean; why: string } | undefined

/** In the order a person would ask them; the first no is the answer. */
const QUESTIONS: ((rule: CompiledRule, input: MatchInput) => Answer)[] = [
  eventAnswer,
  shopAnswer,
  currencyAnswer,
  minTotalAnswer,
  textAnswer,
  conditionAnswer,
]

function eventAnswer({ rule }: CompiledRule, { type }: MatchInput): Answer {
  if (rule.on === type) return { holds: true, why: `the event is ${type}` }
  return { holds: false, why: `the event is ${type}, the rule is on ${rule.on}` }
}

function shopAnswer({ rule }: CompiledRule, { shop }: MatchInput): Answer {
  const { shops } = rule.when
  if (!shops) return undefined
  if (shops.includes(shop)) return { holds: true, why: `the shop is ${shop}` }
  return { holds: false, why: `the shop is ${shop}, the rule is for ${shops.join(', ')}` }
}

function currencyAnswer({ rule }: CompiledRule, { order }: MatchInput): Answer {
  const { currency } = rule.when
  if (!currency) return undefined
  if (!order) return { holds: false, why: 'there is no order' }
  if (order.currency === currency) return { holds: true, why: `the currency is ${currency}` }
  return { holds: false, why: `the currency is ${order.currency}, the rule is for ${currency}` }
}

function minTotalAnswer({ rule }: CompiledRule, { order }: MatchInput): Answer {
  const { minTotal } = rule.when
  if (minTotal === null) return undefined
  if (!order) return { holds: false, why: 'there is no order' }
  const total = `total ${toDecimal(order.total, order.currency)} ${order.currency}`
  const least = parseMoney(minTotal, order.currency)
  if (least === undefined) return { holds: false, why: `min_total ${minTotal} is no amount` }
  if (order.total >= least) return { holds: true, why: `${total} is not under min_total ${minTotal}` }
  return { holds: false, why: `${total} is under min_total ${minTotal}` }
}

/** Never repeats what the customer wrote. */
function textAnswer({ phrases }: CompiledRule, { message }: MatchInput): Answer {
  if (!phrases) return undefined
  if (!message?.text) return { holds: false, why: 'the message has no text' }
  const found = findPhrase(message.text, phrases)
  if (found !== undefined) return { holds: true, why: `the text holds "${found}"` }
  return { holds: false, why: `the text holds none of ${phrases.map(({ phrase }) => `"${phrase}"`).join(', ')}` }
}

function conditionAnswer({ rule, condition }: CompiledRule, { context }: MatchInput): Answer {
  if (!condition || rule.if === null) return undefined
  const { holds, error } = condition(context)
  const source = rule.if.trim().replace(/\s+/g, ' ')
  if (error !== null) return { holds: false, why: `if could not be answered: ${error}` }
  return { holds, why: `if is ${holds ? 'true' : 'false'}: ${source}` }
}
