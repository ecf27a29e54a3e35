import type { Child } from 'hono/jsx'
import { Icon, type IconName } from './icons.tsx'
import type { Tone } from './status-badge.tsx'

/** A colour never stands alone: sign and word say the same. */
export function Badge({ tone, icon, children }: { tone: Tone; icon: IconName; children: Child }) {
  return (
    <span class={`badge ${tone}`}>
      <Icon name={icon} />
      {children}
    </span>
  )
}
