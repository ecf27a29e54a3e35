import type { Language } from './language.ts'

export interface Good {
  id: 'khanga' | 'kikapu' | 'sabuni' | 'kahawa'
  /** As it stands on the receipt. */
  name: string
  detail: Record<Language, string>
  /** Minor units of TZS. */
  price: number
}

export const CURRENCY = 'TZS'

export const GOODS: readonly Good[] = [
  { id: 'khanga', name: 'Khanga ya Kilimanjaro', detail: { en: 'a pair', sw: 'jozi' }, price: 18_000_00 },
  { id: 'kikapu', name: 'Kikapu cha ukindu', detail: { en: 'large', sw: 'kikubwa' }, price: 25_000_00 },
  { id: 'sabuni', name: 'Sabuni ya mwarobaini', detail: { en: 'pack of 6', sw: 'pakiti ya 6' }, price: 9_000_00 },
  { id: 'kahawa', name: 'Kahawa ya Kilimanjaro', detail: { en: '250 g', sw: 'gramu 250' }, price: 12_000_00 },
]

export const AT_MOST_EACH = 9

export const PAYMENTS = ['M-Pesa', 'Airtel Money', 'Mixx by Yas', 'Visa'] as const

export type Basket = Partial<Record<Good['id'], number>>

/** What the basket holds, in the order of the shelf. */
export function linesOf(basket: Basket): { good: Good; quantity: number }[] {
  return GOODS.flatMap((good) => {
    const quantity = basket[good.id] ?? 0
    return quantity > 0 ? [{ good, quantity }] : []
  })
}

export function totalOfBasket(basket: Basket): number {
  return linesOf(basket).reduce((sum, { good, quantity }) => sum + good.price * quantity, 0)
}
