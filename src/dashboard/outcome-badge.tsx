import type { EventRow } from '../store/records.ts'
import { Icon } from './icons.tsx'
import type { EventsWords } from './words/events.ts'

export function OutcomeBadge({ words, outcome }: { words: EventsWords; outcome: EventRow['outcome'] }) {
  return outcome === 'handled' ? (
    <span class="badge good">
      <Icon name="tick" />
      {words.handled}
    </span>
  ) : (
    <span class="badge still">
      <Icon name="dash" />
      {words.ignored}
    </span>
  )
}
