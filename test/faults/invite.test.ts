import { expect, onTestFinished, test } from 'vitest'
import { STAGES } from './stages.ts'
import { allWell, anOrder, createTown, fateOf, phoneOf, strikeNext } from './town.ts'

const ASHA = phoneOf(0)
const MINUTE = 60_000

test.each(STAGES.map((stage) => [stage.name, stage] as const))(
  '%s, at the invitation: one invitation, and one image once the customer writes',
  async (_name, stage) => {
    const town = await createTown()
    onTestFinished(town.stop)
    // The first connection asks Karibu whether the window is open after all.
    await strikeNext(town, stage, 1)
    expect(await town.order(anOrder(1, ASHA))).toBe(200)
    await town.settle()
    await allWell(town)
    await town.run(10 * MINUTE)
    const invitations = () => town.karibu.messages().filter(({ kind }) => kind === 'template')
    expect(invitations()).toHaveLength(1)
    expect(town.karibu.images()).toEqual([])

    town.karibu.customerWrites(ASHA)
    await town.run(10 * MINUTE)
    expect(invitations()).toHaveLength(1)
    expect(town.karibu.images()).toHaveLength(1)
    const messages = await town.messages()
    const image = messages.find(({ kind }) => kind === 'image')
    expect(image).toMatchObject({ status: 'read', attempts: 1, message_id: town.karibu.images()[0]?.id })
    const invitation = await town.story(messages.find(({ kind }) => kind === 'template')?.id ?? '')
    // No link tells an invitation apart: one that was taken on without an answer stays uncertain, and is not repeated.
    const settled = !stage.taken || stage.result === 'accepted'
    expect(invitation).toMatchObject(
      settled
        ? { status: 'read', reason: null, message_id: invitations()[0]?.id }
        : { status: 'uncertain', reason: { code: 'answer_lost' }, error_code: stage.code, message_id: null },
    )
    const { attempts_made: attempts } = invitation
    expect(attempts).toHaveLength(stage.taken ? 1 : 2)
    expect(attempts[0]).toMatchObject(fateOf(stage, attempts[0]?.code))
  },
)
