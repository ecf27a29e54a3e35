import type { Config, ShopConfig, ShopSecrets } from '../config/types.ts'
import { forLog } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Reading } from '../order.ts'
import type { Confirmation, Confirmer, ConfirmInput, ShopPlatform } from '../shops/platform.ts'
import { asToldBy } from '../shops/test-account.ts'
import type { Question } from '../store/confirmations.ts'
import { ApiTrouble } from './api-trouble.ts'
import type { AskOutcome } from './decide.ts'
import { mismatch } from './hold-against.ts'
import type { OpenApi, PlatformApis } from './platform-api.ts'
import type { ApiAnswer } from './scrub.ts'

export interface AskDeps {
  config: Pick<Config, 'shops'>
  secrets: Record<string, ShopSecrets>
  platformNamed(name: string): ShopPlatform | undefined
  apis: Pick<PlatformApis, 'open'>
  now(): number
  log: Log
}

export interface Asked {
  outcome: AskOutcome
  /** What is believed; none unless confirmed. */
  readings: Reading[]
  answers: ApiAnswer[]
}

/** Asks a platform's API about one claim, and holds the answer against it. Never throws. */
export function createAsk({ config, secrets, platformNamed, apis, now, log }: AskDeps) {
  function find(id: string) {
    const shop = Object.hasOwn(config.shops, id) ? config.shops[id] : undefined
    const platform = shop && platformNamed(shop.platform)
    return shop && platform?.confirmer && { shop, title: platform.facts.title, confirmer: platform.confirmer }
  }

  function confirm(
    question: Question,
    body: Buffer,
    shop: ShopConfig,
    confirmer: Confirmer,
    at: Pick<ConfirmInput, 'api' | 'credentials'>,
  ) {
    const { row, topic, receivedAt, contentType } = question
    const headers = { get: (name: string) => (name.toLowerCase() === 'content-type' ? contentType : null) }
    return confirmer.confirm({
      claim: row.claim,
      body,
      options: {
        topic,
        country: shop.country,
        whatsappField: shop.whatsappField,
        query: row.query,
        headers,
        receivedAt,
      },
      ...at,
      now: now(),
    })
  }

  return async function ask(question: Question): Promise<Asked> {
    const { row, body } = question
    const known = find(row.shop)
    if (!known) return nothing(SHOP_UNKNOWN)
    if (body === null) return nothing({ kind: 'refused', code: 'claim.forgotten', detail: NO_BODY })
    const { shop, title, confirmer } = known
    const apiUrl = shop.apiUrl ?? confirmer.apiUrl
    const credentials = secrets[shop.id]?.credentials ?? {}
    const open = apis.open({ baseUrl: apiUrl, title, credentials })
    try {
      const confirmation = await confirm(question, body, shop, confirmer, { api: open.api, credentials })
      const asked = judge(confirmation, question, open)
      const account = { apiUrl, credentials, subject: row.claim.subject }
      return { ...asked, readings: asToldBy(confirmer, account, asked.readings) }
    } catch (error) {
      if (error instanceof ApiTrouble) return nothing(error.outcome)
      log.error({ shop: shop.id, confirmationId: row.id, ...forLog(error) }, 'confirmation.not_read')
      return nothing({
        kind: 'refused',
        code: 'api.unreadable',
        detail: `${title}’s API gave an answer that cannot be read`,
      })
    }
  }
}

/** Waits for the settings to name it again, like an API that is away. */
const SHOP_UNKNOWN: AskOutcome = {
  kind: 'later',
  code: 'shop.unknown',
  detail: 'the configuration does not name this shop with a platform whose API can be asked',
  retryAfterMs: null,
  everyone: true,
}
const NO_BODY = 'the notification itself is kept no longer'

function nothing(outcome: AskOutcome): Asked {
  return { outcome, readings: [], answers: [] }
}

function judge(confirmation: Confirmation, { row }: Question, { answers }: OpenApi): Asked {
  switch (confirmation.kind) {
    case 'undecided':
      return nothing(confirmation)
    case 'denied': {
      const code = confirmation.mismatch ? MISMATCH : 'claim.denied'
      return nothing({ kind: 'denied', code, reason: confirmation.reason })
    }
    case 'confirmed': {
      const fault = mismatch(row.claim, confirmation.readings)
      if (fault !== null) return nothing({ kind: 'denied', code: MISMATCH, reason: fault })
      return { outcome: { kind: 'confirmed' }, readings: confirmation.readings, answers: answers() }
    }
  }
}

/** Somebody claims what is not so, or a platform speaks of another thing than it notified us of. */
export const MISMATCH = 'claim.mismatch'
