/** ITU calling codes of two digits; 1 and 7 have one, all others three. */
const TWO_DIGITS = new Set(
  '20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98'.split(
    ' ',
  ),
)

/** 255712345678 → "+255 712 ••• 678": the owner knows it again, a passer-by cannot call it. */
export function maskPhone(e164: string): string {
  const digits = e164.replace(/\D/g, '')
  const codeLength = /^[17]/.test(digits) ? 1 : TWO_DIGITS.has(digits.slice(0, 2)) ? 2 : 3
  const national = digits.slice(codeLength)
  const head = national.length >= 9 ? `${national.slice(0, 3)} ` : ''
  const tail = national.slice(national.length >= 7 ? -3 : -2)
  return `+${digits.slice(0, codeLength)} ${head}••• ${tail}`
}
