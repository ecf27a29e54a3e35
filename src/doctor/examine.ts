import type { Clock } from '../clock.ts'
import type { Fault } from '../config/faults.ts'
import type { Config, Secrets } from '../config/types.ts'
import { platformNamed } from '../shops/registry.ts'
import { damageOf, isLocked, readDatabaseState } from '../store/facts.ts'
import { databaseFile } from '../store/store.ts'
import { askBackups, askFolder, askFonts } from './ask-disk.ts'
import { askKaribu } from './ask-karibu.ts'
import { askService } from './ask-service.ts'
import { createWeb } from './ask-web.ts'
import type { Check } from './check.ts'
import { notChecked } from './check.ts'
import { fontCheck } from './drawing.ts'
import { settingsChecks } from './settings.ts'
import { shopChecks, tokenCheck } from './shops.ts'
import { backupCheck, databaseChecks, folderChecks, pagesCheck } from './storage.ts'
import { signatureCheck } from './webhook.ts'

export interface Examined {
  /** As people know the file. */
  file: string
  faults: readonly Fault[]
  /** Missing where the faults leave none. */
  loaded: { config: Config; secrets: Secrets } | undefined
}

export interface ExaminePorts {
  clock: Pick<Clock, 'now'>
  /** The longest that one question takes. */
  timeoutMs: number
  /** A database larger than this is not read whole. */
  readWholeBytes?: number
}

/** About a second of reading. */
const READ_WHOLE_BYTES = 512e6

/** Looks at everything a working set-up needs, at the same time where nothing waits for another; changes nothing. */
export async function examine({ file, faults, loaded }: Examined, ports: ExaminePorts): Promise<Check[]> {
  const settings = settingsChecks({ file, faults, config: loaded?.config })
  if (!loaded) return [...settings, ...withoutSettings(), fontCheck(await askFonts())]
  const { config, secrets } = loaded
  const { clock, timeoutMs, readWholeBytes = READ_WHOLE_BYTES } = ports
  const { dataDir } = config
  const database = databaseFile(dataDir)
  const state = readDatabaseState(database)
  const facts = state.kind === 'read' ? state.facts : undefined
  const web = createWeb(timeoutMs)
  try {
    const [folder, madeAt, fonts, karibu, service] = await Promise.all([
      askFolder(dataDir),
      askBackups(dataDir),
      askFonts(),
      askKaribu({ config, secrets, clock, timeoutMs }),
      askService({ config, secrets, web, locked: isLocked(dataDir, 'serve.lock') }),
    ])
    // It stops everything else while it reads, so no answer is waited for any more.
    const damage = facts && facts.mainBytes + facts.walBytes <= readWholeBytes ? damageOf(database) : undefined
    return [
      ...settings,
      ...folderChecks(folder, config.disk.minFreeBytes),
      ...databaseChecks(database, state),
      ...pagesCheck(state, damage),
      backupCheck(state, madeAt, clock.now()),
      fontCheck(fonts),
      ...karibu,
      signatureCheck(secrets.karibuWebhookSecret),
      ...service.checks,
      ...shopChecks(config, secrets, {
        lastTold: state.kind === 'none' ? new Map<string, number>() : facts?.lastTold,
        silent: service.silent,
        secretProblem: (platform, secret) => platformNamed(platform)?.secretProblem(secret) ?? null,
        now: clock.now(),
      }),
      tokenCheck(secrets, facts?.tokens),
    ]
  } finally {
    await web.close()
  }
}

function withoutSettings(): Check[] {
  const names = [
    'storage.database',
    'karibu.key',
    'service.running',
    'address.answers',
    'shops.deliveries',
    'api.tokens',
  ]
  return names.map((name) => notChecked(name, 'the configuration is faulty'))
}
