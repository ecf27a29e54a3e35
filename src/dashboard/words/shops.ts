import { wordsOf } from './language.ts'

export const shopsWords = wordsOf({
  title: { en: 'Shops', sw: 'Maduka' },
  intro: {
    en: 'Where each shop posts what happens, and what it told last. Shops stand in risiti.yaml.',
    sw: 'Mahali kila duka linatuma yanayotokea, na lilichosema mwisho. Maduka yapo kwenye risiti.yaml.',
  },
  platform: { en: 'Platform', sw: 'Mfumo' },
  sender: { en: 'WhatsApp number', sw: 'Namba ya WhatsApp' },
  lastDelivery: { en: 'Last delivery', sw: 'Webhook ya mwisho' },
  lastEvent: { en: 'Last event', sw: 'Tukio la mwisho' },
  never: { en: 'none yet', sw: 'bado hakuna' },
  notLately: { en: 'none among the newest events', sw: 'hakuna kati ya matukio ya karibuni' },
  silent: { en: 'Silent for longer than usual', sw: 'Kimya kuliko kawaida' },
  asUsual: { en: 'As usual', sw: 'Kama kawaida' },
  notYet: { en: 'Has told nothing yet', sw: 'Bado halijasema chochote' },
  alarm: {
    en: (span: string) => `Silence counts as an alarm after ${span}.`,
    sw: (span: string) => `Ukimya huwa tahadhari baada ya ${span}.`,
  },
  learning: {
    en: 'How often it tells something is still being learnt.',
    sw: 'Bado inajifunza duka husema mara ngapi.',
  },
  address: { en: 'Webhook address', sw: 'Anwani ya webhook' },
  addressAsGiven: { en: 'Address its platform was given', sw: 'Anwani ambayo mfumo umepewa' },
  putValue: {
    en: (name: string) => `Put the value of ${name} in place of {${name}}.`,
    sw: (name: string) => `Weka thamani ya ${name} mahali pa {${name}}.`,
  },
  copy: { en: 'Copy', sw: 'Nakili' },
  copied: { en: 'Copied.', sw: 'Imenakiliwa.' },
  secrets: { en: 'Secrets that are set', sw: 'Siri zilizowekwa' },
  secretsText: {
    en: 'By the environment variables they come from; what they hold is never shown.',
    sw: 'Kwa majina ya vigezo vya mazingira (environment); thamani zake hazionyeshwi kamwe.',
  },
  forSigning: { en: 'signature', sw: 'sahihi' },
  forPath: { en: 'end of the address', sw: 'mwisho wa anwani' },
  set: { en: 'set', sw: 'imewekwa' },
  optional: { en: 'not set, optional', sw: 'haijawekwa, si lazima' },
  steps: { en: (platform: string) => `Set ${platform} up`, sw: (platform: string) => `Sanidi ${platform}` },
  more: {
    en: 'The README tells more of each platform.',
    sw: 'README inaeleza zaidi kuhusu kila mfumo.',
  },
  claim: { en: 'Link by which a buyer gets the receipt', sw: 'Kiungo cha mnunuzi kupata risiti' },
  claimText: {
    en: (days: string) =>
      `For the thank-you page: one tap opens WhatsApp, and the receipt follows. Good for ${days}. The order’s own key takes the place of {key}.`,
    sw: (days: string) =>
      `Kwa ukurasa wa shukrani: mguso mmoja hufungua WhatsApp, na risiti hufuata. Ni halali kwa ${days}. Ufunguo wa oda yenyewe huwekwa mahali pa {key}.`,
  },
  events: { en: 'Its events', sw: 'Matukio yake' },
  messages: { en: 'Its messages', sw: 'Ujumbe wake' },
  briq: { en: 'Briq (Karibu)', sw: 'Briq (Karibu)' },
  briqText: {
    en: 'Register this address at Briq, so that “delivered” and “read” show up at once; risiti webhook register does it.',
    sw: 'Sajili anwani hii huko Briq, ili “imefika” na “imesomwa” zionekane papo hapo; risiti webhook register hufanya hivyo.',
  },
})

export type ShopsWords = ReturnType<typeof shopsWords>
