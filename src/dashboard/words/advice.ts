import type { Language } from './language.ts'

/** What a code says, and what to do about it. */
export interface Advice {
  what: string
  todo: string
}

type Both = Record<Language, Advice>

const advice = (enWhat: string, enTodo: string, swWhat: string, swTodo: string): Both => ({
  en: { what: enWhat, todo: enTodo },
  sw: { what: swWhat, todo: swTodo },
})

const LATER = advice(
  'WhatsApp had trouble and did not recover in time',
  'Open the message and send it again; it usually goes through later.',
  'WhatsApp ilikuwa na hitilafu na haikupona kwa wakati',
  'Fungua ujumbe na utume tena; kwa kawaida hufika baadaye.',
)
const PACE = advice(
  'Too much was sent at once',
  'Nothing to mend: what waits goes out more slowly. If it stays, lower karibu.per_sender_per_second.',
  'Ujumbe mwingi ulitumwa kwa pamoja',
  'Hakuna cha kurekebisha: unaosubiri utatumwa polepole. Ikiendelea, punguza karibu.per_sender_per_second.',
)
const CLOSED = advice(
  'The customer had not written within 24 hours',
  'Ask the customer to write anything to your number; the receipt follows by itself.',
  'Mteja hakuwa ameandika ndani ya saa 24',
  'Mwombe mteja aandike chochote kwa namba yako; risiti itafuata yenyewe.',
)
const PICTURE = advice(
  'WhatsApp could not fetch the picture',
  'See that public_url can be reached from the internet without a password, then send it again.',
  'WhatsApp haikuweza kupakua picha',
  'Hakikisha public_url inafikika kwenye intaneti bila nenosiri, kisha tuma tena.',
)
const ACCOUNT = advice(
  'Briq or WhatsApp does not let this account send',
  'Ask Briq what is wrong with the account; what waits goes out by itself once that is mended.',
  'Briq au WhatsApp hairuhusu akaunti hii kutuma',
  'Waulize Briq tatizo la akaunti; unaosubiri utatumwa wenyewe likitatuliwa.',
)
const KEY = advice(
  'Briq refuses our key or its rights',
  'Make a new API key at Briq, put it into BRIQ_API_KEY and start Risiti again.',
  'Briq inakataa ufunguo wetu au ruhusa zake',
  'Tengeneza ufunguo mpya wa API huko Briq, uweke kwenye BRIQ_API_KEY na uanzishe Risiti upya.',
)
const NUMBER = advice(
  'Our WhatsApp number is not ready to send',
  'Ask Briq to register the number and its display name.',
  'Namba yetu ya WhatsApp haiko tayari kutuma',
  'Waombe Briq wasajili namba na jina lake.',
)
const TEMPLATE = advice(
  'WhatsApp does not take the invitation’s template as it is',
  'Compare its name, language and variables with what WhatsApp approved, and mend the rule.',
  'WhatsApp haikubali kiolezo cha mwaliko kilivyo',
  'Linganisha jina, lugha na vigezo vyake na kilichoidhinishwa na WhatsApp, kisha rekebisha kanuni.',
)
const OURS = advice(
  'WhatsApp does not understand what was sent',
  'This is a fault in Risiti: report it with the message’s id. Until then tell the customer another way.',
  'WhatsApp haielewi kilichotumwa',
  'Hili ni kosa la Risiti: liripoti pamoja na kitambulisho cha ujumbe. Kwa sasa mjulishe mteja kwa njia nyingine.',
)
const LOST = advice(
  'Karibu’s answer was lost',
  'Ask the customer whether it arrived, then settle the message or send it again.',
  'Jibu la Karibu lilipotea',
  'Muulize mteja kama umefika, kisha hitimisha ujumbe au uutume tena.',
)
const OWN_PICTURE = advice(
  'The shop’s own picture could not be used',
  'Open its address in a browser: it must be a public PNG or JPEG under 5 MB.',
  'Picha ya duka haikuweza kutumika',
  'Fungua anwani yake kwenye kivinjari: lazima iwe PNG au JPEG ya wazi chini ya MB 5.',
)

const each = (codes: string, one: Both): [string, Both][] => codes.split(' ').map((code) => [code, one])

