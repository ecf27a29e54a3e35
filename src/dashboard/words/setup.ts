import type { platforms } from '../../shops/registry.ts'
import type { Language } from './language.ts'

type Steps = Record<Language, string[]>

/** How each platform is pointed at us; `{secret}` stands for the environment variable the secret goes into. */
export const SETUP: Record<keyof typeof platforms, Steps> = {
  woocommerce: {
    en: [
      'In WordPress open WooCommerce → Settings → Advanced → Webhooks → Add webhook.',
      'Status: Active. Topic: Order updated. Delivery URL: the address above. API version: v3.',
      'Secret: the value of {secret}. Save; the ping it sends is answered 200.',
      'An order counts as paid when WooCommerce has a payment date for it.',
    ],
    sw: [
      'Kwenye WordPress fungua WooCommerce → Settings → Advanced → Webhooks → Add webhook.',
      'Status: Active. Topic: Order updated. Delivery URL: anwani iliyo juu. API version: v3.',
      'Secret: thamani ya {secret}. Hifadhi; jaribio linalotumwa hujibiwa 200.',
      'Oda huhesabiwa kuwa imelipwa WooCommerce ikiwa na tarehe ya malipo.',
    ],
  },
  shopify: {
    en: [
      'In Shopify open Settings → Notifications → Webhooks → Create webhook.',
      'Event: Order payment. Format: JSON. URL: the address above.',
      'The key at the foot of that page is the value of {secret}.',
      'If you like, add Order creation, Order update, Refund create and Order cancellation the same way.',
    ],
    sw: [
      'Kwenye Shopify fungua Settings → Notifications → Webhooks → Create webhook.',
      'Event: Order payment. Format: JSON. URL: anwani iliyo juu.',
      'Ufunguo ulio chini ya ukurasa huo ndio thamani ya {secret}.',
      'Ukipenda, ongeza Order creation, Order update, Refund create na Order cancellation vivyo hivyo.',
    ],
  },
  standard: {
    en: [
      'Let the shop post Standard Webhooks to the address above, signed with the value of {secret} (whsec_ and base64).',
      'Type order.paid with id, currency, total and items is enough for a receipt.',
      'message.received tells that a customer wrote, and lets held receipts out at once.',
    ],
    sw: [
      'Fanya duka litume Standard Webhooks kwa anwani iliyo juu, zikiwa na sahihi ya {secret} (whsec_ na base64).',
      'Aina order.paid yenye id, currency, total na items inatosha kwa risiti.',
      'message.received husema mteja ameandika, na hutoa risiti zilizosubirishwa papo hapo.',
    ],
  },
  stripe: {
    en: [
      'In Stripe open Developers → Webhooks → Add destination, with snapshot events.',
      'With Checkout choose the four checkout.session events and charge.refunded; with a page of your own payment_intent.succeeded, payment_intent.canceled and charge.refunded.',
      'Endpoint URL: the address above. Its signing secret (whsec_…) is the value of {secret}.',
      'Switch phone collection on, or the receipt has nobody to go to.',
    ],
    sw: [
      'Kwenye Stripe fungua Developers → Webhooks → Add destination, na snapshot events.',
      'Kwa Checkout chagua matukio manne ya checkout.session na charge.refunded; kwa ukurasa wako mwenyewe payment_intent.succeeded, payment_intent.canceled na charge.refunded.',
      'Endpoint URL: anwani iliyo juu. Signing secret yake (whsec_…) ndiyo thamani ya {secret}.',
      'Washa ukusanyaji wa namba ya simu, la sivyo risiti haina wa kupelekewa.',
    ],
  },
  square: {
    en: [
      'In Square’s Developer Console open the application → Webhooks → Add subscription, URL: the address above.',
      'Events: payment.updated, order.created, order.updated, order.fulfillment.updated, refund.updated.',
      'Its signature key is the value of {secret}; an access token that may read orders, payments and customers goes under credentials.',
    ],
    sw: [
      'Kwenye Developer Console ya Square fungua programu → Webhooks → Add subscription, URL: anwani iliyo juu.',
      'Matukio: payment.updated, order.created, order.updated, order.fulfillment.updated, refund.updated.',
      'Signature key yake ndiyo thamani ya {secret}; access token ya kusoma oda, malipo na wateja huwekwa chini ya credentials.',
    ],
  },
  bigcommerce: {
    en: [
      'Make a store API account that may read orders; its client secret is the value of {secret}.',
      'With its token make a webhook for store/order/* and store/shipment/* (POST /stores/<hash>/v3/hooks) to the address above.',
      'The token and the store’s hash go under credentials.',
    ],
    sw: [
      'Tengeneza store API account inayoweza kusoma oda; client secret yake ndiyo thamani ya {secret}.',
      'Kwa tokeni yake tengeneza webhook ya store/order/* na store/shipment/* (POST /stores/<hash>/v3/hooks) kwenda anwani iliyo juu.',
      'Tokeni na hash ya duka huwekwa chini ya credentials.',
    ],
  },
  medusa: {
    en: [
      'Add a subscriber to the Medusa shop that posts order.placed, payment.captured, payment.refunded, shipment.created and order.canceled to the address above.',
      'Sign it as Standard Webhooks with the value of {secret}.',
      'data is the order with items, addresses and payment_status.',
    ],
    sw: [
      'Ongeza subscriber kwenye duka la Medusa itakayotuma order.placed, payment.captured, payment.refunded, shipment.created na order.canceled kwa anwani iliyo juu.',
      'Itie sahihi kama Standard Webhooks kwa thamani ya {secret}.',
      'data ni oda yenye items, anwani na payment_status.',
    ],
  },
  flutterwave: {
    en: [
      'In Flutterwave open Settings → Webhooks and enter the address above.',
      'The secret hash you enter there is the value of {secret}.',
      'Its API keys go under credentials: every payment is asked about before it is believed.',
    ],
    sw: [
      'Kwenye Flutterwave fungua Settings → Webhooks na uweke anwani iliyo juu.',
      'Secret hash utakayoweka hapo ndiyo thamani ya {secret}.',
      'Funguo zake za API huwekwa chini ya credentials: kila malipo huulizwa kabla ya kuaminiwa.',
    ],
  },
  clickpesa: {
    en: [
      'In ClickPesa open Settings → Developers → Webhooks, event PAYMENT RECEIVED, and enter the address above.',
      'Switch checksums on; the checksum key is the value of {secret}.',
    ],
    sw: [
      'Kwenye ClickPesa fungua Settings → Developers → Webhooks, tukio PAYMENT RECEIVED, na uweke anwani iliyo juu.',
      'Washa checksum; checksum key ndiyo thamani ya {secret}.',
    ],
  },
  pesapal: {
    en: [
      'Register the address above with Pesapal as an IPN address, by GET or POST. It ends in the value of {secret}: keep it to yourself.',
      'consumer_key and consumer_secret go under credentials.',
      'Pesapal hides the payer’s number: hand it through in the callback_url (…?whatsapp=0754000123).',
    ],
    sw: [
      'Sajili anwani iliyo juu kwa Pesapal kama anwani ya IPN, kwa GET au POST. Huishia na thamani ya {secret}: itunze kwa siri.',
      'consumer_key na consumer_secret huwekwa chini ya credentials.',
      'Pesapal huficha namba ya mlipaji: ipitishe kwenye callback_url (…?whatsapp=0754000123).',
    ],
  },
  azampay: {
    en: [
      'Give AzamPay the address above as the application’s callback. It ends in the value of {secret}: keep it to yourself.',
      'app_name, client_id and client_secret go under credentials.',
    ],
    sw: [
      'Wape AzamPay anwani iliyo juu kama callback ya programu. Huishia na thamani ya {secret}: itunze kwa siri.',
      'app_name, client_id na client_secret huwekwa chini ya credentials.',
    ],
  },
  selcom: {
    en: [
      'Let your checkout name the address above (base64) as the webhook of each order it creates. It ends in the value of {secret}: keep it to yourself.',
      'api_key and api_secret go under credentials.',
    ],
    sw: [
      'Fanya checkout yako itaje anwani iliyo juu (base64) kama webhook ya kila oda inayounda. Huishia na thamani ya {secret}: itunze kwa siri.',
      'api_key na api_secret huwekwa chini ya credentials.',
    ],
  },
}

export function setupSteps(platform: string, language: Language): string[] {
  const all: Record<string, Steps> = SETUP
  return Object.hasOwn(all, platform) ? (all[platform]?.[language] ?? []) : []
}
