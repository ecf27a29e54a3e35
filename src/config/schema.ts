import { z } from 'zod'
import { ORDER_EVENT_TYPES } from '../order.ts'
import { PLATFORM_NAMES } from '../shops/registry.ts'
import { TOLD_STATUSES, type ToldEvent } from '../store/words.ts'
import { DURATION_PATTERN, KEEP_PATTERN } from './duration.ts'
import { SIZE_PATTERN } from './size.ts'
import {
  amountFault,
  type Check,
  COLOR_PATTERN,
  COUNTRY_PATTERN,
  CURRENCY_PATTERN,
  colorFault,
  consentFieldFault,
  countryFault,
  currencyFault,
  domainFault,
  durationFault,
  filled,
  ID_PATTERN,
  idFault,
  keepFault,
  QUIET_HOURS_PATTERN,
  quietHoursFault,
  SILENCE_PATTERN,
  senderFault,
  silenceFault,
  sizeFault,
  targetUrlFault,
  templateNameFault,
  timezoneFault,
  webAddressFault,
} from './values.ts'

/**
 * risiti.yaml as people write it. Nothing is changed here but defaults filled in (`build.ts` makes the `Config`), so
 * that the JSON Schema and the README's table say exactly what the file takes. What spans several keys is in
 * `cross-checks.ts`.
 */

function text(meaning: string, check: Check = filled, extra: Record<string, unknown> = {}) {
  return z
    .string()
    .superRefine((value, ctx) => {
      const message = check(value)
      if (message) ctx.addIssue({ code: 'custom', message })
    })
    .meta({ description: meaning, ...extra })
}

function duration(meaning: string, min: string, max: string) {
  return text(meaning, durationFault(min, max), { pattern: DURATION_PATTERN })
}

function keep(meaning: string, min: string) {
  return text(meaning, keepFault(min), { pattern: KEEP_PATTERN })
}

/** Only ever `${NAME}` in the file; `minLength` is of the value in the environment. */
function secret(meaning: string, minLength = 1) {
  return z.string().meta({ description: meaning, writeOnly: true, 'x-min-length': minLength })
}

function oneOrMore(meaning: string, item: z.ZodType<string>) {
  return z
    .union([item, z.array(item).min(1)], { error: 'must be a text or a list of texts' })
    .meta({ description: meaning })
}

const timezone = text('IANA zone for the times people see', timezoneFault)
const locale = z.enum(['sw', 'en']).meta({ description: 'Language of receipts and captions' })

const listen = z.strictObject({
  host: text('Address to listen on; 0.0.0.0 for all').default('127.0.0.1'),
  port: z.int().min(0).max(65_535).default(8787).meta({ description: 'Port to listen on; 0 takes any free one' }),
})

const karibu = z.strictObject({
  base_url: text("Address of Briq's Karibu API", webAddressFault).default('https://karibu.briq.tz'),
  api_key: secret('Key of the Karibu API'),
  webhook_secret: secret(
    'Secret Briq signs its events to /webhooks/karibu with; without it they are refused',
    16,
  ).optional(),
  sender: text(
    'Our WhatsApp number (country code first) or its phone_number_id, for shops that name none',
    senderFault,
  ).optional(),
  poll_inbound_every: duration("How often customers' messages are asked for", '1s', '1h').default('15s'),
  poll_status_after: duration('A message without a final status is asked after this long', '10s', '1d').default('5m'),
  absent_after: duration(
    'A send whose answer was lost is made again when its list has shown nothing for so long',
    '5s',
    '1d',
  ).default('10m'),
  timeout: duration('Longest wait for one answer', '1s', '2m').default('15s'),
  concurrency: z.int().min(1).max(256).default(16).meta({ description: 'Requests under way at once' }),
  per_sender_per_second: z
    .int()
    .min(1)
    .max(1000)
    .default(80)
    .meta({ description: "Messages per second and sender (Meta's usual limit is 80)" }),
  per_contact_every: duration('One message to a customer in so long (Meta: 6s)', '0s', '1h').default('6s'),
  per_contact_burst: z
    .int()
    .min(1)
    .max(45)
    .default(5)
    .meta({ description: 'So many may go to one customer at once, borrowed from the time after (Meta: 45)' }),
})

const brand = z.strictObject({
  name: text('Name on the receipt'),
  color: text('Colour of the receipt', colorFault, { pattern: COLOR_PATTERN }).default('#0f766e'),
  logo: text('PNG or JPEG, its path taken from the folder of this file').optional(),
  address: text('Address on the receipt').optional(),
  phone: text('Phone number on the receipt, in quotes').optional(),
  tin: text('Taxpayer number on the receipt, in quotes').optional(),
})

const consent = z.strictObject({
  field: text("Name of the order's field that holds the customer's yes", consentFieldFault),
  values: z
    .array(z.union([z.string(), z.number(), z.boolean()], { error: 'must be a plain value' }))
    .min(1)
    .default(['1', 'yes', 'true', 'on', 'ndiyo', 'ndio', '✓'])
    .meta({ description: 'What means yes; case does not matter' }),
  required: z
    .boolean()
    .default(true)
    .meta({ description: 'Without a yes: true sends nothing, false sends all the same' }),
})

