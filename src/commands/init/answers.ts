import {
  type Check,
  colorFault,
  countryFault,
  filled,
  idFault,
  senderFault,
  timezoneFault,
  webAddressFault,
} from '../../config/values.ts'
import { AppError } from '../../errors.ts'
import { PLATFORM_NAMES } from '../../shops/registry.ts'

/** What a first risiti.yaml is made from. */
export interface Answers {
  publicUrl: string
  /** Null leaves it to the environment. */
  sender: string | null
  shop: string
  platform: string
  shopName: string
  country: string
  timezone: string
  locale: string
  color: string
}

export interface Question {
  name: keyof Answers
  /** Of the command line. */
  flag: string
  ask: string
  /** Taken when nothing is said; undefined where somebody has to say it. */
  fallback: string | null | undefined
  /** Where only these will do, with what they are called. */
  choices?: readonly { value: string; label: string }[]
  check: Check
}

const among = (choices: readonly string[]): Check => {
  return (value) => (choices.includes(value) ? undefined : `must be ${choices.join(', ')}`)
}

/** In the order they are asked. `titleOf` gives a platform's name for people. */
export function questions(titleOf: (platform: string) => string): Question[] {
  return [
    {
      name: 'publicUrl',
      flag: '--public-url',
      ask: 'Address at which WhatsApp and the shop will reach Risiti (https://…)',
      fallback: undefined,
      check: webAddressFault,
    },
    {
      name: 'sender',
      flag: '--sender',
      ask: 'Your WhatsApp number at Briq, with its country code (empty: BRIQ_SENDER in the environment)',
      fallback: null,
      check: senderFault,
    },
    {
      name: 'platform',
      flag: '--platform',
      ask: 'Who tells of orders?',
      fallback: 'woocommerce',
      choices: PLATFORM_NAMES.map((value) => ({ value, label: titleOf(value) })),
      check: among(PLATFORM_NAMES),
    },
    {
      name: 'shop',
      flag: '--shop',
      ask: 'A short name for the shop: the end of its webhook address',
      fallback: 'duka',
      check: (value) => (value === 'karibu' ? 'is Briq’s own: take another name' : idFault(value)),
    },
    { name: 'shopName', flag: '--shop-name', ask: 'Its name on the receipt', fallback: 'Duka', check: filled },
    {
      name: 'country',
      flag: '--country',
      ask: 'Country of its customers’ numbers (two letters)',
      fallback: 'TZ',
      check: countryFault,
    },
    {
      name: 'timezone',
      flag: '--timezone',
      ask: 'Its time zone',
      fallback: 'Africa/Dar_es_Salaam',
      check: timezoneFault,
    },
    {
      name: 'locale',
      flag: '--locale',
      ask: 'Language of its receipts',
      fallback: 'sw',
      choices: [
        { value: 'sw', label: 'Kiswahili' },
        { value: 'en', label: 'English' },
      ],
      check: among(['sw', 'en']),
    },
    { name: 'color', flag: '--color', ask: 'Colour of its receipts', fallback: '#0f766e', check: colorFault },
  ]
}

/** What was said on the command line, with the rest as it is when nothing is said; throws what is missing or wrong. */
export function answersFrom(given: Partial<Record<keyof Answers, string>>, asked: readonly Question[]): Answers {
  const value = (name: keyof Answers) => answerTo(name, given, asked)
  return {
    publicUrl: value('publicUrl') ?? '',
    sender: value('sender'),
    shop: value('shop') ?? '',
    platform: value('platform') ?? '',
    shopName: value('shopName') ?? '',
    country: value('country') ?? '',
    timezone: value('timezone') ?? '',
    locale: value('locale') ?? '',
    color: value('color') ?? '',
  }
}

function answerTo(
  name: keyof Answers,
  given: Partial<Record<keyof Answers, string>>,
  asked: readonly Question[],
): string | null {
  const question = asked.find((one) => one.name === name)
  if (!question) return null
  const said = given[name]?.trim()
  if (said === undefined || said === '') {
    if (question.fallback !== undefined) return question.fallback
    throw new AppError('init.missing', `say ${question.flag}: nobody is asked here`)
  }
  const fault = question.check(said)
  if (fault !== undefined) throw new AppError('init.answer', `${question.flag} ${fault}`)
  return said
}
