import { iso, windowWords } from '../query/present.ts'
import { reasonOf } from '../query/reasons.ts'
import type { MessageRow } from '../store/records.ts'
import type { Item } from './compare.ts'
import type { Rehearsal } from './rehearse.ts'

export type PresentedRehearsal = ReturnType<typeof presentRehearsal>
export type PresentedItem = ReturnType<typeof presentItem>

/** What API and command show of a rehearsal; of a long list those that differ come before those that do not. */
export function presentRehearsal(rehearsal: Rehearsal, ruleNames: string[], limit: number) {
  const { counts, compared, unmatched } = rehearsal
  const listed = mostTelling(compared.items, limit)
  return {
    since: new Date(rehearsal.since).toISOString(),
    until: new Date(rehearsal.until).toISOString(),
    /** Null when all was rehearsed. */
    cut_at: iso(rehearsal.reachedAt),
    events: {
      rehearsed: counts.rehearsed,
      ignored: counts.ignored,
      before: counts.before,
      bodies_gone: counts.bodiesGone,
      not_configured: counts.notConfigured,
    },
    orders_without_start: compared.ordersWithoutStart,
    messages_not_rehearsed: compared.notRehearsed,
    rules: summarise(compared.items, ruleNames, unmatched),
    items: listed.map(presentItem),
    left_off: compared.items.length - listed.length,
  }
}

export function mostTelling(items: Item[], limit: number): Item[] {
  if (items.length <= limit) return items
  const differing = items.filter(({ comparison }) => comparison !== 'same').slice(0, limit)
  const rest = items.filter(({ comparison }) => comparison === 'same').slice(0, limit - differing.length)
  const chosen = new Set([...differing, ...rest])
  return items.filter((item) => chosen.has(item))
}

function summarise(items: Item[], ruleNames: string[], unmatched: Rehearsal['unmatched']) {
  const names = new Set([...ruleNames, ...items.map((item) => shown(item).rule ?? '')])
  return [...names].map((rule) => {
    const mine = items.filter((item) => shown(item).rule === rule)
    const reasons = [...(unmatched.get(rule) ?? [])].map(([why, count]) => ({ why, count }))
    return {
      rule,
      outcomes: countBy(mine.flatMap(({ act }) => act?.message.status ?? [])),
      comparisons: countBy(mine.map(({ comparison }) => comparison)),
      not_matched: reasons.toSorted((a, b) => b.count - a.count),
    }
  })
}

function countBy(names: string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1
  return counts
}

function presentItem(item: Item) {
  const { act, really, comparison, differs, why } = item
  const message = shown(item)
  return {
    comparison,
    differs,
    at: new Date(message.createdAt).toISOString(),
    event_id: message.eventId,
    event: message.cause,
    shop: message.shop,
    order_id: message.orderId,
    order_number: message.orderNumber,
    rule: message.rule,
    to: message.phone,
    image: message.imageUrl ?? item.kind,
    caption: message.caption,
    /** Null when these rules make no such message. */
    outcome: act ? act.message.status : null,
    reason: act && reasonOf(act.message),
    goes_at: iso(act?.goesAt),
    invited: act?.invited ?? false,
    window: act?.window
      ? { open: act.window.open, closes_at: iso(act.window.closesAt), why: windowWords(act.window) }
      : null,
    why,
    really: really && {
      id: really.id,
      status: really.status,
      reason: reasonOf(really),
      to: really.phone,
      image: really.imageUrl ?? item.kind,
      caption: really.caption,
    },
  }
}

/** The rehearsed message, or the real one where there is none. */
function shown({ act, really }: Item): MessageRow {
  const message = act?.message ?? really
  if (!message) throw new Error('nothing to show')
  return message
}
