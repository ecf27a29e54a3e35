import type { Clock } from '../clock.ts'
import { AppError } from '../errors.ts'
import type { Ids } from '../ids.ts'
import type { Intake } from '../intake/intake.ts'
import type { Recorded } from '../store/intake.ts'
import type { KeptEvent, KeptStore } from '../store/kept.ts'
import { readKept, toldBy } from './kept-delivery.ts'

export interface Replay {
  /**
   * Takes a kept event once more, as an event of its own that names the first. Its facts are asked about again, so a
   * rule that was mended makes what it never made; what was made already is known by its effect key. A claim is one
   * again, which its platform's API is asked about; what a shop asked about people is not replayed.
   */
  replay(id: string): Promise<Recorded>
}

export interface ReplayDeps {
  store: Pick<KeptStore, 'loadKept' | 'findConversation' | 'findClaimQuery' | 'countDeliveries'>
  intake: Pick<Intake, 'again'>
  clock: Clock
  ids: Ids
}

export function createReplay({ store, intake, clock, ids }: ReplayDeps): Replay {
  async function load(id: string): Promise<KeptEvent> {
    const [kept] = await store.loadKept([id])
    if (!kept) throw new AppError('event.unknown', 'there is no event of this id')
    const first = firstOf(kept.event.deliveryKey)
    const [original] = first === null ? [] : await store.loadKept([first])
    return original ?? kept
  }

  return {
    async replay(id) {
      const { event, body, contentType } = await load(id)
      if (isAboutPeople(event)) throw new AppError('event.not_possible', ABOUT_PEOPLE)
      if (body === null) {
        throw new AppError('event.not_possible', 'its body is kept no longer, so there is nothing to read again')
      }
      const count = await store.countDeliveries(event.source, `replay:${event.id}:`)
      const now = clock.now()
      const day = new Date(event.receivedAt).toISOString()
      return intake.again({
        ...(await readKept(event, body, store)),
        id: ids.next('evt'),
        deliveryKey: `replay:${event.id}:${count + 1}`,
        receivedAt: now,
        contentType,
        origin: { step: 'replay', text: `event ${event.id} of ${day}, taken once more` },
        first: { id: event.id, told: toldBy(event) },
      })
    },
  }
}

const ABOUT_PEOPLE = 'what a shop asks about people is done once: risiti person and risiti erase do it by hand'

/** A customer's or a shop's request to be told or forgotten. */
export function isAboutPeople({ type }: { type: string }): boolean {
  return type.startsWith('privacy.')
}

/** The event a replay names in its delivery key; null for one that came from outside. */
export function firstOf(deliveryKey: string): string | null {
  return /^replay:(evt_[0-9a-z]{26}):\d+$/.exec(deliveryKey)?.[1] ?? null
}
