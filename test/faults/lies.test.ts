import { expect, onTestFinished, test } from 'vitest'
import { LIES, type Stage } from './stages.ts'
import { allWell, anOrder, createTown, phoneOf, strikeNext, type Town } from './town.ts'

const ASHA = phoneOf(0)
const MINUTE = 60_000
const BLIND = { listEchoesMediaUrl: false }

/** One order whose first send is taken on and denied; WhatsApp fetches the picture all the same. */
async function liedTo(stage: Stage, blind: boolean): Promise<{ town: Town; id: string }> {
  const town = await createTown({ customers: [ASHA], ...(blind && { switches: BLIND }) })
  onTestFinished(town.stop)
  await strikeNext(town, stage)
  expect(await town.order(anOrder(1, ASHA))).toBe(200)
  await town.settle()
  await allWell(town)
  const [message] = await town.messages()
  const id = message?.id ?? ''
  expect((await town.story(id)).attempts_made).toMatchObject([{ result: stage.result, code: stage.code }])
  await town.run(2 * MINUTE)
  expect(town.karibu.images()).toHaveLength(1)
  if (stage.result === 'refused') await town.post(`/v1/messages/${id}/retry`)
  await town.run(5 * MINUTE)
  return { town, id }
}

test.each(LIES.map((stage) => [stage.name, stage] as const))(
  '%s: the fetch of its picture speaks against it, and the list settles it; no second image',
  async (_name, stage) => {
    const { town, id } = await liedTo(stage, false)
    const [image, ...copies] = town.karibu.images()
    expect(copies).toEqual([])
    const { attempts_made: attempts, ...story } = await town.story(id)
    expect(story).toMatchObject({ status: 'read', message_id: image?.id, attempts: 1 })
    expect(attempts).toMatchObject([{ result: 'accepted', code: stage.code, message_id: image?.id }])
  },
)

test.each(LIES.map((stage) => [stage.name, stage] as const))(
  '%s, and a list without links: uncertain with its evidence, until a person says to send it again',
  async (_name, stage) => {
    const { town, id } = await liedTo(stage, true)
    expect(town.karibu.images()).toHaveLength(1)
    const story = await town.story(id)
    expect(story).toMatchObject({
      status: 'uncertain',
      reason: { code: 'answer_lost' },
      error_code: stage.code,
      error_detail: expect.stringMatching(
        /^look \d+: Karibu’s list shows one message .*; its picture was fetched since$/,
      ),
      attempts_made: [{ result: 'unknown', detail: expect.stringMatching(/yet its picture was fetched/) }],
      images: [{ fetches: [{ method: 'GET' }] }],
    })
    town.clock.moveTo(town.clock.now() + 26 * 60 * MINUTE)
    await town.run(MINUTE)
    expect(town.karibu.images()).toHaveLength(1)
    expect(await town.messages()).toMatchObject([{ status: 'uncertain', reason: { code: 'needs_a_person' } }])
    expect(await town.story(id)).toMatchObject({ error_detail: expect.stringMatching(/^look \d+: /) })
    town.karibu.customerWrites(ASHA)
    await town.run(2 * MINUTE)
    expect(await town.post(`/v1/messages/${id}/retry`, { accept_duplicate: true })).toBe(200)
    await town.run(MINUTE)
    expect(town.karibu.images()).toHaveLength(2)
    expect(await town.messages()).toMatchObject([{ status: 'read', attempts: 2 }])
  },
)
