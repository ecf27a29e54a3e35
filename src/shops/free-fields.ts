import { plain, record, word } from './fields.ts'

/** A shop's free fields: WooCommerce's meta data, Shopify's note attributes, the `attributes` of our own format. */
export interface FreeField {
  name: string
  value: unknown
}

const MOST = 100
/** Where WooCommerce notes which page the buyer came from: a dozen rows per order that nobody asks for. */
const NOISE = /^_wc_order_attribution_/

/** Words that make a phone somebody else's (a marketplace's seller, the rider) or no phone at all. */
const SOMEBODY_ELSE = new Set('rider driver courier vendor seller store shop admin agent staff'.split(' '))
const NO_NUMBER = new Set('opt optin in consent agree message sent status time date url link id at code otp'.split(' '))

export function freeFields(items: readonly unknown[], nameKey: string): FreeField[] {
  return items.map((item) => {
    const fields = record(item)
    return { name: word(fields[nameKey], 100) ?? '', value: fields['value'] }
  })
}

/** Those with a single value, as text; the first of a name wins. */
export function attributesOf(fields: readonly FreeField[]): Record<string, string> {
  const kept = new Map<string, string>()
  for (const { name, value } of fields) {
    const text = plain(value, 500)
    const wanted = name !== '' && name !== '__proto__' && !NOISE.test(name)
    if (text !== null && wanted && !kept.has(name)) kept.set(name, text)
    if (kept.size === MOST) break
  }
  return Object.fromEntries(kept)
}

/** The field of exactly this name, which the shop says holds the WhatsApp number. */
export function namedField(fields: readonly FreeField[], name: string | null | undefined): FreeField[] {
  return name == null ? [] : fields.filter((field) => field.name === name && mayBeNumber(field)).slice(0, 1)
}

/** A box called "whatsapp" may hold "yes": that is not a number typed wrongly. */
function mayBeNumber({ value }: FreeField): boolean {
  return /\d(\D*\d){5}/.test(plain(value, 100) ?? '')
}

/** Fields that may hold the customer's number, those named for WhatsApp first; ten are more than any checkout asks for. */
export function phoneFields(fields: readonly FreeField[]): FreeField[] {
  const ofKind = (kind: 'whatsapp' | 'phone') =>
    fields.filter((field) => phoneFieldKind(field.name) === kind && mayBeNumber(field))
  return [...ofKind('whatsapp'), ...ofKind('phone')].slice(0, 10)
}

/**
 * What a field of this name holds: the number the customer gave for WhatsApp, some phone of theirs, or neither. Of
 * block-checkout keys (`_wc_other/duka/whatsapp`) the part after the last slash is the field's name.
 */
export function phoneFieldKind(name: string): 'whatsapp' | 'phone' | null {
  const field = name.slice(name.lastIndexOf('/') + 1).toLowerCase()
  const words = field.split(/[^a-z0-9]+/).filter((part) => part !== '')
  if (words.some((part) => SOMEBODY_ELSE.has(part)) || NO_NUMBER.has(words.at(-1) ?? '')) return null
  if (field.includes('whatsapp')) return 'whatsapp'
  return /phone|mobile/.test(field) || words.includes('simu') ? 'phone' : null
}
