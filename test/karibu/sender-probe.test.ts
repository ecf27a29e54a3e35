import { expect, test } from 'vitest'
import { KaribuUnavailable } from '../../src/karibu/client.ts'
import { probeSender } from '../../src/karibu/sender-probe.ts'
import { type Sender, sender } from '../../src/karibu/wire.ts'

const NUMBER = '255700000001'
const one = (change: Record<string, unknown>): Sender =>
  sender.parse({ id: 'uuid-1', display_number: `+255 700 000 001`, is_active: true, ...change })

test.each<[string, Record<string, unknown>[], string, string]>([
  ['a sender listed as active works', [{}], NUMBER, 'works'],
  ['by its phone_number_id as well', [{ phone_number_id: '1055' }], '1055', 'works'],
  ['a list that does not say whether it is active is no refusal', [{ is_active: undefined }], NUMBER, 'works'],
  ['an inactive one is refused', [{ is_active: false }], NUMBER, 'refused'],
  [
    'one that a list with all names does not hold is refused',
    [{ display_number: '255700000002', phone_number_id: '1056' }],
    NUMBER,
    'refused',
  ],
  ['a list that leaves names out proves nothing', [{ display_number: '255700000002' }], '1055', 'unknown'],
  ['nor does an empty one', [], NUMBER, 'unknown'],
])('%s', async (_name, listed, name, kind) => {
  const listSenders = async () => listed.map(one)
  expect(await probeSender({ listSenders }, name)).toMatchObject({ kind })
})

test.each([
  [401, 'refused'],
  [402, 'refused'],
  [403, 'refused'],
  [429, 'unknown'],
  [500, 'unknown'],
  [undefined, 'unknown'],
])('a list answered with %s says %s', async (status, kind) => {
  const listSenders = async () => {
    throw new KaribuUnavailable('karibu.refused', 'Karibu said no', { details: { status } })
  }
  expect(await probeSender({ listSenders }, NUMBER)).toEqual({ kind, detail: 'Karibu said no' })
})
