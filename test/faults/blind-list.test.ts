import { expect, onTestFinished, test } from 'vitest'
import { STAGES } from './stages.ts'
import { allWell, anOrder, createTown, fateOf, phoneOf, strikeNext } from './town.ts'

const ASHA = phoneOf(0)
const MINUTE = 60_000
/** Karibu's list names no links: nothing in it tells whose a message is. */
const BLIND = { listEchoesMediaUrl: false }

test.each(STAGES.map((stage) => [stage.name, stage] as const))(
  '%s: never two images, and what cannot be known is uncertain',
  async (_name, stage) => {
    const town = await createTown({ customers: [ASHA], switches: BLIND })
    onTestFinished(town.stop)
    await strikeNext(town, stage)
    expect(await town.order(anOrder(1, ASHA))).toBe(200)
    await town.settle()
    await allWell(town)
    await town.run(10 * MINUTE)
    expect(town.karibu.images()).toHaveLength(1)
    const [message, ...others] = await town.messages()
    expect(others).toEqual([])
    const { attempts_made: attempts, ...story } = await town.story(message?.id ?? '')
    const settled = !stage.taken || stage.result === 'accepted'
    expect(story).toMatchObject(
      settled
        ? { status: 'read', reason: null, message_id: town.karibu.images()[0]?.id }
        : { status: 'uncertain', reason: { code: 'answer_lost' }, error_code: stage.code, message_id: null },
    )
    expect(attempts).toHaveLength(stage.taken ? 1 : 2)
    expect(attempts[0]).toMatchObject(fateOf(stage, attempts[0]?.code))
  },
)

test('what a list without links never settles is shown to a person after a day, still with one image', async () => {
  const lost = STAGES.filter(
    (stage) => stage.taken && stage.result === 'unknown' && !/time-out|slowly|never/.test(stage.name),
  )
  const customers = lost.map((_stage, index) => phoneOf(index))
  const town = await createTown({ customers, switches: BLIND })
  onTestFinished(town.stop)
  for (const [index, stage] of lost.entries()) {
    await strikeNext(town, stage)
    await town.order(anOrder(index, phoneOf(index)))
    await town.settle()
    await allWell(town)
  }
  await town.run(26 * 60 * MINUTE)
  expect(town.karibu.images()).toHaveLength(lost.length)
  const messages = await town.messages()
  expect(new Set(messages.map(({ status, reason }) => `${status} ${reason?.code}`))).toEqual(
    new Set(['uncertain needs_a_person']),
  )
})
