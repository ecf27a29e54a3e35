import type { EventType } from '../../order.ts'
import { type Language, wordsOf } from './language.ts'

export const rulesWords = wordsOf({
  title: { en: 'Rules', sw: 'Kanuni' },
  intro: {
    en: 'What is sent, to whom and when. They stand in risiti.yaml; here they can be tried out, not changed.',
    sw: 'Kinachotumwa, kwa nani na lini. Zipo kwenye risiti.yaml; hapa zinaweza kujaribiwa, si kubadilishwa.',
  },
  none: { en: 'There are no rules, so nothing is sent.', sw: 'Hakuna kanuni, hivyo hakuna kinachotumwa.' },
  when: { en: 'When', sw: 'Lini' },
  provided: { en: 'Only if', sw: 'Ikiwa tu' },
  always: { en: 'always', sw: 'kila mara' },
  sends: { en: 'Sends', sw: 'Hutuma' },
  caption: { en: 'Text under it', sw: 'Maandishi chini yake' },
  captionSw: { en: 'Text under it, in Swahili', sw: 'Maandishi chini yake, kwa Kiswahili' },
  captionEn: { en: 'Text under it, in English', sw: 'Maandishi chini yake, kwa Kiingereza' },
  closed: { en: 'If WhatsApp allows nothing now', sw: 'Ikiwa WhatsApp hairuhusu sasa' },
  ofShops: { en: (shops: string) => `the shop is ${shops}`, sw: (shops: string) => `duka ni ${shops}` },
  ofCurrency: {
    en: (currency: string) => `the currency is ${currency}`,
    sw: (currency: string) => `sarafu ni ${currency}`,
  },
  ofTotal: {
    en: (total: string) => `the total is at least ${total}`,
    sw: (total: string) => `jumla ni angalau ${total}`,
  },
  ofText: { en: (texts: string) => `the customer writes ${texts}`, sw: (texts: string) => `mteja anaandika ${texts}` },
  ofCondition: { en: 'this is true:', sw: 'hili ni kweli:' },
  or: { en: ' or ', sw: ' au ' },
  receipt: { en: 'the receipt as a picture', sw: 'risiti kama picha' },
  refundReceipt: { en: 'the refund receipt as a picture', sw: 'risiti ya marejesho kama picha' },
  picture: { en: 'the picture at', sw: 'picha iliyopo' },
  hold: {
    en: (hours: string) => `It waits until the customer writes, ${hours} at most.`,
    sw: (hours: string) => `Husubiri hadi mteja aandike, ${hours} zaidi.`,
  },
  invite: {
    en: (template: string, hours: string) =>
      `The approved template “${template}” asks the customer to write, once; then it waits, ${hours} at most.`,
    sw: (template: string, hours: string) =>
      `Kiolezo kilichoidhinishwa “${template}” humwomba mteja aandike, mara moja; kisha husubiri, ${hours} zaidi.`,
  },
  skip: { en: 'It is not sent.', sw: 'Haitumwi.' },

  rehearse: { en: 'Rehearse', sw: 'Jaribio' },
  rehearseText: {
    en: 'Play what came in once more through these rules, or through changed ones, and see what would have gone out. Nothing is sent or stored.',
    sw: 'Pitisha yaliyoingia mara nyingine kwenye kanuni hizi, au zilizobadilishwa, na uone ambacho kingetumwa. Hakuna kinachotumwa wala kuhifadhiwa.',
  },
  since: { en: 'Of the last', sw: 'Ya muda wa' },
  hours24: { en: '24 hours', sw: 'saa 24' },
  days3: { en: '3 days', sw: 'siku 3' },
  days7: { en: '7 days', sw: 'siku 7' },
  days30: { en: '30 days', sw: 'siku 30' },
  shop: { en: 'Shop', sw: 'Duka' },
  allShops: { en: 'All', sw: 'Yote' },
  changed: {
    en: 'Changed rules (YAML); leave empty for those that run',
    sw: 'Kanuni zilizobadilishwa (YAML); acha tupu kwa zinazotumika',
  },
  changedHelp: {
    en: 'A list as under “rules:” in risiti.yaml.',
    sw: 'Orodha kama ilivyo chini ya “rules:” kwenye risiti.yaml.',
  },
  onlyAdmin: {
    en: 'To try changed rules, sign in with a token of the scope admin.',
    sw: 'Ili kujaribu kanuni zilizobadilishwa, ingia kwa tokeni yenye ruhusa ya admin.',
  },
  run: { en: 'Rehearse', sw: 'Fanya jaribio' },
  mend: { en: 'These rules would not start. Mend this:', sw: 'Kanuni hizi hazingeanza. Rekebisha hili:' },
  line: { en: (line: number) => `Line ${line}`, sw: (line: number) => `Mstari ${line}` },
  english: { en: 'What is wrong is said in English.', sw: 'Maelezo ya makosa ni kwa Kiingereza.' },
  busy: {
    en: 'Another rehearsal is under way. Try again when it is done.',
    sw: 'Jaribio lingine linaendelea. Jaribu tena likimalizika.',
  },

  result: { en: 'What would have gone out', sw: 'Ambacho kingetumwa' },
  resultOf: {
    en: (events: string, since: string) => `Events rehearsed since ${since}: ${events}. Nothing was sent or stored.`,
    sw: (events: string, since: string) =>
      `Matukio yaliyojaribiwa tangu ${since}: ${events}. Hakuna kilichotumwa wala kuhifadhiwa.`,
  },
  withChanged: { en: 'With the changed rules.', sw: 'Kwa kanuni zilizobadilishwa.' },
  withRunning: { en: 'With the rules that run.', sw: 'Kwa kanuni zinazotumika.' },
  cut: {
    en: (at: string) => `It was cut short at ${at}: take a shorter time.`,
    sw: (at: string) => `Lilikatishwa ${at}: chagua muda mfupi zaidi.`,
  },
  bodiesGone: {
    en: (count: string) => `Events that could not be rehearsed, as their bodies are not kept any more: ${count}.`,
    sw: (count: string) =>
      `Matukio ambayo hayakuweza kujaribiwa, kwa kuwa maandishi yake hayahifadhiwi tena: ${count}.`,
  },
  leftOff: {
    en: (count: string) => `Not listed: ${count} more; those that differ come first.`,
    sw: (count: string) => `Ambazo hazijaorodheshwa: ${count}; zinazotofautiana zimetangulia.`,
  },
  makesNone: { en: 'makes nothing in this time', sw: 'haiundi chochote katika muda huu' },
  notMatched: { en: 'Did not match', sw: 'Hazikulingana' },
  order: { en: 'Order', sw: 'Oda' },
  to: { en: 'To', sw: 'Kwa' },
  nobody: { en: 'nobody', sw: 'hakuna' },
  would: { en: 'Would be', sw: 'Ingekuwa' },
  compared: { en: 'Compared', sw: 'Ikilinganishwa' },
  really: { en: 'Really', sw: 'Uhalisia' },
  notMade: { en: 'not made', sw: 'haikuundwa' },
  same: { en: 'Same', sw: 'Sawa' },
  different: { en: 'Different', sw: 'Tofauti' },
  new: { en: 'New', sw: 'Mpya' },
  gone: { en: 'Gone', sw: 'Imeondoka' },
  unsure: { en: 'Unsure', sw: 'Haina uhakika' },
  newMeans: { en: 'these rules make it, and it was never made', sw: 'kanuni hizi zinaiunda, na haikuwahi kuundwa' },
  differentMeans: { en: 'it would go otherwise than it went', sw: 'ingekwenda tofauti na ilivyokwenda' },
  goneMeans: { en: 'it was made, and these rules do not make it', sw: 'iliundwa, na kanuni hizi haziiundi' },
  unsureMeans: {
    en: 'what its order was before is not kept any more, so it may be no news',
    sw: 'hali ya awali ya oda haihifadhiwi tena, hivyo huenda si jipya',
  },
  sameMeans: { en: 'as it was', sw: 'kama ilivyokuwa' },
  moreOfThem: { en: (count: string) => `${count} more`, sw: (count: string) => `Nyingine ${count}` },
  outcome: { en: 'outcome', sw: 'matokeo' },
  recipient: { en: 'recipient', sw: 'mpokeaji' },
  image: { en: 'picture', sw: 'picha' },
  captionDiffers: { en: 'text', sw: 'maandishi' },
  textWould: { en: 'Text it would have', sw: 'Maandishi ambayo yangekuwepo' },
  textReally: { en: 'Text it had', sw: 'Maandishi yaliyokuwepo' },
  again: { en: 'Rehearse again', sw: 'Jaribu tena' },
  backToRules: { en: 'All rules', sw: 'Kanuni zote' },
})

export type RulesWords = ReturnType<typeof rulesWords>

/** What a rule waits for, as the end of "When …". */
export const OCCASIONS: Record<EventType, Record<Language, string>> = {
  'order.created': { en: 'an order is received', sw: 'oda inapopokelewa' },
  'order.updated': { en: 'an order changes', sw: 'oda inapobadilika' },
  'order.paid': { en: 'an order is paid', sw: 'oda inapolipwa' },
  'order.fulfilled': { en: 'an order is sent out', sw: 'oda inapopelekwa' },
  'order.refunded': { en: 'money of an order is given back', sw: 'fedha ya oda inaporejeshwa' },
  'order.cancelled': { en: 'an order is cancelled', sw: 'oda inapofutwa' },
  'message.received': { en: 'a customer writes', sw: 'mteja anapoandika' },
}
