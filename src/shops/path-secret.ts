import type { Verdict } from './platform.ts'
import { refused, sameText } from './signature.ts'

/**
 * Where a shop's address holds a secret, nothing is looked at without it. Null when it is right or none is set: then the
 * platform's own proof decides.
 */
export function verifyPath(given: string | null, secrets: readonly string[]): Verdict | null {
  if (secrets.length === 0) {
    return given === null
      ? null
      : refused('signature.invalid', 'the address holds a secret, but no path_secrets are set')
  }
  if (given === null) return refused('signature.missing', 'the address lacks its secret: /webhooks/<shop>/<secret>')
  // Every one is compared, so that the answer's time does not tell which was right.
  const matches = secrets.filter((secret) => sameText(given, secret))
  return matches.length > 0 ? null : refused('signature.invalid', 'the secret in the address is not this shop’s')
}
