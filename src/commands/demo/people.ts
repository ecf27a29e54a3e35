import type { Person } from '../../sandbox/phone/options.ts'

export const REHEMA = { number: '255765000456', name: 'Rehema Komba' }

/** Whose phones the demo shows; the first one’s story is still open. */
export function demoPeople(): Person[] {
  return [
    {
      ...REHEMA,
      note: {
        en: 'Rehema has just paid, but has never written to the shop: Risiti holds her receipt. Send “Habari” as her, and it comes.',
        sw: 'Rehema amelipa sasa hivi, lakini hajawahi kuliandikia duka: Risiti inashikilia risiti yake. Tuma “Habari” kama yeye, nayo itafika.',
      },
    },
    { number: '255712345678', name: 'Asha Mwinyi' },
    { number: '254712000345', name: 'Wanjirũ Kamau' },
    { number: '255754000123', name: 'Juma Ng’wanza' },
  ]
}
