import { partsOf } from '../shops/phone.ts'

/** "+255 712 345 678": a number as people write it. */
export function phoneText(e164: string): string {
  const { countryCode, national } = partsOf(e164)
  // From the end, so that what is left over stands in front.
  const groups = national.replace(/\B(?=(\d{3})+$)/g, ' ')
  return countryCode === '' ? `+${groups}` : `+${countryCode} ${groups}`
}
