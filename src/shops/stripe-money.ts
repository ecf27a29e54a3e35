import { minorDigits } from '../money.ts'
import { wholeNumber } from './fields.ts'

/**
 * Decimals Stripe counts amounts in, where they are not two (docs.stripe.com/currencies). UGX and ISK have none in life, but
 * Stripe kept two for them; for MGA it is the other way about.
 */
const ZERO_DECIMALS = new Set('BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF'.split(' '))
const THREE_DECIMALS = new Set('BHD JOD KWD OMR TND'.split(' '))

/** Stripe's integer as minor units of ISO 4217; undefined when it is none. */
export function stripeMoney(value: unknown, currency: string): number | undefined {
  const amount = wholeNumber(value)
  if (amount === undefined) return undefined
  const shift = minorDigits(currency) - digitsAtStripe(currency)
  return shift >= 0 ? wholeNumber(amount * 10 ** shift) : Math.round(amount / 10 ** -shift)
}

function digitsAtStripe(currency: string): number {
  if (ZERO_DECIMALS.has(currency)) return 0
  return THREE_DECIMALS.has(currency) ? 3 : 2
}
