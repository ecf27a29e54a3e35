import { HOUR } from '../clock.ts'
import { hmacBase64 } from './signature.ts'

export interface SelcomCall {
  apiKey: string
  apiSecret: string
  /** What is asked, in the order it stands in the request. */
  fields: Record<string, string>
  now: number
}

/** The headers of a call to Selcom (developers.selcommobile.com): time and fields as `name=value` joined by `&`, signed. */
export function selcomHeaders({ apiKey, apiSecret, fields, now }: SelcomCall): Record<string, string> {
  const timestamp = `${new Date(now + 3 * HOUR).toISOString().slice(0, 19)}+03:00`
  const signed = Object.entries({ timestamp, ...fields }).map(([name, value]) => `${name}=${value}`)
  return {
    authorization: `SELCOM ${Buffer.from(apiKey).toString('base64')}`,
    'digest-method': 'HS256',
    digest: hmacBase64(apiSecret, signed.join('&')),
    timestamp,
    'signed-fields': Object.keys(fields).join(','),
  }
}
