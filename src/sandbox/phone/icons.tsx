import type { Status } from '../state.ts'
import type { Good } from './goods.ts'

/** One stroke for what WhatsApp took, two for what is on the phone. */
export function Ticks({ status }: { status: Status }) {
  if (status === 'pending')
    return (
      <svg class="ticks" viewBox="0 0 20 12" aria-hidden="true">
        <circle cx="10" cy="6" r="4.5" />
        <path d="M10 3.5V6l1.8 1" />
      </svg>
    )
  if (status === 'failed')
    return (
      <svg class="ticks failed" viewBox="0 0 20 12" aria-hidden="true">
        <path d="M10 1v6M10 9.5v1" />
      </svg>
    )
  return (
    <svg class={`ticks ${status}`} viewBox="0 0 20 12" aria-hidden="true">
      <path d="M1.5 6.5 5 10l7-8" />
      {status !== 'sent' && <path d="M8 8.8 9.2 10l7-8" />}
    </svg>
  )
}

export function GoodPicture({ id }: { id: Good['id'] }) {
  return (
    <svg class={`good-picture ${id}`} viewBox="0 0 48 48" aria-hidden="true">
      <rect width="48" height="48" rx="10" class="ground" />
      {pictures[id]}
    </svg>
  )
}

const pictures = {
  khanga: (
    <>
      <path d="M10 12h28v26l-4-3-4 3-4-3-4 3-4-3-4 3-4-3z" class="one" />
      <path d="M10 12h28v5H10z" class="two" />
      <circle cx="24" cy="26" r="5" class="two" />
      <path d="M15 22h2v2h-2zm16 0h2v2h-2zm-16 8h2v2h-2zm16 0h2v2h-2z" class="two" />
    </>
  ),
  kikapu: (
    <>
      <path d="M15 22a9 10 0 0 1 18 0" class="line" />
      <path d="M9 21h30l-4 18H13z" class="one" />
      <path d="M11 27h26M12 33h24" class="line two-line" />
    </>
  ),
  sabuni: (
    <>
      <rect x="9" y="20" width="30" height="17" rx="6" class="one" />
      <path d="M17 28q7-6 14 0-7 6-14 0z" class="two" />
      <circle cx="33" cy="14" r="3" class="two" />
      <circle cx="27" cy="11" r="2" class="two" />
    </>
  ),
  kahawa: (
    <>
      <path d="M11 20h22v10a8 8 0 0 1-8 8h-6a8 8 0 0 1-8-8z" class="one" />
      <path d="M33 23h3a4 4 0 0 1 0 8h-3" class="line" />
      <path d="M18 16q-2-3 0-6M26 16q-2-3 0-6" class="line two-line" />
    </>
  ),
}
