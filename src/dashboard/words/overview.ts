import { wordsOf } from './language.ts'

export const overviewWords = wordsOf({
  title: { en: 'Overview', sw: 'Muhtasari' },
  search: { en: 'Find a receipt', sw: 'Tafuta risiti' },
  searchHelp: { en: 'Order number, phone or name', sw: 'Namba ya oda, simu au jina' },
  find: { en: 'Find', sw: 'Tafuta' },
  today: { en: 'Today', sw: 'Leo' },
  shop: { en: 'Shop', sw: 'Duka' },
  made: { en: 'Made', sw: 'Zilizoundwa' },
  sent: { en: 'Sent', sw: 'Zilizotumwa' },
  delivered: { en: 'Delivered', sw: 'Zilizofika' },
  read: { en: 'Read', sw: 'Zilizosomwa' },
  waiting: { en: 'Waiting for the customer', sw: 'Zinazomsubiri mteja' },
  underWay: { en: 'On their way', sw: 'Zilizo njiani' },
  notSent: { en: 'Not sent', sw: 'Hazikutumwa' },
  onlyNewest: {
    en: (count: string) => `A + says that there are more: only the newest ${count} of the shop are counted.`,
    sw: (count: string) => `Alama ya + inasema zipo zaidi: ni ${count} za karibuni tu za duka zilizohesabiwa.`,
  },
  quietToday: { en: 'Nothing yet today.', sw: 'Bado hakuna kitu leo.' },

  hours: { en: 'Deliveries per hour', sw: 'Zilizofika kila saa' },
  hoursText: {
    en: 'Receipts of the last 24 hours by the hour they were made: filled is on the customer’s phone, outlined is not, or not yet.',
    sw: 'Risiti za saa 24 zilizopita kwa saa ziliyoundwa: iliyojaa iko kwenye simu ya mteja, yenye mstari tu haijafika.',
  },
  hoursDesc: {
    en: (delivered: string, made: string, peak: string) =>
      `Delivered: ${delivered} of ${made}. Most were made in the hour from ${peak}.`,
    sw: (delivered: string, made: string, peak: string) =>
      `Zilizofika: ${delivered} kati ya ${made}. Nyingi ziliundwa katika saa iliyoanza ${peak}.`,
  },
  onPhone: { en: 'On the phone', sw: 'Kwenye simu' },
  notOnPhone: { en: 'Not (yet) on the phone', sw: 'Haijafika (bado)' },
  hour: { en: 'Hour', sw: 'Saa' },
  hourOf: {
    en: (hour: string, delivered: string, made: string) => `${hour}: ${delivered} of ${made} delivered`,
    sw: (hour: string, delivered: string, made: string) => `${hour}: ${delivered} kati ya ${made} zimefika`,
  },
  asTable: { en: 'As a table', sw: 'Kama jedwali' },
  quietDay: { en: 'No receipt in the last 24 hours.', sw: 'Hakuna risiti katika saa 24 zilizopita.' },

  funnel: { en: 'From queue to read', sw: 'Kutoka foleni hadi kusomwa' },
  funnelText: { en: 'Receipts made in the last 24 hours.', sw: 'Risiti zilizoundwa katika saa 24 zilizopita.' },
  queued: { en: 'Queued', sw: 'Foleni' },
  apart: {
    en: (waiting: string, underWay: string, notSent: string) =>
      `The rest: waiting for the customer to write ${waiting}, on their way ${underWay}, not sent ${notSent}.`,
    sw: (waiting: string, underWay: string, notSent: string) =>
      `Zilizobaki: zinazomsubiri mteja aandike ${waiting}, zilizo njiani ${underWay}, ambazo hazikutumwa ${notSent}.`,
  },

  arrival: { en: 'Time to the phone', sw: 'Muda wa kufika kwenye simu' },
  median: { en: 'Half arrive within', sw: 'Nusu hufika ndani ya' },
  p90: { en: 'Nine in ten within', sw: 'Tisa kati ya kumi ndani ya' },
  arrivalOf: {
    en: (count: string) => `From Karibu’s yes, of the newest ${count} delivered in the last 24 hours.`,
    sw: (count: string) => `Tangu Karibu ikubali, kwa ${count} za karibuni zilizofika katika saa 24 zilizopita.`,
  },
  noArrival: { en: 'Nothing was delivered in the last 24 hours.', sw: 'Hakuna iliyofika katika saa 24 zilizopita.' },

  held: { en: 'Held', sw: 'Zilizosubirishwa' },
  heldText: {
    en: 'WhatsApp takes a receipt only within 24 hours of the customer’s last message. These go out the moment they write.',
    sw: 'WhatsApp hupokea risiti ndani ya saa 24 tu tangu ujumbe wa mwisho wa mteja. Hizi zitatumwa mara tu watakapoandika.',
  },
  noneHeld: { en: 'No receipt is held.', sw: 'Hakuna risiti inayosubirishwa.' },
  expiring: {
    en: (count: string) => `Expiring within 6 hours: ${count}`,
    sw: (count: string) => `Zitakazoisha muda ndani ya saa 6: ${count}`,
  },
  noneExpiring: { en: 'None expires within 6 hours.', sw: 'Hakuna itakayoisha muda ndani ya saa 6.' },
  expires: { en: 'expires', sw: 'inaisha' },
  seeHeld: { en: 'See all that is held', sw: 'Ona zote zinazosubirishwa' },
  noOrder: { en: 'no order', sw: 'hakuna oda' },

  failures: { en: 'What did not go out, and what to do', sw: 'Ambazo hazikutumwa, na la kufanya' },
  failuresText: { en: 'Receipts made in the last 7 days.', sw: 'Risiti zilizoundwa katika siku 7 zilizopita.' },
  noFailures: { en: 'Nothing failed in the last 7 days.', sw: 'Hakuna iliyoshindwa katika siku 7 zilizopita.' },
  atLeast: {
    en: (count: string) => `Only the newest ${count} of each kind are counted.`,
    sw: (count: string) => `Ni ${count} za karibuni za kila aina tu zilizohesabiwa.`,
  },
  seeThem: { en: 'See them', sw: 'Ziangalie' },

  health: { en: 'Is everything working?', sw: 'Je, kila kitu kinafanya kazi?' },
  good: { en: 'Fine', sw: 'Sawa' },
  look: { en: 'Look', sw: 'Angalia' },
  bad: { en: 'Act', sw: 'Chukua hatua' },
  senderFine: {
    en: (sender: string) => `Our number ${sender} sends.`,
    sw: (sender: string) => `Namba yetu ${sender} inatuma.`,
  },
  senderRests: {
    en: (sender: string, until: string) => `Our number ${sender} rests until ${until} and tries again then.`,
    sw: (sender: string, until: string) => `Namba yetu ${sender} imepumzika hadi ${until}, kisha itajaribu tena.`,
  },
  budget: {
    en: (sent: string, all: string) => `${sent} of this month’s ${all} messages are used.`,
    sw: (sent: string, all: string) => `${sent} kati ya ujumbe ${all} wa mwezi huu zimetumika.`,
  },
  inboundFine: {
    en: (when: string) => `What customers write is read: last looked ${when}.`,
    sw: (when: string) => `Wanayoandika wateja yanasomwa: mara ya mwisho ${when}.`,
  },
  inboundLate: {
    en: (when: string) => `What customers write was last read ${when}: held receipts wait for it. Is Karibu reachable?`,
    sw: (when: string) =>
      `Wanayoandika wateja yalisomwa mara ya mwisho ${when}: risiti zilizosubirishwa zinasubiri. Je, Karibu inafikika?`,
  },
  inboundNever: {
    en: 'What customers write was not read yet since the start.',
    sw: 'Wanayoandika wateja bado hayajasomwa tangu kuanza.',
  },
  inboundRefused: {
    en: (since: string) =>
      `Since ${since} Karibu refuses to show what customers write, so nothing held is let out. Check BRIQ_API_KEY.`,
    sw: (since: string) =>
      `Tangu ${since} Karibu inakataa kuonyesha wanayoandika wateja, hivyo hakuna iliyosubirishwa itakayotoka. Angalia BRIQ_API_KEY.`,
  },
  sends: {
    en: (when: string) => `What is due is sent: last looked ${when}.`,
    sw: (when: string) => `Zilizofika zamu zinatumwa: mara ya mwisho ${when}.`,
  },
  sendsNot: {
    en: (when: string) => `Sending stands still; last good look: ${when}. The log says why (loop.pass_failed).`,
    sw: (when: string) => `Utumaji umesimama; mara ya mwisho: ${when}. Kumbukumbu inasema kwa nini (loop.pass_failed).`,
  },
  asksStatuses: {
    en: (when: string) => `Statuses that did not come are asked for: last looked ${when}.`,
    sw: (when: string) => `Hali ambazo hazikuja zinaulizwa: mara ya mwisho ${when}.`,
  },
  asksStatusesNot: {
    en: (when: string) => `Asking for statuses stands still; last good look: ${when}. Is Karibu reachable?`,
    sw: (when: string) => `Kuuliza hali kumesimama; mara ya mwisho: ${when}. Je, Karibu inafikika?`,
  },
  reported: {
    en: (when: string) => `Karibu’s webhook last told a status ${when}.`,
    sw: (when: string) => `Webhook ya Karibu ilileta hali mara ya mwisho ${when}.`,
  },
  neverReported: {
    en: 'Karibu’s webhook has told nothing lately: statuses are asked for instead, which takes longer. Is it registered at Briq?',
    sw: 'Webhook ya Karibu haijaleta chochote karibuni: hali zinaulizwa badala yake, na huchukua muda. Je, imesajiliwa huko Briq?',
  },
  disk: {
    en: (free: string) => `${free} are free on the disk.`,
    sw: (free: string) => `Nafasi ya ${free} ipo kwenye diski.`,
  },
  diskFull: {
    en: (free: string) => `The disk is almost full (${free} free): nothing is taken in until there is room.`,
    sw: (free: string) => `Diski inakaribia kujaa (nafasi ${free}): hakuna kitakachopokelewa hadi ipatikane nafasi.`,
  },
  diskUnknown: { en: 'The disk does not tell how full it is.', sw: 'Diski haisemi imejaa kiasi gani.' },
  queueEmpty: { en: 'Nothing waits to be sent.', sw: 'Hakuna kinachosubiri kutumwa.' },
  queue: {
    en: (count: string, when: string) => `Waiting to be sent: ${count}, the oldest since ${when}.`,
    sw: (count: string, when: string) => `Zinazosubiri kutumwa: ${count}, ya zamani zaidi tangu ${when}.`,
  },
  forPerson: {
    en: (count: string) => `On the phone or not, which only a person can tell: ${count}.`,
    sw: (count: string) => `Huenda zimefika au la, na ni mtu tu anayeweza kujua: ${count}.`,
  },
  settleThem: { en: 'Settle them', sw: 'Zihitimishe' },
  questions: {
    en: (count: string, shop: string) => `Payments of ${shop} that its platform has still to confirm: ${count}.`,
    sw: (count: string, shop: string) => `Malipo ya ${shop} yanayosubiri kuthibitishwa na mfumo wake: ${count}.`,
  },
  apiRests: {
    en: (shop: string, until: string) =>
      `The platform of ${shop} refuses our questions; it is asked again ${until}. Check its credentials.`,
    sw: (shop: string, until: string) =>
      `Mfumo wa ${shop} unakataa maswali yetu; utaulizwa tena ${until}. Angalia vitambulisho vyake.`,
  },
  targetOff: {
    en: (target: string) => `${target} said it wants to be told nothing any more (410).`,
    sw: (target: string) => `${target} imesema haitaki kuarifiwa tena (410).`,
  },
  targetWaits: {
    en: (count: string, target: string) => `Notifications that wait for ${target}: ${count}.`,
    sw: (count: string, target: string) => `Taarifa zinazosubiri ${target}: ${count}.`,
  },

  shops: { en: 'What shops told last', sw: 'Walichosema maduka mwisho' },
  lastTold: { en: (when: string) => `last told something ${when}`, sw: (when: string) => `lilisema mwisho ${when}` },
  neverTold: { en: 'has told nothing yet', sw: 'bado halijasema chochote' },
  silent: {
    en: 'Silent for longer than usual: look at its webhook',
    sw: 'Kimya kuliko kawaida: angalia webhook yake',
  },
  asUsual: { en: 'As usual', sw: 'Kama kawaida' },
  notYet: { en: 'Not yet', sw: 'Bado' },
  toShops: { en: 'Set shops up', sw: 'Sanidi maduka' },

  emptyTitle: {
    en: 'Nothing has come in yet. Three steps to the first receipt:',
    sw: 'Bado hakuna kilichoingia. Hatua tatu hadi risiti ya kwanza:',
  },
  emptyShop: {
    en: 'Point your shop at Risiti: its address and the steps are under Shops.',
    sw: 'Elekeza duka lako kwa Risiti: anwani na hatua ziko chini ya Maduka.',
  },
  emptyWrite: {
    en: 'Write “Habari” from your own phone to the shop’s WhatsApp number: that opens the 24 hours in which receipts may come.',
    sw: 'Andika “Habari” kutoka simu yako kwenda namba ya WhatsApp ya duka: hilo hufungua saa 24 ambazo risiti zinaweza kuja.',
  },
  emptyOrder: {
    en: 'Place a paid order with that phone. It shows up here within seconds.',
    sw: 'Weka oda iliyolipwa kwa simu hiyo. Itaonekana hapa ndani ya sekunde chache.',
  },
  updated: {
    en: (time: string) => `As of ${time}; renewed by itself.`,
    sw: (time: string) => `Hali ya ${time}; hujisasisha yenyewe.`,
  },
})

export type OverviewWords = ReturnType<typeof overviewWords>
