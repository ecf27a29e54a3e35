import { z } from 'zod'
import { append } from './capped.ts'
import { parseInput, phoneInput } from './parse.ts'

/** Every form of error body a client of Briq can meet. */
export const errorShapes = ['envelope', 'detail-text', 'detail-list', 'error-object', 'html', 'empty'] as const
export type ErrorShape = (typeof errorShapes)[number]

const httpFault = {
  http: z.int().min(400).max(599).optional(),
  code: z.string().max(100).optional(),
  message: z.string().max(500).optional(),
  field: z.string().max(100).optional(),
  shape: z.enum(errorShapes).optional(),
  retryAfterSeconds: z.int().min(0).optional(),
  /** Ends the connection without an answer. */
  cut: z.boolean().optional(),
  /** Holds the answer back, by the clock. */
  delayMs: z.int().min(0).optional(),
}

export const readFault = z.strictObject(httpFault)
export type ReadFault = z.infer<typeof readFault>

export const sendFault = z.strictObject({
  ...httpFault,
  /** Only for this route, or this customer. */
  kind: z.enum(['image', 'text', 'template']).optional(),
  to: phoneInput.optional(),
  /** How many sends it strikes. */
  times: z.int().min(1).default(1),
  /** Whether the message exists all the same. See `acceptsFirst` for what holds when this is not said. */
  accepted: z.boolean().optional(),
  answer: z.enum(['pending', 'sent', 'garbage', 'success-false']).optional(),
  /** WhatsApp's error code the accepted message fails with. */
  failAsync: z.union([z.int(), z.string().min(1)]).optional(),
  failAfter: z.enum(['accepted', 'sent']).optional(),
  failMessage: z.string().max(500).optional(),
})
export type SendFault = z.infer<typeof sendFault>
export type SendFaultInput = z.input<typeof sendFault>

/** An error or a cut comes before acceptance unless told otherwise; everything else happens to an accepted message. */
export function acceptsFirst(fault: SendFault): boolean {
  if (fault.accepted !== undefined) return fault.accepted
  return fault.http === undefined && fault.cut !== true && fault.answer !== 'success-false'
}

export interface PickedFault {
  fault: SendFault
  /** Spends one of its times. */
  use(): void
}

export interface Faults {
  push(fault: SendFaultInput): void
  /** The first queued fault that fits, else the standing one. */
  pick(send: { kind: string; to: string | null }, standing: SendFault | null): PickedFault | null
  list(): SendFault[]
  clear(): void
}

export function createFaults(): Faults {
  const queue: SendFault[] = []
  return {
    push(fault) {
      append(queue, parseInput(sendFault, fault), 10_000)
    },
    pick(send, standing) {
      const fault = queue.find((queued) => fits(queued, send))
      if (!fault) return standing && fits(standing, send) ? { fault: standing, use() {} } : null
      return {
        fault,
        use() {
          fault.times--
          if (fault.times === 0) queue.splice(queue.indexOf(fault), 1)
        },
      }
    },
    list: () => queue.map((fault) => ({ ...fault })),
    clear() {
      queue.length = 0
    },
  }
}

function fits(fault: SendFault, send: { kind: string; to: string | null }): boolean {
  if (fault.kind !== undefined && fault.kind !== send.kind) return false
  return fault.to === undefined || fault.to === send.to
}
