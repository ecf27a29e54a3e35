import type { EventType } from '../../order.ts'
import type { AttemptResult, ReportedStatus } from '../../store/words.ts'
import { type Language, wordsOf } from './language.ts'

export const storyWords = wordsOf({
  back: { en: 'Messages', sw: 'Ujumbe' },
  picture: { en: 'The receipt as it is sent', sw: 'Risiti kama inavyotumwa' },
  pictureAlt: {
    en: (order: string) => `Picture of the receipt of order ${order}`,
    sw: (order: string) => `Picha ya risiti ya oda ${order}`,
  },
  noPicture: {
    en: 'The picture is drawn when the message goes out.',
    sw: 'Picha huchorwa ujumbe unapotumwa.',
  },
  pictureGone: { en: 'The picture is not kept any more.', sw: 'Picha haihifadhiwi tena.' },
  caption: { en: 'Text under it', sw: 'Maandishi chini yake' },
  noCaption: { en: 'no text', sw: 'hakuna maandishi' },
  cut: { en: 'cut to what WhatsApp takes', sw: 'yamefupishwa ili WhatsApp iyakubali' },
  order: { en: 'Order', sw: 'Oda' },
  total: { en: 'Total', sw: 'Jumla' },
  refunded: { en: 'Refunded', sw: 'Imerejeshwa' },
  paidAt: { en: 'Paid', sw: 'Imelipwa' },
  cancelledAt: { en: 'Cancelled', sw: 'Imefutwa' },
  paidWith: { en: 'Paid with', sw: 'Njia ya malipo' },
  customer: { en: 'Customer', sw: 'Mteja' },
  shop: { en: 'Shop', sw: 'Duka' },
  sender: { en: 'Sent from', sw: 'Hutumwa kutoka' },
  rule: { en: 'Rule', sw: 'Kanuni' },
  conversation: { en: 'Conversation', sw: 'Mazungumzo' },
  timeline: { en: 'What happened', sw: 'Yaliyotokea' },
  can: { en: 'What you can do', sw: 'Unachoweza kufanya' },
  nothingToDo: { en: 'Nothing needs to be done.', sw: 'Hakuna cha kufanya.' },
  mayNot: { en: 'Your token may only look.', sw: 'Tokeni yako inaruhusu kuangalia tu.' },
  retry: { en: 'Send again', sw: 'Tuma tena' },
  cancel: { en: 'Cancel', sw: 'Futa' },
  arrived: { en: 'It arrived', sw: 'Imefika' },
  'not-arrived': { en: 'It did not arrive', sw: 'Haikufika' },
  again: { en: 'Send once more', sw: 'Tuma mara nyingine' },
  retryAsk: { en: 'Send this message again?', sw: 'Utume ujumbe huu tena?' },
  cancelAsk: { en: 'Cancel this message?', sw: 'Ufute ujumbe huu?' },
  arrivedAsk: { en: 'Has it arrived?', sw: 'Je, imefika?' },
  'not-arrivedAsk': { en: 'Has it not arrived?', sw: 'Je, haijafika?' },
  againAsk: { en: 'Send this receipt once more?', sw: 'Utume risiti hii mara nyingine?' },
  retryTells: {
    en: 'It goes back into the queue. If the customer’s 24 hours are over, it waits until they write.',
    sw: 'Itarudi kwenye foleni. Saa 24 za mteja zikiwa zimeisha, itasubiri hadi aandike.',
  },
  retryMaybeThere: {
    en: 'It may be on the phone already: then the customer gets it twice. It is better to ask them first.',
    sw: 'Huenda iko kwenye simu tayari: basi mteja ataipata mara mbili. Ni bora kumuuliza kwanza.',
  },
  maybeTwice: {
    en: 'I know that it may arrive twice',
    sw: 'Najua kwamba inaweza kufika mara mbili',
  },
  cancelTells: {
    en: 'It does not go out, unless somebody sends it again later.',
    sw: 'Haitatumwa, isipokuwa mtu akiituma tena baadaye.',
  },
  arrivedTells: {
    en: 'It counts as delivered and is never sent again.',
    sw: 'Itahesabiwa imefika na haitatumwa tena.',
  },
  'not-arrivedTells': {
    en: 'You have asked the customer, and it is not on the phone: it is sent again.',
    sw: 'Umemuuliza mteja, na haipo kwenye simu: itatumwa tena.',
  },
  againTells: {
    en: 'The customer has it already, and gets it a second time, as a message of its own. If their 24 hours are over, it waits until they write.',
    sw: 'Mteja anayo tayari, na ataipata mara ya pili, kama ujumbe mpya. Saa 24 zake zikiwa zimeisha, itasubiri hadi aandike.',
  },
  reason: { en: 'Reason (stays in the story)', sw: 'Sababu (hubaki kwenye historia)' },
  reasonMissing: { en: 'Say why; it stays in the story.', sw: 'Taja sababu; hubaki kwenye historia.' },
  yes: { en: 'Yes', sw: 'Ndiyo' },
  no: { en: 'No, go back', sw: 'Hapana, rudi' },
  retryDone: { en: 'It is in the queue again.', sw: 'Iko kwenye foleni tena.' },
  cancelDone: { en: 'It is cancelled.', sw: 'Imefutwa.' },
  arrivedDone: { en: 'It counts as delivered.', sw: 'Imehesabiwa imefika.' },
  'not-arrivedDone': { en: 'It is sent again.', sw: 'Inatumwa tena.' },
  againDone: {
    en: 'This is the new message that goes out once more.',
    sw: 'Huu ndio ujumbe mpya utakaotumwa mara nyingine.',
  },
  /* The timeline. */
  from: { en: (source: string) => `told by ${source}`, sw: (source: string) => `imetoka ${source}` },
  madeByRule: {
    en: (rule: string) => `Rule “${rule}” made this message`,
    sw: (rule: string) => `Kanuni “${rule}” ilitengeneza ujumbe huu`,
  },
  madeByHand: { en: 'Made by hand', sw: 'Ilitengenezwa kwa mkono' },
  drawn: { en: 'The picture was drawn', sw: 'Picha ilichorwa' },
  fetched: { en: 'The picture was fetched', sw: 'Picha ilichukuliwa' },
  looked: { en: 'Somebody asked whether the picture is there', sw: 'Kuna aliyeuliza kama picha ipo' },
  attempt: {
    en: (number: number, result: string) => `Attempt ${number}: ${result}`,
    sw: (number: number, result: string) => `Jaribio la ${number}: ${result}`,
  },
  underWay: { en: 'no answer yet', sw: 'bado hakuna jibu' },
  window: {
    en: (time: string) => `the customer’s 24 hours were open until ${time}`,
    sw: (time: string) => `saa 24 za mteja zilikuwa wazi hadi ${time}`,
  },
  lastWrote: { en: (time: string) => `they wrote ${time}`, sw: (time: string) => `aliandika ${time}` },
  restored: { en: 'The database was restored from a backup', sw: 'Data zilirejeshwa kutoka nakala' },
  byHand: { en: 'By hand', sw: 'Kwa mkono' },
  webhook: { en: 'told by Karibu', sw: 'imetoka Karibu' },
  poll: { en: 'asked of Karibu', sw: 'tuliuliza Karibu' },
  answer: { en: 'in Karibu’s answer', sw: 'kwenye jibu la Karibu' },
  wrote: { en: 'The customer wrote: their 24 hours began', sw: 'Mteja aliandika: saa 24 zake zilianza' },
})

