/** Whole messages that mean "write to me no more" or "write again", in the languages our customers write. */
const STOP = new Set(['stop', 'stopall', 'unsubscribe', 'optout', 'acha', 'acheni', 'sitisha', 'ondoa', 'simamisha'])
const START = new Set(['start', 'unstop', 'subscribe', 'anza', 'endelea'])
/** A kind word before or after is still the whole message. */
const COURTESY = /^(tafadhali|please|pls)|(tafadhali|please|pls|asante|thanks|thankyou)$/g

export function optOutIn(text: string | null): 'stop' | 'start' | null {
  const letters = (text ?? '')
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}]+/gu, '')
  const word = letters.replace(COURTESY, '')
  if (STOP.has(word)) return 'stop'
  return START.has(word) ? 'start' : null
}
