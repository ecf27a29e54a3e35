import { expect, test } from 'vitest'
import { runMix } from './mix.ts'

test('orders through a line that breaks everywhere: every one exactly once, and known to be', {
  timeout: 40_000,
}, async () => {
  const figures = await runMix({ orders: 25, seed: 20_261_120, listTells: true, listLagMs: 20_000 })
  expect(figures.struck).toBeGreaterThan(15)
  expect(figures).toMatchObject({ images: 25, copied: [], lost: [], unsettled: [], invitedTwice: 0 })
})

test('the same with a list that shows no links: never twice, and what is not known is uncertain', {
  timeout: 40_000,
}, async () => {
  const figures = await runMix({ orders: 15, seed: 7, listTells: false })
  expect(figures).toMatchObject({ copied: [], lost: [], invitedTwice: 0 })
  for (const unsettled of figures.unsettled)
    expect(unsettled).toMatch(/ uncertain (answer_lost|needs_a_person) karibu\./)
})
