import type { Child } from 'hono/jsx'
import type { Health } from '../query/health.ts'
import { Badge } from './badge.tsx'
import { HOME } from './gate.ts'
import type { IconName } from './icons.tsx'
import { phoneText } from './people.ts'
import type { Say } from './say.ts'
import type { Tone } from './status-badge.tsx'
import type { OverviewWords } from './words/overview.ts'

type State = 'good' | 'look' | 'bad'

interface Line {
  state: State
  text: Child
}

const SIGNS: Record<State, [tone: Tone, icon: IconName]> = {
  good: ['good', 'tick'],
  look: ['wait', 'question'],
  bad: ['bad', 'cross'],
}
const WORST: State[] = ['bad', 'look', 'good']

/** Each part in a sentence; what wants somebody comes first. */
export function HealthLines({ words, say, health }: { words: OverviewWords; say: Say; health: Health }) {
  const lines = linesOf(health, words, say).toSorted((a, b) => WORST.indexOf(a.state) - WORST.indexOf(b.state))
  return (
    <ul class="lines">
      {lines.map(({ state, text }) => {
        const [tone, icon] = SIGNS[state]
        return (
          <li>
            <Badge tone={tone} icon={icon}>
              {words[state]}
            </Badge>
            <span class="grow">{text}</span>
          </li>
        )
      })}
    </ul>
  )
}

function linesOf(health: Health, words: OverviewWords, say: Say): Line[] {
  return [
    ...health.senders.flatMap((sender) => senderLines(sender, words, say)),
    inboundLine(health.inbound, words, say),
    ...health.loops.map((loop) => loopLine(loop, words, say)),
    health.reportedAt === null
      ? { state: 'look', text: words.neverReported }
      : { state: 'good', text: words.reported(say.since(health.reportedAt)) },
    queueLine(health.queue, words, say),
    diskLine(health.disk, words, say),
    ...standstills(health, words, say),
  ]
}

function senderLines({ pause, budget, ...from }: Health['senders'][number], words: OverviewWords, say: Say): Line[] {
  const sender = phoneText(from.sender)
  const lines: Line[] = pause
    ? [
        {
          state: 'bad',
          text: (
            <>
              {words.senderRests(sender, say.clock(pause.pausedUntil))} {pause.detail} <code>{pause.code}</code>
            </>
          ),
        },
      ]
    : [{ state: 'good', text: words.senderFine(sender) }]
  if (budget) {
    const states: Record<typeof budget.state, State> = { ok: 'good', near: 'look', spent: 'bad' }
    lines.push({
      state: states[budget.state],
      text: `${sender}: ${words.budget(say.number(budget.sent), say.number(budget.messages))}`,
    })
  }
  return lines
}

function inboundLine({ passedAt, late, refusal }: Health['inbound'], words: OverviewWords, say: Say): Line {
  if (refusal) return { state: 'bad', text: words.inboundRefused(say.time(refusal.since)) }
  if (passedAt === null) return { state: 'look', text: words.inboundNever }
  return late
    ? { state: 'bad', text: words.inboundLate(say.since(passedAt)) }
    : { state: 'good', text: words.inboundFine(say.since(passedAt)) }
}

function loopLine({ name, passedAt, late }: Health['loops'][number], words: OverviewWords, say: Say): Line {
  const [fine, standsStill] =
    name === 'outbox' ? [words.sends, words.sendsNot] : [words.asksStatuses, words.asksStatusesNot]
  if (passedAt === null) return { state: 'look', text: standsStill(words.notYet.toLowerCase()) }
  return late
    ? { state: 'bad', text: standsStill(say.since(passedAt)) }
    : { state: 'good', text: fine(say.since(passedAt)) }
}

function queueLine({ count, oldestAt, late }: Health['queue'], words: OverviewWords, say: Say): Line {
  if (oldestAt === null) return { state: 'good', text: words.queueEmpty }
  return { state: late ? 'look' : 'good', text: words.queue(say.number(count), say.time(oldestAt)) }
}

function diskLine({ freeBytes, hasRoom }: Health['disk'], words: OverviewWords, say: Say): Line {
  if (freeBytes === null) return { state: 'look', text: words.diskUnknown }
  return hasRoom
    ? { state: 'good', text: words.disk(say.bytes(freeBytes)) }
    : { state: 'bad', text: words.diskFull(say.bytes(freeBytes)) }
}

/** What is only told of when there is some. */
function standstills({ forPerson, questions, apiPauses, targets }: Health, words: OverviewWords, say: Say): Line[] {
  const lines: Line[] = []
  if (forPerson > 0) {
    const text = (
      <>
        {words.forPerson(say.number(forPerson))} <a href={`${HOME}/messages?status=uncertain`}>{words.settleThem}</a>
      </>
    )
    lines.push({ state: 'bad', text })
  }
  for (const { shop, count } of questions) lines.push({ state: 'look', text: words.questions(say.number(count), shop) })
  for (const { shop, pausedUntil } of apiPauses)
    lines.push({ state: 'bad', text: words.apiRests(shop, say.since(pausedUntil)) })
  for (const { target, count, offSince } of targets) {
    if (offSince !== null) lines.push({ state: 'bad', text: words.targetOff(target) })
    else if (count > 0) lines.push({ state: 'look', text: words.targetWaits(say.number(count), target) })
  }
  return lines
}
