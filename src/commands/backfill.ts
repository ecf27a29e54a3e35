import { type ByHandDeps, type ByHandResult, backfillByHand, type Progress } from '../backfill/by-hand.ts'
import type { Counts } from '../backfill/counts.ts'
import { MINUTE, SECOND } from '../clock.ts'
import { AppError } from '../errors.ts'
import { skipText } from '../query/reasons.ts'
import { parseMoment } from '../query/times.ts'

export interface BackfillInput {
  shop: string
  since: string
  until: string | undefined
  dryRun: boolean
  json: boolean
}

export interface BackfillDeps extends Omit<ByHandDeps, 'progress'> {
  /** Shows a line in place of the one before; undefined where nobody looks. */
  show: ((line: string) => void) | undefined
}

/** Reads what changed in a shop and takes it in like webhooks; what was known already stays as it is. */
export async function runBackfill(input: BackfillInput, deps: BackfillDeps): Promise<string> {
  const { shop, dryRun, json } = input
  const { clock, show } = deps
  const now = clock.now()
  const since = parseMoment('since', input.since, now)
  const until = parseMoment('until', input.until, now) ?? null
  if (since >= (until ?? now)) throw new AppError('backfill.span', '--since must be before now and before --until')
  const progress = (state: Progress) => show?.(progressLine(state, { startedAt: now, now: clock.now() }))
  const result = await backfillByHand({ shop, since, until, trial: dryRun }, { ...deps, progress })
  if (json) return JSON.stringify(asJson(input, result), null, 2)
  return summary(input, result)
}

const BAR = 24

/** Pure: `[######------] 50%  1,200 of 2,400 orders, about 3 min left`. */
export function progressLine(
  { counts: { seen }, total, waiting }: Progress,
  { startedAt, now }: { startedAt: number; now: number },
): string {
  if (waiting !== null) return `${orders(seen)} read; waiting: ${waiting.slice(0, 100)}`
  if (total === null || total === 0) return `${orders(seen)} read …`
  // Orders that come in meanwhile make it more than all.
  const part = Math.min(1, seen / total)
  const filled = Math.round(part * BAR)
  const bar = `[${'#'.repeat(filled)}${'-'.repeat(BAR - filled)}]`
  const left = seen === 0 || part === 1 ? '' : `, about ${span(((now - startedAt) / part) * (1 - part))} left`
  return `${bar} ${Math.floor(part * 100)}%  ${seen.toLocaleString('en')} of ${orders(Math.max(total, seen))}${left}`
}

function span(ms: number): string {
  if (ms < 90 * SECOND) return `${Math.max(1, Math.round(ms / SECOND))} s`
  const minutes = Math.round(ms / MINUTE)
  return minutes < 90 ? `${minutes} min` : `${Math.round(minutes / 60)} h`
}

function orders(count: number): string {
  return `${count.toLocaleString('en')} order${count === 1 ? '' : 's'}`
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
    `${orders(seen)}: ${fresh} new, ${changed} changed, ${unchanged} known already, ${over} passed over (drafts and the like).`,
    `${queued} message${queued === 1 ? '' : 's'} queued.`,
  ]
  for (const [reason, count] of Object.entries(skipped)) lines.push(`${count} skipped: ${skipText(reason)}`)
  return lines
}
