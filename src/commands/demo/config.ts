import { join } from 'node:path'
import { loadConfig } from '../../config/load.ts'
import type { Config, Secrets } from '../../config/types.ts'

export interface DemoSettings {
  folder: string
  port: number
  karibuUrl: string
  secrets: { api: string; webhook: string; woocommerce: string; shopify: string; standard: string; token: string }
}

/** The example shop, through the same file and checks as a real one. */
export function demoConfig({ folder, port, karibuUrl, secrets }: DemoSettings): {
  config: Config
  secrets: Secrets
  text: string
} {
  const text = `# An example with three shops on one WhatsApp number.
listen: { host: 127.0.0.1, port: ${port} }
public_url: http://127.0.0.1:${port}
data_dir: data
timezone: Africa/Dar_es_Salaam
locale: sw
karibu:
  base_url: ${karibuUrl}
  api_key: \${BRIQ_API_KEY}
  webhook_secret: \${BRIQ_WEBHOOK_SECRET}
  sender: "255700000001"
  poll_inbound_every: 1s
shops:
  duka:
    platform: woocommerce
    secrets: ["\${DUKA_WEBHOOK_SECRET}"]
    country: TZ
    brand: { name: Duka la Asha, color: "#0f766e", address: "Kariakoo, Dar es Salaam", phone: "+255712000111", tin: 123-456-789 }
  soko:
    platform: shopify
    secrets: ["\${SOKO_WEBHOOK_SECRET}"]
    country: KE
    timezone: Africa/Nairobi
    locale: en
    brand: { name: Soko Crafts, color: "#b45309", address: "Biashara Street, Nairobi" }
  mtandao:
    platform: standard
    secrets: ["\${MTANDAO_WEBHOOK_SECRET}"]
    country: TZ
    brand: { name: Mtandao, color: "#4338ca" }
rules:
  - name: receipt
    on: order.paid
    send:
      image: receipt
      caption:
        sw: "Asante {{ customer.first_name }}! Hii ni risiti ya oda {{ order.number }}, {{ order.total | money }}."
        en: "Thank you, {{ customer.first_name }}! Your receipt for order {{ order.number }}, {{ order.total | money }}."
    when_closed: hold
    expires_after: 72h
  - name: refund
    on: order.refunded
    send:
      image: receipt
      caption:
        sw: "Tumekurudishia {{ order.refunded_total | money }} za oda {{ order.number }}."
        en: "We paid back {{ order.refunded_total | money }} for order {{ order.number }}."
    when_closed: hold
    expires_after: 72h
`
  const env = {
    BRIQ_API_KEY: secrets.api,
    BRIQ_WEBHOOK_SECRET: secrets.webhook,
    DUKA_WEBHOOK_SECRET: secrets.woocommerce,
    SOKO_WEBHOOK_SECRET: secrets.shopify,
    MTANDAO_WEBHOOK_SECRET: secrets.standard,
    RISITI_API_TOKEN: secrets.token,
  }
  return { ...loadConfig({ file: join(folder, 'risiti.yaml'), text, env }), text }
}
