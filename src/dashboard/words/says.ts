import { wordsOf } from './language.ts'

/** What is so of a message, in sentences; times are put in as people say them. */
export const saysWords = wordsOf({
  held: { en: 'Held', sw: 'Inasubiri mteja' },
  queued: { en: 'Queued', sw: 'Kwenye foleni' },
  sending: { en: 'Sending', sw: 'Inatumwa' },
  uncertain: { en: 'Uncertain', sw: 'Haijulikani' },
  pending: { en: 'Pending', sw: 'Karibu imeipokea' },
  sent: { en: 'Sent', sw: 'Imetumwa' },
  delivered: { en: 'Delivered', sw: 'Imefika' },
  read: { en: 'Read', sw: 'Imesomwa' },
  failed: { en: 'Failed', sw: 'Imeshindwa' },
  skipped: { en: 'Skipped', sw: 'Haikutumwa' },
  expired: { en: 'Expired', sw: 'Muda umeisha' },
  cancelled: { en: 'Cancelled', sw: 'Imefutwa' },
  invitation: { en: 'invitation', sw: 'mwaliko' },
  neverWrote: {
    en: 'the customer has never written to this number; goes out when they do',
    sw: 'mteja hajawahi kuandikia namba hii; itatumwa atakapoandika',
  },
  notSince: {
    en: (day: string) => `the customer has not written since ${day}; goes out when they do`,
    sw: (day: string) => `mteja hajaandika tangu ${day}; itatumwa atakapoandika`,
  },
  expires: { en: (time: string) => `expires ${time}`, sw: (time: string) => `muda wake unaisha ${time}` },
  blind: {
    en: (time: string) => `but since ${time} Karibu refuses to show what customers write, so they may have`,
    sw: (time: string) => `lakini tangu ${time} Karibu inakataa kuonyesha wateja wanachoandika, hivyo huenda ameandika`,
  },
  goesAt: { en: (time: string) => `goes out ${time}`, sw: (time: string) => `itatumwa ${time}` },
  goesNow: { en: 'it is its turn in a moment', sw: 'zamu yake itafika baada ya muda mfupi' },
  triesAgain: {
    en: (time: string) => `could not be sent yet; next try ${time}`,
    sw: (time: string) => `haijaweza kutumwa; itajaribiwa tena ${time}`,
  },
  onItsWay: { en: 'on its way to WhatsApp this moment', sw: 'inatumwa WhatsApp sasa hivi' },
  nextLook: { en: (time: string) => `next look ${time}`, sw: (time: string) => `itaangaliwa tena ${time}` },
  takenOn: {
    en: (time: string) => `Karibu took it on ${time}; WhatsApp has not answered yet`,
    sw: (time: string) => `Karibu imeipokea ${time}; WhatsApp haijajibu bado`,
  },
  sentAt: {
    en: (time: string) => `sent ${time}; not on the phone yet, which may be off`,
    sw: (time: string) => `imetumwa ${time}; haijafika kwenye simu, huenda imezimwa`,
  },
  deliveredAt: {
    en: (time: string) => `on the phone since ${time}; not read yet`,
    sw: (time: string) => `iko kwenye simu tangu ${time}; haijasomwa bado`,
  },
  readAt: { en: (time: string) => `the customer read it ${time}`, sw: (time: string) => `mteja ameisoma ${time}` },
  failedAt: {
    en: (time: string, why: string) => `did not go through ${time}: ${why}`,
    sw: (time: string, why: string) => `haikufaulu ${time}: ${why}`,
  },
  noReason: { en: 'no reason was given', sw: 'hakuna sababu iliyotolewa' },
  expiredAt: { en: (time: string) => `expired ${time}`, sw: (time: string) => `muda uliisha ${time}` },
  unknownTime: { en: 'at an unknown time', sw: 'wakati usiojulikana' },
})
