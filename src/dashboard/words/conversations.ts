import { wordsOf } from './language.ts'

export const conversationsWords = wordsOf({
  title: { en: 'Conversations', sw: 'Mazungumzo' },
  search: { en: 'Phone or name', sw: 'Simu au jina' },
  find: { en: 'Find', sw: 'Tafuta' },
  clear: { en: 'Show all', sw: 'Onyesha yote' },
  explain: {
    en: 'For 24 hours after a customer writes, WhatsApp takes pictures to them. That is their window.',
    sw: 'Kwa saa 24 baada ya mteja kuandika, WhatsApp hupokea picha za kumtumia. Hilo ndilo dirisha lake.',
  },
  open: { en: 'Open', sw: 'Wazi' },
  closed: { en: 'Closed', sw: 'Limefungwa' },
  optedOut: { en: 'Wants no messages', sw: 'Hataki ujumbe' },
  openUntil: {
    en: (until: string, wrote: string) => `open until ${until}: the customer wrote ${wrote}`,
    sw: (until: string, wrote: string) => `wazi hadi ${until}: mteja aliandika ${wrote}`,
  },
  never_wrote: {
    en: 'the customer has never written to this number',
    sw: 'mteja hajawahi kuandikia namba hii',
  },
  expired: {
    en: (wrote: string) => `the customer last wrote ${wrote}, more than 24 hours ago or nearly so`,
    sw: (wrote: string) => `mteja aliandika mwisho ${wrote}, zaidi ya saa 24 zilizopita au karibu`,
  },
  provider_says_closed: {
    en: (at: string) =>
      `WhatsApp refused a message ${at} as outside the window, and the customer has not written since`,
    sw: (at: string) => `WhatsApp ilikataa ujumbe ${at} kwa kuwa nje ya dirisha, na mteja hajaandika tangu hapo`,
  },
  optedOutSince: {
    en: (at: string) => `asked ${at} to get no more messages; only START (ANZA) changes that`,
    sw: (at: string) => `aliomba ${at} asitumiwe ujumbe; ni ANZA (START) tu hubadilisha hilo`,
  },
  noneTitle: { en: 'No conversations yet', sw: 'Hakuna mazungumzo bado' },
  none: {
    en: 'They begin with the first order, or when somebody writes to you.',
    sw: 'Huanza na oda ya kwanza, au mtu anapokuandikia.',
  },
  nothingTitle: { en: 'Nobody found', sw: 'Hakuna aliyepatikana' },
  nothing: { en: 'Look whether the number or name is right.', sw: 'Angalia kama namba au jina ni sahihi.' },
  notYet: { en: 'Nobody among the newest. Look further back?', sw: 'Hakuna kati ya wa karibuni. Uangalie zaidi?' },
  older: { en: 'Older conversations', sw: 'Mazungumzo ya zamani' },
  newest: { en: 'Back to the newest', sw: 'Rudi kwa ya karibuni' },
  window: { en: 'The window', sw: 'Dirisha' },
  evidence: { en: 'How we know', sw: 'Tunajuaje' },
  evidenceNone: {
    en: 'Nobody has told of a message from this customer.',
    sw: 'Hakuna aliyetujulisha ujumbe wa mteja huyu.',
  },
  wroteAt: { en: 'Last wrote', sw: 'Aliandika mwisho' },
  toldBy: { en: 'Told by', sw: 'Imetoka kwa' },
  seenAt: { en: 'Seen by us', sw: 'Tuliona' },
  refusedAt: { en: 'Refused as closed', sw: 'Ilikataliwa kuwa limefungwa' },
  code: { en: 'Code', sw: 'Msimbo' },
  since: { en: 'Known since', sw: 'Anajulikana tangu' },
  thread: { en: 'Karibu’s id', sw: 'Kitambulisho cha Karibu' },
  sender: { en: 'Our number', sw: 'Namba yetu' },
  phone: { en: 'Phone', sw: 'Simu' },
  messages: { en: 'Messages', sw: 'Ujumbe' },
  noMessages: { en: 'Nothing has been made for this customer.', sw: 'Hakuna kilichotengenezwa kwa mteja huyu.' },
  newestOnly: { en: 'The newest 100 are shown.', sw: '100 za karibuni zinaonyeshwa.' },
  someone: { en: 'Somebody without a number', sw: 'Mtu bila namba' },
})
