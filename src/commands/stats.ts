import { DAY } from '../clock.ts'
import { statsOf } from '../query/stats.ts'
import { parseMoment } from '../query/times.ts'
import type { ShopSilence } from '../silence/watch.ts'
import { type Paint, paintWord, plain } from './paint.ts'
import { countOf } from './progress.ts'
import { formatTable } from './table.ts'
import { shortTimeIn, timeIn, zoneNote } from './times.ts'

export interface StatsInput {
  since: string | undefined
  json: boolean
  timezone: string
  now: number
  shops: ShopSilence[]
  /** Of the terminal. */
  columns?: number
  paint?: Paint
}

type Stats = Awaited<ReturnType<typeof statsOf>>

/** What `GET /v1/stats` tells, for people or as its JSON. */
export async function runStats(input: StatsInput, store: Parameters<typeof statsOf>[0]): Promise<string> {
  const { now, shops } = input
  const since = parseMoment('since', input.since, now) ?? now - DAY
  const stats = await statsOf(store, { since, now, shops })
  return input.json ? JSON.stringify(stats, null, 2) : forPeople(stats, input)
}

function forPeople(stats: Stats, { timezone, now, columns, paint = plain }: StatsInput): string {
  const time = shortTimeIn(timezone, now)
  const counts = (rows: Record<string, number>) =>
    Object.entries(rows)
      .map(([word, count]) => `  ${String(count).padStart(7)}  ${paintWord(paint, word)}`)
      .join('\n') || '        0'
  const parts = [
    `${paint('bold', `Messages made since ${timeIn(timezone)(stats.since)}`)}\n${counts(stats.by_status)}`,
    `${paint('bold', 'Waiting now')}\n${counts(stats.waiting)}`,
    `${paint('bold', 'Taken on by Karibu this month (UTC)')}\n${
      Object.entries(stats.sends_this_month)
        .map(([sender, count]) => `  ${String(count).padStart(7)}  ${sender}`)
        .join('\n') || '        0'
    }`,
    ...stats.paused_senders.map(({ sender, code, detail, until }) =>
      paint('red', `${sender} rests until ${time(until)}: ${detail ?? code}`),
    ),
    formatTable(
      ['SHOP', 'LAST EVENT', 'STATE', 'ALARM'],
      stats.shops.map((shop) => [
        shop.shop,
        shop.last_event_at === null ? 'never' : time(shop.last_event_at),
        shop.silent ? 'silent' : 'well',
        shop.alarm_after_seconds === null ? 'none' : `after ${hours(shop.alarm_after_seconds)}`,
      ]),
      { columns, paint, coloured: 2 },
    ),
    zoneNote(timezone),
  ]
  return parts.join('\n\n')
}

function hours(seconds: number): string {
  return seconds < 3600 ? countOf(Math.round(seconds / 60), 'minute') : countOf(Math.round(seconds / 3600), 'hour')
}
