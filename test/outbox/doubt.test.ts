import { expect, test } from 'vitest'
import { mayHaveArrived } from '../../src/outbox/doubt.ts'
import type { AttemptRow } from '../../src/store/records.ts'
import { anAttemptRow, NOW } from '../support/rows.ts'

test.each<[string, Partial<AttemptRow>, number | null, boolean]>([
  ['throttled, and fetched afterwards', { result: 'later' }, NOW + 1, true],
  ['refused for good, and fetched afterwards', { result: 'refused' }, NOW + 1, true],
  ['refused as outside the window, and fetched afterwards', { result: 'window-closed' }, NOW + 1, true],
  ['refused for the key, and fetched afterwards', { result: 'blocked' }, NOW + 1, true],
  ['never fetched', { result: 'later' }, null, false],
  ['fetched before the answer, as a check of the link would', { result: 'later' }, NOW, false],
  ['taken on, and failed by a later report', { result: 'accepted' }, NOW + 1, false],
  ['the picture itself was refused', { result: 'media' }, NOW + 1, false],
  ['looked up already, or sent again by a person', { result: 'unknown' }, NOW + 1, false],
  ['no connection stood', { result: 'later', code: 'karibu.unreachable' }, NOW + 1, false],
  ['not over yet', { result: null, finishedAt: null }, NOW + 1, false],
])('%s', (_name, change, fetchedAt, expected) => {
  expect(mayHaveArrived(anAttemptRow({ finishedAt: NOW, ...change }), fetchedAt)).toBe(expected)
})
