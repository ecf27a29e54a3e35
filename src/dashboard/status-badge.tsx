import type { MessageStatus } from '../store/words.ts'
import { Icon, type IconName } from './icons.tsx'
import type { Language } from './words/language.ts'
import { saysWords } from './words/says.ts'

export type Tone = 'good' | 'going' | 'wait' | 'bad' | 'still'

/** A colour never stands alone: sign and word say the same. */
const LOOKS: Record<MessageStatus, [Tone, IconName]> = {
  held: ['wait', 'pause'],
  queued: ['going', 'clock'],
  sending: ['going', 'up'],
  uncertain: ['bad', 'question'],
  pending: ['going', 'clock'],
  sent: ['going', 'tick'],
  delivered: ['good', 'ticks'],
  read: ['good', 'ticks'],
  failed: ['bad', 'cross'],
  skipped: ['still', 'dash'],
  expired: ['still', 'sand'],
  cancelled: ['still', 'cross'],
}

export function StatusBadge({ status, language }: { status: MessageStatus; language: Language }) {
  const [tone, icon] = LOOKS[status]
  return (
    <span class={`badge ${tone}`}>
      <Icon name={icon} />
      {saysWords(language)[status]}
    </span>
  )
}
