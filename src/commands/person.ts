import type { Clock } from '../clock.ts'
import type { Config } from '../config/types.ts'
import { findPerson, presentPerson } from '../privacy/person.ts'
import { mediaFilePath } from '../receipts/media-files.ts'
import type { PersonStore } from '../store/person.ts'
import type { ReadStore } from '../store/reads.ts'
import { phoneArgument } from './phone.ts'

export interface PersonInput {
  phone: string
  country: string | undefined
}

/** All that is stored about one person, as JSON. */
export async function runPerson(
  input: PersonInput,
  { config, store, clock }: { config: Config; store: ReadStore & PersonStore; clock: Clock },
): Promise<string> {
  const phone = phoneArgument(input.phone, input.country, Object.values(config.shops))
  const now = clock.now()
  const found = await findPerson(phone, store, now)
  const { publicUrl } = config
  const report = await presentPerson(phone, found, store, {
    publicUrl,
    marginMs: config.window.marginMs,
    now,
    fileOf: (token) => mediaFilePath(config.dataDir, token),
  })
  return JSON.stringify(report, null, 2)
}
