import { plain } from './fields.ts'

/** What people call the ways of paying that gateways name by codes. */
const NAMES: Record<string, string> = {
  mpesa: 'M-Pesa',
  lipampesa: 'M-Pesa',
  vodacom: 'M-Pesa',
  tigo: 'Tigo Pesa',
  tigopesa: 'Tigo Pesa',
  airtel: 'Airtel Money',
  airtelmoney: 'Airtel Money',
  halopesa: 'HaloPesa',
  azampesa: 'AzamPesa',
  mtn: 'MTN MoMo',
  mobilemoney: 'Mobile money',
  card: 'Card',
  banktransfer: 'Bank transfer',
}

/** `MPESA-TZ`, `MpesaTZ` and `Mpesa` are M-Pesa; a code nobody knows stays as it is, null when there is none. */
export function methodName(code: unknown): string | null {
  const text = plain(code, 100)
  if (text === null) return null
  const letters = text.toLowerCase().replace(/[^a-z]/g, '')
  for (const known of [letters, letters.slice(0, -2)]) {
    if (Object.hasOwn(NAMES, known)) return NAMES[known] ?? text
  }
  return text
}