/** By the code as it is kept. */
const CODES = new Map<string, Both>([
  ...each('karibu.WINDOW_CLOSED whatsapp.131047', CLOSED),
  ...each('whatsapp.130429 whatsapp.131056 whatsapp.80007 whatsapp.4 karibu.http_429', PACE),
  ...each('whatsapp.131000 whatsapp.131016 whatsapp.2 whatsapp.133004 whatsapp.131057 whatsapp.1', LATER),
  ...each('whatsapp.131052 whatsapp.131053 risiti.public_url_broken', PICTURE),
  ...each('karibu.WORKSPACE_REQUIRED whatsapp.131031 whatsapp.368 karibu.http_402', ACCOUNT),
  ...each('whatsapp.0 whatsapp.10 whatsapp.190 whatsapp.131005 karibu.http_401 karibu.http_403', KEY),
  ...each('whatsapp.131045 whatsapp.133010 whatsapp.33 whatsapp.131037', NUMBER),
  ...each('karibu.TEMPLATE_NOT_APPROVED karibu.TEMPLATE_NOT_FOUND_OR_UNAPPROVED', TEMPLATE),
  ...each('whatsapp.132000 whatsapp.132001 whatsapp.132012 whatsapp.132015 whatsapp.132016', TEMPLATE),
  ...each('karibu.VALIDATION_ERROR whatsapp.131051 whatsapp.131008 whatsapp.131009 whatsapp.100 whatsapp.135000', OURS),
  ...each('karibu.no_answer karibu.answer_unreadable risiti.internal', LOST),
  ...each('image.unreachable image.blocked_address image.not_an_image image.too_large', OWN_PICTURE),
  ...each(
    'whatsapp.131048',
    advice(
      'WhatsApp slows this number down because customers blocked or reported it',
      'Send less, and only what customers expect; ask Briq for the number’s quality rating.',
      'WhatsApp inaipunguza kasi namba hii kwa sababu wateja wameizuia au kuiripoti',
      'Tuma kidogo, na yale tu wateja wanayotarajia; waulize Briq ubora wa namba.',
    ),
  ),
  ...each(
    'whatsapp.131042',
    advice(
      'The WhatsApp account has a problem with its payment',
      'Settle it with Briq, then send these again.',
      'Akaunti ya WhatsApp ina tatizo la malipo',
      'Lishughulikie na Briq, kisha tuma hizi tena.',
    ),
  ),
  ...each(
    'whatsapp.131026',
    advice(
      'This phone cannot get WhatsApp messages',
      'Check the number with the customer: it may have no WhatsApp, or an old version. Sending again does not help.',
      'Simu hii haiwezi kupokea ujumbe wa WhatsApp',
      'Thibitisha namba na mteja: huenda haina WhatsApp, au ni toleo la zamani. Kutuma tena hakusaidii.',
    ),
  ),
  ...each(
    'whatsapp.131049 whatsapp.130472',
    advice(
      'WhatsApp held it back to spare this customer',
      'Wait a day at least before you send it again, or ask the customer to write first.',
      'WhatsApp imeuzuia ili kumpunguzia mteja ujumbe',
      'Subiri angalau siku moja kabla ya kutuma tena, au mwombe mteja aandike kwanza.',
    ),
  ),
  ...each(
    'whatsapp.131050',
    advice(
      'The customer stopped messages from this business in WhatsApp',
      'Respect it. Give the receipt on paper or by e-mail.',
      'Mteja amesitisha ujumbe wa biashara hii kwenye WhatsApp',
      'Heshimu hilo. Mpe risiti ya karatasi au kwa barua pepe.',
    ),
  ),
  ...each(
    'whatsapp.130497',
    advice(
      'WhatsApp does not let businesses write to this country',
      'Give the receipt another way.',
      'WhatsApp hairuhusu biashara kuandikia nchi hii',
      'Mpe risiti kwa njia nyingine.',
    ),
  ),
  ...each(
    'whatsapp.131021',
    advice(
      'The order names our own number as the customer’s',
      'Mend the phone of the order in the shop.',
      'Oda ina namba yetu wenyewe kama ya mteja',
      'Rekebisha namba ya simu ya oda dukani.',
    ),
  ),
  ...each(
    'whatsapp.131030',
    advice(
      'The test number may only write to phones on its list',
      'Add the phone to the list at Briq, or use the real number.',
      'Namba ya majaribio huandikia simu zilizo kwenye orodha yake tu',
      'Ongeza simu kwenye orodha huko Briq, au tumia namba halisi.',
    ),
  ),
  ...each(
    'karibu.unreachable',
    advice(
      'Karibu could not be reached',
      'Check this machine’s internet and karibu.base_url; what waits goes out by itself.',
      'Karibu haikufikika',
      'Angalia intaneti ya mashine hii na karibu.base_url; unaosubiri utatumwa wenyewe.',
    ),
  ),
  ...each(
    'risiti.budget_spent',
    advice(
      'This month’s budget is used up',
      'Raise messages_per_month under budgets, or wait for the next month.',
      'Bajeti ya mwezi huu imeisha',
      'Ongeza messages_per_month chini ya budgets, au subiri mwezi ujao.',
    ),
  ),
  ...each(
    'receipt.no_order',
    advice(
      'The order of this receipt is not kept any more',
      'Have the shop send the order again, for instance by saving it.',
      'Oda ya risiti hii haihifadhiwi tena',
      'Fanya duka litume oda tena, kwa mfano kwa kuihifadhi upya.',
    ),
  ),
  ...each(
    'no_phone',
    advice(
      'The order has no phone number',
      'Make the phone a required field of the shop’s checkout, or show the order’s claim link.',
      'Oda haina namba ya simu',
      'Fanya namba ya simu iwe ya lazima dukani, au onyesha kiungo cha kudai risiti.',
    ),
  ),
  ...each(
    'invalid_phone',
    advice(
      'The phone number is no mobile number of its country',
      'Mend it in the shop: the receipt then goes out by itself.',
      'Namba ya simu si namba sahihi ya mkononi ya nchi yake',
      'Irekebishe dukani: risiti itatumwa yenyewe.',
    ),
  ),
  ...each(
    'opted_out',
    advice(
      'The customer wrote STOP',
      'Respect it. They get messages again after they write START (ANZA).',
      'Mteja aliandika STOP (ACHA)',
      'Heshimu hilo. Atapata ujumbe tena akiandika START (ANZA).',
    ),
  ),
  ...each(
    'no_consent',
    advice(
      'The order does not hold the customer’s consent',
      'Look whether the shop’s consent box is the field that consent.field names.',
      'Oda haina ridhaa ya mteja',
      'Angalia kama kisanduku cha ridhaa dukani ndicho kinachotajwa na consent.field.',
    ),
  ),
  ...each(
    'no_image',
    advice(
      'The order has no web address of the picture this rule sends',
      'Add it in the shop: the message then goes out by itself.',
      'Oda haina anwani ya picha inayotumwa na kanuni hii',
      'Iongeze dukani: ujumbe utatumwa wenyewe.',
    ),
  ),
  ...each(
    'too_old',
    advice(
      'The order was paid too long ago',
      'Usually right, after an import. If not, raise ignore_older_than.',
      'Oda ililipwa zamani mno',
      'Kwa kawaida ni sahihi, baada ya kuingiza oda za zamani. Kama sivyo, ongeza ignore_older_than.',
    ),
  ),
  ...each(
    'test_order',
    advice(
      'It was a test order',
      'Nothing to do: nobody is messaged about test orders.',
      'Ilikuwa oda ya majaribio',
      'Hakuna cha kufanya: hakuna anayetumiwa ujumbe kuhusu oda za majaribio.',
    ),
  ),
  ...each(
    'held_too_long window_closed waited_too_long',
    advice(
      'The customer did not write in time',
      'Put the order’s claim link on the thank-you page: one tap lets the receipt out.',
      'Mteja hakuandika kwa wakati',
      'Weka kiungo cha kudai risiti kwenye ukurasa wa shukrani: mguso mmoja hutoa risiti.',
    ),
  ),
  ...each(
    'quiet_hours',
    advice(
      'It was quiet hours until the customer’s 24 hours were over',
      'Usually right. If too many are lost, make quiet_hours shorter.',
      'Ilikuwa saa za utulivu hadi saa 24 za mteja zikaisha',
      'Kwa kawaida ni sahihi. Zikipotea nyingi, fupisha quiet_hours.',
    ),
  ),
  ...each(
    'phone_changed customer_wrote nothing_held order_paid order_refunded order_cancelled',
    advice(
      'It was overtaken: the order or the conversation changed first',
      'Nothing to do.',
      'Ulipitwa na wakati: oda au mazungumzo yalibadilika kwanza',
      'Hakuna cha kufanya.',
    ),
  ),
])

/** Codes nobody has met yet. */
const FALLBACK = advice(
  'Karibu refused it',
  'Open one of them: it shows what Karibu said, word for word. Ask Briq if that does not help.',
  'Karibu imekataa',
  'Fungua mojawapo: unaonyesha alichosema Karibu, neno kwa neno. Waulize Briq ikiwa haikusaidia.',
)

/** Meta's permission errors, and senders by whatever name Karibu refuses them. */
const PATTERNS: [RegExp, Both][] = [
  [/^whatsapp\.2\d\d$/, KEY],
  [/^karibu\..*SENDER/i, NUMBER],
  [/^karibu\.http_5\d\d$/, LOST],
]

export function adviceFor(code: string | null, language: Language): Advice {
  const known = CODES.get(code ?? '') ?? PATTERNS.find(([pattern]) => pattern.test(code ?? ''))?.[1]
  return (known ?? FALLBACK)[language]
}

/** True when the code has words of its own. */
export function hasAdvice(code: string): boolean {
  return CODES.has(code) || PATTERNS.some(([pattern]) => pattern.test(code))
}