const shop = z
  .strictObject({
    platform: z.enum(PLATFORM_NAMES).meta({ description: 'Who signs and writes its webhooks' }),
    secrets: z
      .array(secret('A secret of its webhooks'))
      .default([])
      .meta({ description: 'Secrets its webhooks are signed with; several while changing them' }),
    path_secrets: z
      .array(secret('The last part of its webhook address', 20))
      .default([])
      .meta({ description: 'For platforms that sign nothing: the last part of /webhooks/<id>/<secret>' }),
    credentials: z
      .record(z.string(), secret('A key of its API'))
      .default({})
      .meta({ description: "Keys of its platform's API, which is asked before anything is believed", 'x-key': 'name' }),
    api_url: text(
      "Address of its platform's API, for a test account; of the shop itself for backfill",
      webAddressFault,
    ).optional(),
    backfill: z
      .strictObject({
        every: duration('How often orders are read in the shop whose webhooks may have been lost', '5m', '7d'),
      })
      .optional()
      .meta({ description: 'Reading in the shop what it did not tell' }),
    silence_alarm: text(
      'No event for so long is an alarm; `auto` learns twice the longest usual pause, `off` never',
      silenceFault,
      { pattern: SILENCE_PATTERN },
    ).default('auto'),
    notification_url: text(
      'Address its platform was given for us, where it is not `public_url`/webhooks/<id> (some sign it)',
      webAddressFault,
    ).optional(),
    sender: text('Our WhatsApp number for this shop', senderFault).optional(),
    country: text('Country of phone numbers written without one (ISO 3166)', countryFault, {
      pattern: COUNTRY_PATTERN,
    }),
    timezone: timezone.optional().meta({ description: 'Zone of its times; else `timezone`' }),
    locale: locale.optional().meta({ description: 'Its language when the order names none; else `locale`' }),
    domain: text(
      'Its domain at its platform (x.myshopify.com), where one app and its secret serve several shops',
      domainFault,
    ).optional(),
    brand: brand.meta({ description: 'What its receipts look like' }),
    consent: consent.optional().meta({ description: "Where a customer's yes to WhatsApp is found" }),
    whatsapp_field: text(
      'Field of the order in which the shop asks for the WhatsApp number; else its phone',
    ).optional(),
    claim_expires_after: duration('So long after we first know an order its claim link is good', '1h', '90d').default(
      '7d',
    ),
    claim_number: text(
      'Phone number of `sender` for claim links, where `sender` is a phone_number_id',
      senderFault,
    ).optional(),
    ignore_older_than: duration('Orders paid longer ago message nobody', '1m', '3650d').default('2d'),
    quiet_hours: text(
      'Time of the day, by its zone, when its orders message nobody who is not awake',
      quietHoursFault,
      {
        pattern: QUIET_HOURS_PATTERN,
      },
    ).optional(),
  })
  .meta({ description: 'A shop; its name is the end of /webhooks/<id>' })

const retention = z.strictObject({
  bodies: keep(
    "Bodies of webhooks and of customers' messages, as they came, and notifications that could not be told",
    '1d',
  ).default('30d'),
  images: keep('Pictures, after their message ended or was taken on by Karibu', '1d').default('2d'),
  reports: keep('What Karibu reported, and who fetched a picture', '35d').default('400d'),
  messages: keep('Messages with their attempts; that they were sent once is remembered for good', '100d').default(
    '400d',
  ),
  events: keep('What came in and what it led to', '7d').default('400d'),
  orders: keep('Orders, after their last change', '100d').default('400d'),
})

const disk = z.strictObject({
  min_free: text('With less free disk than this, webhooks and sends get 503 until there is room', sizeFault, {
    pattern: SIZE_PATTERN,
  }).default('200MB'),
})

const budget = z.strictObject({
  sender: text('Our WhatsApp number, as `karibu.sender` or a shop names it', senderFault),
  messages_per_month: z
    .int()
    .min(1)
    .max(100_000_000)
    .meta({ description: 'So many messages and invitations may Karibu take on in a calendar month (UTC)' }),
  warn_at: z
    .int()
    .min(1)
    .max(100)
    .default(80)
    .meta({ description: 'The log and the alert warn when so many percent of it are used' }),
})

const told = TOLD_STATUSES.map((status): ToldEvent => `message.${status}`)

const notify = z.strictObject({
  name: text('Its name, in the log and metrics', idFault, { pattern: ID_PATTERN }),
  url: text('Where it is posted to', targetUrlFault),
  secret: z.union([secret('A secret'), z.array(secret('A secret')).min(1)]).meta({
    description: 'What is signed with: `whsec_` and base64; a list of several while changing it',
    writeOnly: true,
    'x-min-length': 1,
  }),
  events: z
    .array(z.enum(told).meta({ description: 'An event' }))
    .min(1)
    .default(told)
    .meta({ description: 'What it is told of' }),
  shops: z.array(text('A shop of this file')).min(1).optional().meta({ description: 'Only of these shops' }),
})