/** What an attempt came to. */
export function resultIn(language: Language, result: AttemptResult): string {
  return RESULTS[result][language]
}

const RESULTS: Record<AttemptResult, Record<Language, string>> = {
  accepted: { en: 'Karibu took it on', sw: 'Karibu iliipokea' },
  later: { en: 'not now, it is tried again', sw: 'si sasa, itajaribiwa tena' },
  'window-closed': { en: 'refused, the 24 hours are over', sw: 'ilikataliwa, saa 24 zimeisha' },
  refused: { en: 'refused for good', sw: 'ilikataliwa kabisa' },
  blocked: { en: 'refused, our key or account is in trouble', sw: 'ilikataliwa, ufunguo au akaunti yetu ina tatizo' },
  media: { en: 'WhatsApp could not use the picture', sw: 'WhatsApp haikuweza kutumia picha' },
  unknown: { en: 'the answer was lost', sw: 'jibu lilipotea' },
}

export function reportIn(language: Language, status: ReportedStatus): string {
  return REPORTS[status][language]
}

const REPORTS: Record<ReportedStatus, Record<Language, string>> = {
  pending: { en: 'Waiting at Karibu', sw: 'Inasubiri kwa Karibu' },
  sent: { en: 'Sent by WhatsApp', sw: 'Imetumwa na WhatsApp' },
  delivered: { en: 'On the phone', sw: 'Iko kwenye simu' },
  read: { en: 'Read by the customer', sw: 'Mteja ameisoma' },
  failed: { en: 'Failed', sw: 'Imeshindwa' },
}

export function eventIn(language: Language, type: string): string {
  const known: Partial<Record<string, Record<Language, string>>> = EVENTS
  return known[type]?.[language] ?? type
}

const EVENTS: Record<EventType, Record<Language, string>> = {
  'order.created': { en: 'Order placed', sw: 'Oda imewekwa' },
  'order.updated': { en: 'Order changed', sw: 'Oda imebadilishwa' },
  'order.paid': { en: 'Order paid', sw: 'Oda imelipwa' },
  'order.fulfilled': { en: 'Order sent off', sw: 'Oda imesafirishwa' },
  'order.refunded': { en: 'Order refunded', sw: 'Fedha ya oda imerejeshwa' },
  'order.cancelled': { en: 'Order cancelled', sw: 'Oda imefutwa' },
  'message.received': { en: 'The customer wrote', sw: 'Mteja aliandika' },
}
