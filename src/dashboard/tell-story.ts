import type { Config } from '../config/types.ts'
import { wasMade } from '../query/present.ts'
import type { MessageStory } from '../store/reads.ts'
import type { AttemptRow } from '../store/records.ts'
import type { IconName } from './icons.tsx'
import { sourceName } from './source-name.ts'
import type { When } from './when.ts'
import type { Language } from './words/language.ts'
import { eventIn, reportIn, resultIn, storyWords } from './words/story.ts'

export interface Step {
  at: number
  icon: IconName
  title: string
  /** Our own words on it. */
  said: string[]
  /** What others said, word for word, and ids: in whatever language they are. */
  words: string[]
}

/** Everything that is known of how a message came to stand where it stands, oldest first. */
export function tellStory(story: MessageStory, config: Config, language: Language, when: When): Step[] {
  const steps = [
    ...beginnings(story, config, language),
    ...attemptSteps(story, language, when),
    ...later(story, language),
  ]
  return steps.toSorted((a, b) => a.at - b.at)
}

function step(at: number, icon: IconName, title: string, more: { said?: Texts; words?: Texts } = {}): Step {
  const texts = (some: Texts = []) => some.filter((text) => text !== null && text !== '').map(String)
  return { at, icon, title, said: texts(more.said), words: texts(more.words) }
}

type Texts = (string | null)[]

function beginnings({ message, event, conversation }: MessageStory, config: Config, language: Language): Step[] {
  const words = storyWords(language)
  const why = event?.trace.filter((line) => line.messageId === message.id || line.step === message.rule) ?? []
  const made = message.rule === null ? words.madeByHand : words.madeByRule(message.rule)
  const wrote = conversation?.lastInboundAt ?? null
  return [
    ...(event
      ? [
          step(event.receivedAt, 'down', eventIn(language, event.type), {
            said: [words.from(sourceName(config, event.source))],
          }),
        ]
      : []),
    step(message.createdAt, 'messages', made, { words: why.map(({ text }) => text) }),
    ...(wrote !== null && conversation?.evidence
      ? [
          step(wrote, 'conversations', words.wrote, {
            said: [words.from(sourceName(config, conversation.evidence.source))],
          }),
        ]
      : []),
  ]
}

function attemptSteps({ attempts }: MessageStory, language: Language, when: When): Step[] {
  const words = storyWords(language)
  const made = attempts.filter(wasMade).map((attempt, index) => {
    const { result, window } = attempt
    const open = window?.closesAt == null ? null : words.window(when.time(window.closesAt))
    const wrote = window?.lastInboundAt == null ? null : words.lastWrote(when.time(window.lastInboundAt))
    const ended = result === null ? words.underWay : resultIn(language, result)
    const icon = result === 'accepted' ? 'up' : result === null || result === 'later' ? 'clock' : 'cross'
    const more = { said: [open, wrote], words: answerOf(attempt) }
    return step(attempt.startedAt, icon, words.attempt(index + 1, ended), more)
  })
  const doubts = attempts
    .filter((attempt) => !wasMade(attempt))
    .map(({ finishedAt, startedAt, detail }) =>
      step(finishedAt ?? startedAt, 'question', words.restored, { words: [detail] }),
    )
  return [...made, ...doubts]
}

/** Karibu's words on an attempt. */
function answerOf({ httpStatus, code, detail, messageId, requestId }: AttemptRow): Texts {
  const http = httpStatus === null ? null : `HTTP ${httpStatus}`
  return [
    [http, code].filter((part) => part !== null).join(' · '),
    detail,
    messageId === null ? null : `message_id ${messageId}`,
    requestId === null ? null : `request ${requestId}`,
  ]
}

function later({ message, media, fetches, reports, acts }: MessageStory, language: Language): Step[] {
  const words = storyWords(language)
  return [
    ...media.map(({ createdAt }) => step(createdAt, 'messages', words.drawn)),
    ...fetches.map(({ at, method, userAgent }) =>
      step(at, 'down', method === 'HEAD' ? words.looked : words.fetched, { words: [userAgent] }),
    ),
    ...reports.map(({ occurredAt, status, errorCode, errorDetail, source }) =>
      step(occurredAt, ICONS[status], reportIn(language, status), {
        said: [words[source]],
        words: [errorCode, errorDetail],
      }),
    ),
    ...acts.map(({ receivedAt, trace }) =>
      step(receivedAt, 'hand', words.byHand, {
        words: [trace.find(({ messageId }) => messageId === message.id)?.text ?? null],
      }),
    ),
  ]
}

const ICONS = { pending: 'clock', sent: 'tick', delivered: 'ticks', read: 'ticks', failed: 'cross' } as const