const when = z.strictObject({
  shop: oneOrMore('Only these shops', text('A shop of this file')).optional(),
  currency: text('Only orders in this currency', currencyFault, { pattern: CURRENCY_PATTERN }).optional(),
  min_total: z
    .union([z.string(), z.number()], { error: 'must be an amount like 1000 or "1000.50"' })
    .superRefine((value, ctx) => {
      const message = amountFault(String(value))
      if (message) ctx.addIssue({ code: 'custom', message })
    })
    .optional()
    .meta({ description: 'Only orders of at least this total' }),
  text: oneOrMore('Only messages that hold one of these words', text('A word or phrase')).optional(),
})

const send = z.strictObject({
  image: z
    .union([z.literal('receipt'), z.strictObject({ url: text('Liquid template of an image address') })], {
      error: 'must be receipt, or { url: "https://…" }',
    })
    .meta({ description: 'The receipt, or an image of your own' }),
  caption: z
    .union(
      [
        text('Liquid template', () => undefined),
        z.strictObject({
          sw: text('Liquid template in Swahili', () => undefined),
          en: text('Liquid template in English', () => undefined),
        }),
      ],
      { error: 'must be a text, or { sw: …, en: … }' },
    )
    .default('')
    .meta({ description: 'Text under the image: one for all, or one per language' }),
})

const invite = z.strictObject({
  template: text('Name of a template WhatsApp approved', templateNameFault),
  variables: z
    .record(
      z.string(),
      text('Liquid template', () => undefined),
    )
    .default({})
    .meta({ description: "Values of the template's variables", 'x-key': 'name' }),
})

const rule = z
  .strictObject({
    name: text('Its name, in traces and lists', idFault, { pattern: ID_PATTERN }),
    on: z.enum([...ORDER_EVENT_TYPES, 'message.received']).meta({ description: 'The event it answers' }),
    when: when.prefault({}).meta({ description: 'Which of these events' }),
    if: text('CEL condition, for what `when` cannot say').optional(),
    send: send.meta({ description: 'What is sent' }),
    when_closed: z.enum(['hold', 'invite', 'skip']).default('hold').meta({
      description: 'When WhatsApp allows no image now: wait, invite the customer to write and wait, or drop it',
    }),
    expires_after: duration('How long it waits for the customer', '1s', '90d').default('72h'),
    invite: invite.optional().meta({ description: 'The invitation for `when_closed: invite`' }),
  })
  .meta({ description: 'What is sent when' })

const token = z.strictObject({
  name: text('Its name, in lists and logs', idFault, { pattern: ID_PATTERN }),
  token: secret('The token itself', 16),
  scopes: z
    .array(z.enum(['read', 'send', 'admin']).meta({ description: 'A scope' }))
    .min(1)
    .meta({ description: 'What it may do' }),
})

export const fileSchema = z
  .strictObject({
    public_url: text('Address WhatsApp and the shops reach us at', webAddressFault),
    listen: listen.prefault({}).meta({ description: 'Where the service listens' }),
    data_dir: text('Folder of the database and images, taken from the folder of this file').default('./data'),
    timezone: timezone.default('Africa/Dar_es_Salaam'),
    locale: locale.default('sw'),
    karibu: karibu.meta({ description: "Briq's Karibu API, which sends" }),
    window: z
      .strictObject({
        margin: duration('WhatsApp is taken to close this much before the 24 hours end', '0s', '12h').default('10m'),
      })
      .prefault({})
      .meta({ description: 'The 24 hours after a customer wrote' }),
    shops: z
      .record(z.string().meta({ pattern: ID_PATTERN }), shop)
      .superRefine((value, ctx) => {
        if (Object.keys(value).length === 0) ctx.addIssue({ code: 'custom', message: 'needs at least one shop' })
      })
      .meta({ description: 'Who sends us orders, by name', 'x-key': 'id' }),
    rules: z.array(rule).default([]).meta({ description: 'What is sent when; without rules nothing is' }),
    budgets: z.array(budget).default([]).meta({ description: 'How much a sender may send in a month' }),
    notify: z.array(notify).default([]).meta({ description: 'Who is told what became of messages' }),
    retention: retention.prefault({}).meta({ description: 'How long things are kept' }),
    disk: disk.prefault({}).meta({ description: 'The disk of `data_dir`' }),
    api: z
      .strictObject({
        tokens: z.array(token).default([]).meta({ description: 'Who may use the API and the dashboard' }),
      })
      .prefault({})
      .meta({ description: 'The HTTP API' }),
  })
  .meta({ title: 'risiti.yaml', description: 'Settings of Risiti' })

export type FileConfig = z.output<typeof fileSchema>
