import type { Actions } from '../api/actions.ts'
import { AppError } from '../errors.ts'
import { type PresentOptions, presentMessage, presentStory } from '../query/present.ts'
import type { ReadStore } from '../store/reads.ts'
import { type Paint, paintWord, plain } from './paint.ts'
import { formatFacts } from './table.ts'
import { timeIn } from './times.ts'

interface MessageInput {
  id: string
  json: boolean
  options: PresentOptions
}

/** One message: what became of it, and everything that is known of how. */
export async function runMessage(
  { id, json, options, timezone, paint = plain }: MessageInput & { timezone: string; paint?: Paint },
  store: Pick<ReadStore, 'findStory' | 'inboundRefusedSince'>,
): Promise<string> {
  const found = await store.findStory(id)
  if (!found) throw new AppError('message.unknown', `there is no message ${id}`)
  const story = presentStory(found, { ...options, inboundRefusedSince: await store.inboundRefusedSince() })
  if (json) return JSON.stringify(story, null, 2)
  const waitsForPerson = story.status === 'uncertain' && story.next_attempt_at === null
  const time = timeIn(timezone)
  const at = (iso: string | null) => (iso === null ? null : `${time(iso)} (${timezone})`)
  const rows: [string, string | null][] = [
    ['message', story.id],
    ['status', paintWord(paint, story.status)],
    ['why', story.reason?.text ?? null],
    [story.status === 'uncertain' ? 'last look' : 'last error', story.error_detail],
    [story.status === 'uncertain' ? 'next look' : 'next try', at(story.next_attempt_at)],
    ['settle', waitsForPerson ? `risiti messages settle ${story.id} --arrived, or --not-arrived` : null],
    ['expires', at(story.expires_at)],
    ['order', story.order_number],
    ['to', story.to === null ? null : `${story.to}${story.customer_name === null ? '' : ` (${story.customer_name})`}`],
    ['from', story.sender],
    ['rule', story.rule],
    ['caption', story.caption || null],
    ['image', story.media_url],
    ['Karibu id', story.message_id],
    ['attempts', String(story.attempts)],
    ...story.why.map(({ step, text }): [string, string] => ['because', `${step}: ${text}`]),
    ['timeline', timezone],
    ...story.timeline.map(({ at: when, what, detail }): [string, string] => [
      '',
      `${time(when)}  ${paintWord(paint, what)}${detail === null ? '' : `: ${detail}`}`,
    ]),
  ]
  return formatFacts(rows, paint)
}

export type MessageAct =
  | { kind: 'retry'; acceptDuplicate: boolean }
  | { kind: 'cancel' }
  | { kind: 'settle'; arrived: boolean }

const SAID = {
  queued: 'is to go out: a running service sends it within a minute, if it may',
  cancelled: 'is cancelled',
  delivered: 'counts as delivered, and is never sent again',
}

/** What the API does with a message, on the command line; a running service goes on from there. */
export async function runMessageAct(
  { id, json, options, act }: MessageInput & { act: MessageAct },
  actions: Pick<Actions, 'retry' | 'cancel' | 'settle'>,
): Promise<string> {
  const by = 'on the command line'
  const after = await (act.kind === 'retry'
    ? actions.retry(id, act.acceptDuplicate, by)
    : act.kind === 'cancel'
      ? actions.cancel(id, by)
      : actions.settle(id, act.arrived, by))
  if (json) return JSON.stringify(presentMessage(after, options), null, 2)
  const said = Object.entries(SAID).find(([status]) => status === after.status)?.[1]
  return `${after.id} ${said ?? `is ${after.status}`}.`
}
