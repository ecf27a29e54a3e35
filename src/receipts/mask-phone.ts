/** ITU calling codes of two digits; 1 and 7 have one, all others three. */
const TWO_DIGITS = /^(2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58])/

/** 255712345678 → "+255 712 ••• 678": the owner knows it again, a passer-by cannot call it. */
export function maskPhone(e164: string): string {
  const digits = e164.replace(/\D/g, '')
  const codeLength = /^[17]/.test(digits) ? 1 : TWO_DIGITS.test(digits) ? 2 : 3
  const national = digits.slice(codeLength)
  const head = national.length >= 9 ? `${national.slice(0, 3)} ` : ''
  const tail = national.slice(national.length >= 7 ? -3 : -2)
  return `+${digits.slice(0, codeLength)} ${head}••• ${tail}`
}
