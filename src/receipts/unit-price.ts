/** What one unit cost, in minor units; null when it does not come out even or the quantity is no plain decimal. */
export function unitPrice({ quantity, total }: { quantity: string; total: number }): number | null {
  const match = /^(\d{1,9})(?:\.(\d{1,4}))?$/.exec(quantity.trim())
  if (!match || !Number.isSafeInteger(total)) return null
  const fraction = match[2] ?? ''
  const units = BigInt(`${match[1]}${fraction}`)
  const scaled = BigInt(total) * 10n ** BigInt(fraction.length)
  return units > 0n && scaled % units === 0n ? Number(scaled / units) : null
}
