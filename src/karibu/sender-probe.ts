import { type KaribuClient, KaribuUnavailable } from './client.ts'
import type { Sender } from './wire.ts'

/** What a question that costs nothing says of a sender Karibu refused. */
export type SenderProbe =
  /** The key is taken and the sender active; whether it is paid for, only a message shows. */
  { kind: 'works' } | { kind: 'refused'; detail: string } | { kind: 'unknown'; detail: string }

const REFUSALS = new Set([401, 402, 403])

export async function probeSender(karibu: Pick<KaribuClient, 'listSenders'>, name: string): Promise<SenderProbe> {
  try {
    return judge(await karibu.listSenders(), name)
  } catch (error) {
    if (!(error instanceof KaribuUnavailable)) throw error
    return { kind: isRefusal(error) ? 'refused' : 'unknown', detail: error.message }
  }
}

/** Whether Karibu answered that it does not take our key, or not for this. */
export function isRefusal(error: unknown): error is KaribuUnavailable {
  return error instanceof KaribuUnavailable && REFUSALS.has(Number(error.details?.status))
}

function judge(listed: Sender[], name: string): SenderProbe {
  const sender = listed.find((one) => namesOf(one).includes(name))
  if (sender?.is_active === false) return { kind: 'refused', detail: 'Karibu lists this sender as inactive' }
  if (sender) return { kind: 'works' }
  // Not every field of the list is documented: the name in our settings may be one that it does not show.
  const isTold = listed.length > 0 && listed.every((one) => one.display_number !== null && one.phone_number_id !== null)
  const detail = 'Karibu does not list this sender'
  return isTold ? { kind: 'refused', detail } : { kind: 'unknown', detail }
}

/** All that our settings may call a sender by. */
export function namesOf({ display_number: number, phone_number_id: phoneId, id }: Sender): string[] {
  return [number?.replace(/\D/g, ''), phoneId, id].filter((name) => typeof name === 'string')
}
