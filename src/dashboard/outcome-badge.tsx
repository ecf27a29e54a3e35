import type { EventRow } from '../store/records.ts'
import { Badge } from './badge.tsx'
import type { EventsWords } from './words/events.ts'

export function OutcomeBadge({ words, outcome }: { words: EventsWords; outcome: EventRow['outcome'] }) {
  return outcome === 'handled' ? (
    <Badge tone="good" icon="tick">
      {words.handled}
    </Badge>
  ) : (
    <Badge tone="still" icon="dash">
      {words.ignored}
    </Badge>
  )
}
