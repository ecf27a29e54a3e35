import { type Language, wordsOf } from './language.ts'

export const eventsWords = wordsOf({
  title: { en: 'Events', sw: 'Matukio' },
  intro: {
    en: 'Everything that came in, newest first, and what it led to.',
    sw: 'Yote yaliyoingia, ya karibuni kwanza, na yaliyosababisha.',
  },
  filters: { en: 'Filters', sw: 'Vichujio' },
  source: { en: 'From', sw: 'Kutoka' },
  type: { en: 'Kind', sw: 'Aina' },
  order: { en: 'Order', sw: 'Oda' },
  orderHelp: { en: 'Number or id', sw: 'Namba au kitambulisho' },
  outcome: { en: 'Outcome', sw: 'Matokeo' },
  since: { en: 'From day', sw: 'Kuanzia siku' },
  any: { en: 'Any', sw: 'Yoyote' },
  apply: { en: 'Apply', sw: 'Tumia' },
  clear: { en: 'Show all', sw: 'Onyesha yote' },
  handled: { en: 'Handled', sw: 'Limetekelezwa' },
  ignored: { en: 'Led to nothing', sw: 'Halikusababisha kitu' },
  orderNo: { en: (order: string) => `Order ${order}`, sw: (order: string) => `Oda ${order}` },
  noOrder: { en: 'no order', sw: 'hakuna oda' },
  from: { en: (source: string) => `from ${source}`, sw: (source: string) => `kutoka ${source}` },
  none: { en: 'Nothing found', sw: 'Hakuna kilichopatikana' },
  noneYet: { en: 'Nothing has come in yet', sw: 'Bado hakuna kilichoingia' },
  noneYetText: {
    en: 'What shops and customers tell stands here as it comes. The shops’ addresses are under Shops.',
    sw: 'Yanayosemwa na maduka na wateja yataonekana hapa yakiingia. Anwani za maduka ziko chini ya Maduka.',
  },
  noneText: {
    en: 'Take a filter away. If a shop tells nothing at all, look at its address under Shops.',
    sw: 'Ondoa kichujio. Ikiwa duka halisemi chochote, angalia anwani yake chini ya Maduka.',
  },
  furtherBack: {
    en: 'Nothing among the newest. Look further back?',
    sw: 'Hakuna kati ya ya karibuni. Uangalie ya zamani zaidi?',
  },
  older: { en: 'Older events', sw: 'Matukio ya zamani' },
  newest: { en: 'Back to the newest', sw: 'Rudi kwa ya karibuni' },

  all: { en: 'All events', sw: 'Matukio yote' },
  received: { en: 'Came in', sw: 'Liliingia' },
  occurred: { en: 'Happened', sw: 'Lilitokea' },
  topic: { en: 'The sender calls it', sw: 'Mtumaji analiita' },
  id: { en: 'Event', sw: 'Tukio' },
  trace: { en: 'What it led to, step by step', sw: 'Lilichosababisha, hatua kwa hatua' },
  noTrace: { en: 'It led to nothing.', sw: 'Halikusababisha kitu.' },
  why: { en: 'Why', sw: 'Kwa nini' },
  toMessage: { en: 'See the message', sw: 'Ona ujumbe' },
  ofOrder: { en: 'All messages of this order', sw: 'Ujumbe wote wa oda hii' },
  eventsOfOrder: { en: 'All events of this order', sw: 'Matukio yote ya oda hii' },
  body: { en: 'The body as it came', sw: 'Maandishi kama yalivyoingia' },
  bodyGone: {
    en: 'The body is not kept any more (retention.bodies), or was erased.',
    sw: 'Maandishi hayahifadhiwi tena (retention.bodies), au yamefutwa.',
  },
  bodyCut: {
    en: (shown: string, all: string) => `Only the first ${shown} of ${all} are shown.`,
    sw: (shown: string, all: string) => `Ni ${shown} za mwanzo kati ya ${all} tu zinazoonyeshwa.`,
  },
  replay: { en: 'Take it once more', sw: 'Lichukue tena' },
  replayText: {
    en: 'It is read again with today’s rules. What was made already is not made again, but what is made now goes out to the customer.',
    sw: 'Litasomwa upya kwa kanuni za leo. Kilichoundwa tayari hakitaundwa tena, lakini kitakachoundwa sasa kitatumwa kwa mteja.',
  },
  replayNow: { en: 'Yes, take it once more', sw: 'Ndiyo, lichukue tena' },
  mayNotReplay: {
    en: 'Your token may only read. Replaying needs one with the scope send or admin.',
    sw: 'Tokeni yako inaruhusu kusoma tu. Kuchukua tena kunahitaji yenye ruhusa ya send au admin.',
  },
  cannotReplay: {
    en: 'It cannot be taken once more: its body is not kept any more.',
    sw: 'Haliwezi kuchukuliwa tena: maandishi yake hayahifadhiwi.',
  },
  aboutPeople: {
    en: 'What a shop asks about people is done once; risiti person and risiti erase do it by hand.',
    sw: 'Duka linaloomba kuhusu watu hushughulikiwa mara moja; risiti person na risiti erase hufanya hivyo kwa mkono.',
  },
  replayed: {
    en: 'Taken once more. This is the new event; below is what it led to.',
    sw: 'Limechukuliwa tena. Hili ni tukio jipya; hapa chini ni lilichosababisha.',
  },
  english: { en: 'The steps are kept in English.', sw: 'Hatua zimehifadhiwa kwa Kiingereza.' },
})

export type EventsWords = ReturnType<typeof eventsWords>

const TYPES: Record<string, Record<Language, string>> = {
  'order.created': { en: 'Order received', sw: 'Oda imepokelewa' },
  'order.updated': { en: 'Order changed', sw: 'Oda imebadilika' },
  'order.paid': { en: 'Order paid', sw: 'Oda imelipwa' },
  'order.fulfilled': { en: 'Order sent out', sw: 'Oda imepelekwa' },
  'order.refunded': { en: 'Order refunded', sw: 'Fedha ya oda imerejeshwa' },
  'order.cancelled': { en: 'Order cancelled', sw: 'Oda imefutwa' },
  'message.received': { en: 'The customer wrote', sw: 'Mteja ameandika' },
  'claim.received': { en: 'Payment to be confirmed', sw: 'Malipo ya kuthibitishwa' },
  'message.retried': { en: 'Sent again by hand', sw: 'Umetumwa tena kwa mkono' },
  'message.cancelled': { en: 'Cancelled by hand', sw: 'Umefutwa kwa mkono' },
  'message.settled': { en: 'Settled by hand', sw: 'Umehitimishwa kwa mkono' },
  'privacy.data_request': { en: 'A customer asks for their data', sw: 'Mteja anaomba taarifa zake' },
  'privacy.redact_customer': { en: 'A customer is to be forgotten', sw: 'Mteja asahaulike' },
  'privacy.redact_shop': { en: 'A shop is to be forgotten', sw: 'Duka lisahaulike' },
  ignored: { en: 'Nothing to do', sw: 'Hakuna la kufanya' },
}

export const EVENT_TYPES = Object.keys(TYPES)

/** An event's type in words; one without words is shown as it is called. */
export function eventName(type: string, language: Language): string {
  return Object.hasOwn(TYPES, type) ? (TYPES[type]?.[language] ?? type) : type
}
