import { seededRandom } from '../../src/sandbox/random.ts'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'
import type { SwitchesChange } from '../../src/sandbox/switches.ts'
import type { FaultProxy, Strike } from '../faults/proxy.ts'
import { AT_READS, pick, type Stage } from '../faults/stages.ts'
import { isSend } from '../faults/town.ts'

const FAIR: SwitchesChange = {
  webhookDropAll: false,
  webhookLoseRate: 0,
  webhookCopies: 1,
  webhookReorder: false,
  webhookDelayMs: 0,
  listLagMs: 0,
  statusJitter: 0,
  failRate: 0,
}
const ALWAYS: SwitchesChange = { ...FAIR, webhookLoseRate: 0.05, statusJitter: 0.5, listLagMs: 1000, failRate: 0.005 }

/** What Karibu's webhooks go through, one after the other. */
const TURNS: [name: string, change: SwitchesChange][] = [
  ['some lost', ALWAYS],
  ['doubled', { ...ALWAYS, webhookCopies: 2 }],
  ['reordered', { ...ALWAYS, webhookReorder: true }],
  ['delayed', { ...ALWAYS, webhookDelayMs: 5000 }],
  ['all lost', { ...ALWAYS, webhookDropAll: true }],
]

export const RATES = { send: 0.06, read: 0.03, connection: 0.003, picture: 0.005 }

export interface Weather {
  /** The next turn of the webhooks; gives its name. */
  turn(): string
  /** Whether WhatsApp fails to fetch the next picture. */
  order(): void
  /** Everything works from now on. */
  clear(): void
  /** Faults struck, by stage. */
  struck: Record<string, number>
}

/** All faults at once, at a few percent each. */
export function createWeather(karibu: Sandbox, proxy: FaultProxy, seed: number, sends: Stage[]): Weather {
  const random = seededRandom(seed)
  const struck: Record<string, number> = {}
  let turns = 0

  function strike({ name, strike: how }: Stage): Strike {
    struck[name] = (struck[name] ?? 0) + 1
    return how
  }

  proxy.plan({
    connection() {
      if (random() >= RATES.connection) return null
      struck['connection broken'] = (struck['connection broken'] ?? 0) + 1
      return random() < 0.5 ? 'close' : 'reset'
    },
    body(head) {
      const [rate, stages] = isSend(head) ? [RATES.send, sends] : [RATES.read, AT_READS]
      return random() < rate ? strike(pick(stages, random)) : null
    },
  })
  return {
    struck,
    turn() {
      const [name, change] = TURNS[turns++ % TURNS.length] ?? ['', FAIR]
      karibu.set(change)
      return name
    },
    order() {
      if (random() >= RATES.picture) return
      karibu.nextSend({ kind: 'image', failAsync: 131052, failAfter: 'sent' })
      struck['picture not fetched'] = (struck['picture not fetched'] ?? 0) + 1
    },
    clear() {
      karibu.set(FAIR)
      karibu.clearFaults()
      proxy.plan({})
    },
  }
}
