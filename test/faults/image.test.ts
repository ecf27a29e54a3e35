import { expect, onTestFinished, test } from 'vitest'
import { REFUSAL, STAGES, type Stage } from './stages.ts'
import { allWell, anOrder, createTown, fateOf, phoneOf, strikeNext, type Town } from './town.ts'

const ASHA = phoneOf(0)
const MINUTE = 60_000
const FOUND = 'found in Karibu’s list afterwards'

/** One order whose first send meets the stage; all is well afterwards. */
async function struckTown(stage: Stage): Promise<Town> {
  const town = await createTown({ customers: [ASHA] })
  onTestFinished(town.stop)
  await strikeNext(town, stage)
  expect(await town.order(anOrder(1, ASHA))).toBe(200)
  await town.settle()
  await allWell(town)
  return town
}

async function onlyStory(town: Town) {
  const messages = await town.messages()
  expect(messages).toHaveLength(1)
  return town.story(messages[0]?.id ?? '')
}

/** How a message stands right after an attempt with this result. */
const AT_ONCE: Record<Stage['result'], RegExp> = {
  accepted: /^(pending|sent|delivered|read)$/,
  unknown: /^uncertain$/,
  later: /^queued$/,
  blocked: /^queued$/,
  refused: /^failed$/,
}

test.each(STAGES.map((stage) => [stage.name, stage] as const))('%s: one image in the end', async (_name, stage) => {
  const town = await struckTown(stage)
  const struck = await onlyStory(town)
  const fate = fateOf(stage, struck.attempts_made[0]?.code)
  expect(struck.attempts_made).toMatchObject([fate])
  expect(struck.status).toMatch(AT_ONCE[fate.result])
  expect(town.karibu.images()).toHaveLength(stage.taken ? 1 : 0)

  await town.run(5 * MINUTE)
  const [image, ...copies] = town.karibu.images()
  expect(copies).toEqual([])
  const { attempts_made: attempts, ...story } = await onlyStory(town)
  expect(story).toMatchObject({ status: 'read', error_code: null, reason: null, message_id: image?.id })
  const found = stage.taken && fate.result === 'unknown'
  expect(attempts[0]).toMatchObject({
    code: fate.code,
    result: found ? 'accepted' : fate.result,
    message_id: stage.taken ? image?.id : null,
    ...(found && { detail: FOUND }),
  })
  expect(attempts.slice(1)).toMatchObject(stage.taken ? [] : [{ result: 'accepted', message_id: image?.id }])
})

test(`${REFUSAL.name} fails the message with its code and sends nothing`, async () => {
  const town = await struckTown(REFUSAL)
  await town.run(5 * MINUTE)
  expect(town.karibu.images()).toEqual([])
  expect(await town.messages()).toMatchObject([{ status: 'failed', error_code: REFUSAL.code, attempts: 1 }])
})
