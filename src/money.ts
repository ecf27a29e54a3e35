/** Decimals of ISO 4217 where they are not two. UGX, RWF, BIF, JPY … have none, the dinars three. */
const ZERO_DECIMALS = new Set('BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' '))
const THREE_DECIMALS = new Set('BHD IQD JOD KWD LYD OMR TND'.split(' '))

/** What people write before the amount in the region; any other currency shows its code. */
const SYMBOLS: Record<string, string> = {
  TZS: 'TSh ',
  KES: 'KSh ',
  UGX: 'USh ',
  RWF: 'FRw ',
  BIF: 'FBu ',
  USD: '$',
  EUR: '€',
  GBP: '£',
}

/** People in the region write whole shillings; cents show only where there are some. */
const WHOLE_WHEN_ROUND = new Set(['TZS', 'KES', 'CDF', 'MZN', 'MWK', 'ZMW', 'ETB', 'SOS'])

/** Minor-unit digits of an ISO 4217 currency: 2 for TZS and KES, 0 for UGX, 3 for KWD. */
export function minorDigits(currency: string): number {
  if (ZERO_DECIMALS.has(currency)) return 0
  return THREE_DECIMALS.has(currency) ? 3 : 2
}

/**
 * Decimal text or an exact JSON number in major units → integer minor units; digits beyond the currency's are rounded
 * half away from zero (WooCommerce shops may send four). Undefined when it is not a plain decimal or not a safe integer.
 */
export function parseMoney(value: unknown, currency: string): number | undefined {
  const text = typeof value === 'number' && Number.isFinite(value) ? plainDecimal(value) : value
  if (typeof text !== 'string') return undefined
  const match = /^\s*([+-])?(\d+)(?:\.(\d*))?\s*$/.exec(text)
  if (!match) return undefined
  const digits = minorDigits(currency)
  const fraction = (match[3] ?? '').padEnd(digits, '0')
  let minor = BigInt((match[2] ?? '0') + fraction.slice(0, digits))
  if ((fraction[digits] ?? '0') >= '5') minor += 1n
  const signed = Number(match[1] === '-' ? -minor : minor)
  return Number.isSafeInteger(signed) ? signed + 0 : undefined
}

/** 4800000 TZS → "48000.00": exact, for APIs and exports. */
export function toDecimal(minor: number, currency: string): string {
  const digits = minorDigits(currency)
  const text = String(Math.abs(minor)).padStart(digits + 1, '0')
  const whole = text.slice(0, text.length - digits)
  const sign = minor < 0 ? '-' : ''
  return digits === 0 ? `${sign}${whole}` : `${sign}${whole}.${text.slice(-digits)}`
}

/** 4800000 TZS → "TSh 48,000", as a shopkeeper writes it, in English and Swahili alike. */
export function formatMoney(minor: number, currency: string): string {
  const [whole = '0', fraction] = toDecimal(Math.abs(minor), currency).split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  const hideFraction = fraction === undefined || (WHOLE_WHEN_ROUND.has(currency) && /^0+$/.test(fraction))
  const symbol = SYMBOLS[currency] ?? `${currency} `
  return `${minor < 0 ? '−' : ''}${symbol}${grouped}${hideFraction ? '' : `.${fraction}`}`
}

function plainDecimal(value: number): string {
  const text = String(value)
  return text.includes('e') ? value.toFixed(6) : text
}
