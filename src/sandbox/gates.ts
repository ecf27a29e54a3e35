import { DAY } from '../clock.ts'

/** The customer service window: free-form messages need an inbound message less than 24 hours old. */
export const WINDOW_MS = DAY

export interface Gate {
  open: boolean
  /** When it closes or closed; null when it never opened. */
  expiresAt: number | null
}

export function gateAt(openedAt: number | null, now: number): Gate {
  if (openedAt === null) return { open: false, expiresAt: null }
  return { open: now < openedAt + WINDOW_MS, expiresAt: openedAt + WINDOW_MS }
}

/**
 * Briq documents that a template reopens its window, Meta that only the customer does. So Briq's gate counts both
 * and WhatsApp's (`gateAt(lastInboundAt)`) only inbound messages: what passes the first may fail later with 131047.
 */
export function briqOpenedAt(
  evidence: { lastInboundAt: number | null; lastTemplateAt: number | null },
  templateReopens: boolean,
): number | null {
  const template = templateReopens ? evidence.lastTemplateAt : null
  if (evidence.lastInboundAt === null || template === null) return evidence.lastInboundAt ?? template
  return Math.max(evidence.lastInboundAt, template)
}
