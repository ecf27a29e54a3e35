import { type ByHandDeps, type ByHandResult, backfillByHand, type Progress } from '../backfill/by-hand.ts'
import type { Counts } from '../backfill/counts.ts'
import { AppError } from '../errors.ts'
import { skipText } from '../query/reasons.ts'
import { parseMoment } from '../query/times.ts'
import { countOf, progressLine, type ShowLine } from './progress.ts'

export interface BackfillInput {
  shop: string
  since: string
  until: string | undefined
  dryRun: boolean
  json: boolean
}

export interface BackfillDeps extends Omit<ByHandDeps, 'progress'> {
  /** Undefined where nobody looks. */
  show: ShowLine | undefined
}

/** Reads what changed in a shop and takes it in like webhooks; what was known already stays as it is. */
export async function runBackfill(input: BackfillInput, deps: BackfillDeps): Promise<string> {
  const { shop, dryRun, json } = input
  const { clock, show } = deps
  const now = clock.now()
  const since = parseMoment('since', input.since, now)
  const until = parseMoment('until', input.until, now) ?? null
  if (since >= (until ?? now)) throw new AppError('backfill.span', '--since must be before now and before --until')
  const progress = (state: Progress) => {
    const isRare = state.waiting !== null || state.counts.seen === state.total
    show?.(() => backfillLine(state, { startedAt: now, now: clock.now() }), isRare)
  }
  const result = await backfillByHand({ shop, since, until, trial: dryRun }, { ...deps, progress })
  if (json) return JSON.stringify(asJson(input, result), null, 2)
  return summary(input, result)
}

/** Pure. Orders that come in meanwhile make it more than all. */
export function backfillLine(
  { counts: { seen }, total, waiting }: Progress,
  times: { startedAt: number; now: number },
): string {
  if (waiting !== null) return `${countOf(seen, 'order')} read; waiting: ${waiting.slice(0, 100)}`
  if (total === null || total === 0)
    return progressLine({ part: null, said: `${countOf(seen, 'order')} read`, ...times })
  const said = `${seen.toLocaleString('en')} of ${countOf(Math.max(total, seen), 'order')}`
  return progressLine({ part: seen / total, said, ...times })
}

function asJson({ shop, dryRun }: BackfillInput, { counts, since, resumed, stopped }: ByHandResult) {
  const { queued, skipped, ...read } = counts
  return {
    shop,
    dry_run: dryRun,
    since: new Date(since).toISOString(),
    resumed,
    finished: !stopped,
    orders: read,
    messages: { queued, skipped },
  }
}

function summary({ shop, dryRun }: BackfillInput, { counts, since, resumed, stopped }: ByHandResult): string {
  const from = new Date(since).toISOString()
  const lines = [
    resumed ? `Went on from ${from}, where an earlier run had come to.` : `Read what changed in ${shop} since ${from}.`,
    ...countLines(counts),
  ]
  if (dryRun) lines.push('Nothing was kept or queued: this was a trial.')
  else if (counts.queued > 0) lines.push('A running service sends what is queued within a minute.')
  if (stopped) lines.push('Stopped before the end: run the same command again to go on.')
  return lines.join('\n')
}

function countLines({ seen, new: fresh, changed, unchanged, passed_over: over, queued, skipped }: Counts): string[] {
  const lines = [
    `${countOf(seen, 'order')}: ${fresh} new, ${changed} changed, ${unchanged} known already, ${over} passed over (drafts and the like).`,
    `${queued} message${queued === 1 ? '' : 's'} queued.`,
  ]
  for (const [reason, count] of Object.entries(skipped)) lines.push(`${count} skipped: ${skipText(reason)}`)
  return lines
}
