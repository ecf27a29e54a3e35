import type { ShopPlatform } from '../../shops/platform.ts'
import type { Variable } from '../env-file.ts'
import type { Answers } from './answers.ts'

/** A variable of the environment that the file names. */
export interface Needed extends Omit<Variable, 'value'> {
  /** The secret, where we choose it; null where somebody gives it to us. */
  form: 'text' | 'whsec' | null
}

export interface Composed {
  yaml: string
  variables: Needed[]
}

const BRIQ: Needed[] = [
  { name: 'BRIQ_API_KEY', comment: 'Key of the Karibu API, from Briq’s dashboard.', form: null },
  {
    name: 'BRIQ_WEBHOOK_SECRET',
    comment:
      'What Briq signs its reports with: 16 characters or more, ours to choose; risiti webhook register tells Briq.',
    form: 'text',
  },
]
const TOKEN: Needed = {
  name: 'RISITI_API_TOKEN',
  comment: 'Opens the API and the dashboard: 16 characters or more, ours to choose.',
  form: 'text',
}

/** Pure: a first risiti.yaml, and what of the environment it names. */
export function compose(answers: Answers, platform: ShopPlatform): Composed {
  const { publicUrl, sender, shop, shopName, country, timezone, locale, color } = answers
  const proof = proofOf(shop, platform)
  const credentials = credentialsOf(shop, platform)
  const numbers: Needed[] =
    sender === null
      ? [{ name: 'BRIQ_SENDER', comment: 'Our WhatsApp number at Briq, country code first: 255712345678.', form: null }]
      : []
  const yaml = `# Made by risiti init. All there is to set stands under “Every setting” in the README;
# risiti config check names what is wrong, risiti doctor what is missing around it.
public_url: ${quoted(publicUrl)}
timezone: ${timezone}
locale: ${locale}
karibu:
  api_key: \${BRIQ_API_KEY}
  webhook_secret: \${BRIQ_WEBHOOK_SECRET}
  sender: ${sender === null ? `\${BRIQ_SENDER}` : quoted(sender)}
shops:
  ${shop}:
    platform: ${platform.name}
    ${proof.key}: ["\${${proof.variable.name}}"]
${credentials.length === 0 ? '' : `    credentials:\n${credentials.map(credentialLine).join('')}`}    country: ${country}
    brand: { name: ${quoted(shopName)}, color: ${quoted(color)} }
rules:
  - name: receipt
    on: order.paid
    send:
      image: receipt
      caption:
        sw: "Asante {{ customer.first_name }}! Risiti ya oda {{ order.number }}: {{ order.total | money }}."
        en: "Thank you, {{ customer.first_name }}! Your receipt for order {{ order.number }}: {{ order.total | money }}."
    when_closed: hold
`
  const named = credentials.map(({ variable }) => variable)
  return { yaml, variables: [...BRIQ, ...numbers, proof.variable, ...named, TOKEN] }
}

function proofOf(
  shop: string,
  { unsigned = false, ourSecret, facts }: ShopPlatform,
): { key: string; variable: Needed } {
  if (unsigned) {
    const comment = `The last part of the address ${facts.title} is given: 20 characters or more, ours to choose.`
    return { key: 'path_secrets', variable: { name: variableOf(shop, 'PATH_SECRET'), comment, form: 'text' } }
  }
  const whose = ourSecret === undefined ? `from its dashboard` : 'ours to choose, and entered there'
  const comment = `What ${facts.title} signs its webhooks with, ${whose}: ${facts.key}.`
  return {
    key: 'secrets',
    variable: { name: variableOf(shop, 'WEBHOOK_SECRET'), comment, form: ourSecret ?? null },
  }
}

interface NamedCredential {
  name: string
  variable: Needed
}

/** Those without which nothing is believed; the optional ones stand in the README. */
function credentialsOf(shop: string, { confirmer, facts }: ShopPlatform): NamedCredential[] {
  if (!confirmer) return []
  const chosen = confirmer.credentials.filter(({ required }) => required)
  for (const one of confirmer.credentials) {
    const names = chosen.map(({ name }) => name)
    if ((confirmer.lacking?.(names) ?? null) === null) break
    if (!names.includes(one.name)) chosen.push(one)
  }
  return chosen.map(({ name, meaning }) => {
    const comment = `Of ${facts.title}’s API: ${meaning}.`
    return { name, variable: { name: variableOf(shop, name.toUpperCase()), comment, form: null } }
  })
}

function credentialLine({ name, variable }: NamedCredential): string {
  return `      ${name}: \${${variable.name}}\n`
}

function variableOf(shop: string, end: string): string {
  const name = `${shop}_${end}`.toUpperCase().replace(/[^A-Z0-9]/g, '_')
  return /^\d/.test(name) ? `SHOP_${name}` : name
}

/** YAML reads JSON's texts; what looks like a variable is meant as it stands. */
function quoted(text: string): string {
  return JSON.stringify(text.replaceAll('${', () => '$${'))
}

/** For people to copy: names and what they are, without a value. */
export function envExample(variables: readonly Needed[]): string {
  const head = '# What risiti.yaml takes from the environment. Copy to .env, fill in, and: set -a; . ./.env; set +a\n'
  return `${head}${variables.map(({ name, comment }) => `\n# ${comment}\n${name}=\n`).join('')}`
}
