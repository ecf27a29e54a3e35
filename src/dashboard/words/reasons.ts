import { isReasonCode, REASON_TEXTS, REASONS_BY_STATUS, type ReasonCode } from '../../query/reasons.ts'
import type { Language } from './language.ts'

/** The same as query/reasons.ts says in English; a code that is missing here does not compile. */
const SWAHILI: Record<ReasonCode, string> = {
  window_closed: 'mteja hajaandika katika saa 24 zilizopita; itatumwa atakapoandika',
  answer_lost: 'jibu la Karibu lilipotea, hivyo huenda imefika; orodha ya Karibu inaangaliwa kabla ya kutuma tena',
  restored:
    'data zilirejeshwa kutoka nakala, hivyo huenda ilitumwa baadaye; orodha ya Karibu inaangaliwa kabla ya kutuma',
  needs_a_person: 'huenda imefika, na orodha ya Karibu haiwezi kusema; muulize mteja, kisha sema hapa kama imefika',
  quiet_hours: 'ni saa za utulivu dukani',
  held_too_long: 'mteja hakuandika kabla ya muda kuisha',
  customer_wrote: 'mteja ameandika, hivyo mwaliko hauhitajiki',
  nothing_held: 'kilichoalikwa hakisubiri tena',
  waited_too_long: 'haikuweza kutumwa kabla ya muda kuisha',
  no_phone: 'oda haina namba ya simu',
  invalid_phone: 'namba ya simu ya oda si ya simu ya mkononi inayoaminika',
  opted_out: 'mteja aliomba asitumiwe ujumbe tena',
  no_consent: 'oda haina ridhaa ya mteja',
  no_image: 'oda haina anwani ya picha ambayo kanuni hii hutuma',
  phone_changed: 'namba ya simu ya oda ilibadilishwa dukani',
  too_old: 'oda ni ya zamani kuliko ignore_older_than',
  test_order: 'ni oda ya majaribio',
  order_refunded: 'fedha yote ya oda ilirejeshwa',
  order_cancelled: 'oda ilifutwa',
  order_paid: 'oda imelipwa, na kanuni ni ya oda ambazo hazijalipwa',
  by_hand: 'mtu aliifuta',
}

type ByStatus = typeof REASONS_BY_STATUS
const SWAHILI_BY_STATUS: { [Status in keyof ByStatus]: Record<keyof ByStatus[Status], string> } = {
  skipped: {
    quiet_hours: 'zilikuwa saa za utulivu dukani, na saa 24 za mteja ziliisha kabla yake',
    window_closed: 'mteja hakuwa ameandika katika saa 24 zilizopita, na kanuni haisubiri',
  },
  held: {
    opted_out: 'mteja aliomba asitumiwe ujumbe tena; itatumwa tu akiandika ANZA (START)',
    quiet_hours: 'zilikuwa saa za utulivu dukani, na saa 24 za mteja zinaisha kabla yake; itatumwa mteja atakapoandika',
  },
  expired: {
    opted_out: 'mteja aliomba asitumiwe ujumbe, na hakuandika ANZA (START) kabla ya muda kuisha',
  },
}

/** On a page the way to settle stands beside it. */
const NEEDS_A_PERSON =
  'it may be on the phone, and Karibu’s list cannot tell; ask the customer, then say here whether it arrived'

/** Why a message stands where it stands, by its stored reason. */
export function reasonIn(language: Language, status: string, code: string): string {
  if (!isReasonCode(code)) return code.replaceAll('_', ' ')
  const english = language === 'en'
  const byStatus: Partial<Record<string, Partial<Record<string, string>>>> = english
    ? REASONS_BY_STATUS
    : SWAHILI_BY_STATUS
  const special = byStatus[status]?.[code]
  if (special !== undefined) return special
  if (!english) return SWAHILI[code]
  return code === 'needs_a_person' ? NEEDS_A_PERSON : REASON_TEXTS[code]
}
