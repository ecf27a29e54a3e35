import { SECOND } from '../../clock.ts'
import type { Sandbox } from '../../sandbox/sandbox.ts'
import { REHEMA } from './people.ts'

/** Leaves one receipt held and one unread, so that the phones have something to tell, and things move at the pace of life. */
export async function setTheStage(sandbox: Sandbox): Promise<void> {
  sandbox.set({ readsByItself: false, webhookInbound: true })
  sandbox.pace({ sent: 0.7 * SECOND, fetch: 1.2 * SECOND, delivered: 2.5 * SECOND })
  const purchase = { payment: 'M-Pesa', paid: true, language: 'sw' } as const
  await sandbox.till?.buy({ ...purchase, phone: '255712345678', name: 'Asha Mwinyi', basket: { kahawa: 2 } })
  await sandbox.till?.buy({ ...purchase, phone: REHEMA.number, name: REHEMA.name, basket: { khanga: 2, sabuni: 1 } })
}

export interface StayOptions {
  url: string
  karibuUrl: string
  token: string
  print(line: string): void
  signal: AbortSignal
}

/** Says where to look, and waits to be ended. */
export async function stayOpen({ url, karibuUrl, token, print, signal }: StayOptions): Promise<void> {
  print(`
Everything keeps running. Open these two beside each other:

  the customers’ phones and a toy shop   ${karibuUrl}/phone
  the shop’s dashboard                   ${url}/dashboard
                                         token: ${token}

Begin with Rehema: her receipt is held, and goes out when you write “Habari” as her.
The API is on ${url}/v1 with the same token. Ctrl-C ends it all and removes its data.`)
  await new Promise<void>((resolve) => {
    if (signal.aborted) return resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
