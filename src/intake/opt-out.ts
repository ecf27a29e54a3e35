/** Whole messages that mean "write to me no more" or "write again", in the languages our customers write. */
const STOP = new Set(['stop', 'unsubscribe', 'acha', 'sitisha', 'ondoa', 'simamisha'])
const START = new Set(['start', 'anza', 'endelea'])

export function optOutIn(text: string | null): 'stop' | 'start' | null {
  const word = (text ?? '')
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}]+/gu, '')
  if (STOP.has(word)) return 'stop'
  return START.has(word) ? 'start' : null
}
