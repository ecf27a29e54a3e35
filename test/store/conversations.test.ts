import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eq } from 'drizzle-orm'
import { describe, expect, onTestFinished, test } from 'vitest'
import { HOUR, MINUTE } from '../../src/clock.ts'
import { ensureConversation, resolveContact, type Witness } from '../../src/store/conversations.ts'
import type { Db } from '../../src/store/db.ts'
import { type OpenDatabase, openDatabase } from '../../src/store/open.ts'
import type { ConversationRow, MessageRow } from '../../src/store/records.ts'
import { conversations, messages } from '../../src/store/schema.ts'
import type { Contact } from '../../src/store/words.ts'
import { windowAt } from '../../src/window/window.ts'
import { seeded } from '../rules/an-order.ts'
import { aConversationRow, aMessageRow, NOW, SENDER } from '../support/rows.ts'

const OTHER_SENDER = '255700000002'
const ASHA = '255712345678'
const NEEMA = '255787654321'

function aDatabase(): OpenDatabase {
  const folder = mkdtempSync(join(tmpdir(), 'risiti-conversations-'))
  const database = openDatabase(join(folder, 'risiti.db'))
  onTestFinished(async () => {
    await database.close()
    rmSync(folder, { recursive: true, force: true })
  })
  return database
}

type Known = Partial<ConversationRow> & { id: string }

const contact = (change: Partial<Contact> = {}): Contact => ({
  sender: SENDER,
  phone: null,
  karibuId: null,
  name: null,
  ...change,
})
/** A row without the time of its last change, which nobody decides by. */
const lasting = ({ updatedAt: _updatedAt, ...rest }: ConversationRow) => rest
const row = (known: Known) => aConversationRow({ phone: null, karibuId: null, lastInboundAt: null, ...known })

/** What the store holds after a contact is met, beside what was known before. */
async function meet(
  known: Known[],
  met: Partial<Contact>,
  witness: Witness,
  mail: (Partial<MessageRow> & { id: string })[] = [],
) {
  const { writer } = aDatabase()
  return writer.run(async (db) => {
    for (const one of known) await db.insert(conversations).values(row(one))
    for (const one of mail) await db.insert(messages).values(aMessageRow({ effectKey: one.id, ...one }))
    const found = await resolveContact(db, contact(met), witness, NOW + HOUR, () => 'cnv_new')
    const stored = await db.select().from(conversations).orderBy(conversations.id)
    const kept = await db.select().from(messages).orderBy(messages.id)
    expect(await storedFaults(db, found)).toEqual([])
    return { found, stored, mail: kept }
  })
}
const shown = ({ id, sender, phone, karibuId }: ConversationRow) =>
  [id, sender === SENDER ? 'ours' : 'other', phone, karibuId] as const
type Shown = ReturnType<typeof shown>

describe('whose conversation it is', () => {
  const byPhone: Known = { id: 'cnv_p', phone: ASHA }
  const byThread: Known = { id: 'cnv_t', karibuId: 't1' }
  const both: Known = { id: 'cnv_b', phone: ASHA, karibuId: 't1' }

  test.each<[string, Known[], Partial<Contact>, Witness, string | undefined, Shown[]]>([
    [
      'a new contact is made',
      [],
      { phone: ASHA, karibuId: 't1' },
      'karibu',
      'cnv_new',
      [['cnv_new', 'ours', ASHA, 't1']],
    ],
    [
      'a new thread without a phone is made',
      [],
      { karibuId: 't1' },
      'relay',
      'cnv_new',
      [['cnv_new', 'ours', null, 't1']],
    ],
    ['a known phone is found', [byPhone], { phone: ASHA }, 'relay', 'cnv_p', [['cnv_p', 'ours', ASHA, null]]],
    ['a known thread is found', [byThread], { karibuId: 't1' }, 'relay', 'cnv_t', [['cnv_t', 'ours', null, 't1']]],
    [
      'the thread of a phone is filled in',
      [byPhone],
      { phone: ASHA, karibuId: 't1' },
      'relay',
      'cnv_p',
      [['cnv_p', 'ours', ASHA, 't1']],
    ],
    [
      'the phone of a thread is filled in',
      [byThread],
      { phone: ASHA, karibuId: 't1' },
      'relay',
      'cnv_t',
      [['cnv_t', 'ours', ASHA, 't1']],
    ],
    ['a phone alone takes no thread away', [both], { phone: ASHA }, 'relay', 'cnv_b', [['cnv_b', 'ours', ASHA, 't1']]],
    [
      'a thread alone takes no phone away',
      [both],
      { karibuId: 't1' },
      'karibu',
      'cnv_b',
      [['cnv_b', 'ours', ASHA, 't1']],
    ],
    [
      'Karibu names a new thread of the contact: it is the living one',
      [both],
      { phone: ASHA, karibuId: 't2' },
      'karibu',
      'cnv_b',
      [['cnv_b', 'ours', ASHA, 't2']],
    ],
    [
      'a relay names another thread: Karibu’s word stays',
      [both],
      { phone: ASHA, karibuId: 't2' },
      'relay',
      'cnv_b',
      [['cnv_b', 'ours', ASHA, 't1']],
    ],
    [
      'another sender’s contact of the same phone is another',
      [byPhone],
      { sender: OTHER_SENDER, phone: ASHA },
      'relay',
      'cnv_new',
      [
        ['cnv_new', 'other', ASHA, null],
        ['cnv_p', 'ours', ASHA, null],
      ],
    ],
    [
      'a relay names another’s thread without a phone: nobody is meant',
      [both],
      { sender: OTHER_SENDER, karibuId: 't1' },
      'relay',
      undefined,
      [['cnv_b', 'ours', ASHA, 't1']],
    ],
    [
      'a relay names another’s thread beside its phone: only the phone counts',
      [both],
      { phone: NEEMA, karibuId: 't1' },
      'relay',
      'cnv_new',
      [
        ['cnv_b', 'ours', ASHA, 't1'],
        ['cnv_new', 'ours', NEEMA, null],
      ],
    ],
    [
      'Karibu says the thread is another phone’s: it moves there',
      [both, { id: 'cnv_n', phone: NEEMA }],
      { phone: NEEMA, karibuId: 't1' },
      'karibu',
      'cnv_n',
      [
        ['cnv_b', 'ours', ASHA, null],
        ['cnv_n', 'ours', NEEMA, 't1'],
      ],
    ],
    [
      'Karibu says the thread is another sender’s: it moves there',
      [both],
      { sender: OTHER_SENDER, phone: ASHA, karibuId: 't1' },
      'karibu',
      'cnv_new',
      [
        ['cnv_b', 'ours', ASHA, null],
        ['cnv_new', 'other', ASHA, 't1'],
      ],
    ],
    [
      'Karibu puts right the sender of a thread a relay had guessed',
      [byThread],
      { sender: OTHER_SENDER, karibuId: 't1' },
      'karibu',
      'cnv_t',
      [['cnv_t', 'other', null, 't1']],
    ],
    [
      'a relay does not',
      [byThread],
      { sender: OTHER_SENDER, karibuId: 't1' },
      'relay',
      undefined,
      [['cnv_t', 'ours', null, 't1']],
    ],
    [
      'a phone met with a thread of its own: the two are one',
      [byPhone, byThread],
      { phone: ASHA, karibuId: 't1' },
      'karibu',
      'cnv_p',
      [['cnv_p', 'ours', ASHA, 't1']],
    ],
    [
      'a relay may say so, too',
      [byPhone, byThread],
      { phone: ASHA, karibuId: 't1' },
      'relay',
      'cnv_p',
      [['cnv_p', 'ours', ASHA, 't1']],
    ],
    [
      'a thread guessed at another sender is absorbed by the phone’s row of the right one',
      [{ ...byPhone, sender: OTHER_SENDER }, byThread],
      { sender: OTHER_SENDER, phone: ASHA, karibuId: 't1' },
      'karibu',
      'cnv_p',
      [['cnv_p', 'other', ASHA, 't1']],
    ],
  ])('%s', async (_name, known, met, witness, id, expected) => {
    const { found, stored } = await meet(known, met, witness)
    expect(found?.id).toBe(id)
    expect(stored.map(shown)).toEqual(expected)
  })

  test('a contact of an order always has its conversation, whoever holds the thread it names', async () => {
    const { writer } = aDatabase()
    await writer.run(async (db) => {
      await db.insert(conversations).values(row(both))
      const made = await ensureConversation(db, contact({ phone: NEEMA, karibuId: 't1' }), NOW, () => 'cnv_new')
      expect(shown(made)).toEqual(['cnv_new', 'ours', NEEMA, null])
      const refused = ensureConversation(db, contact({ sender: OTHER_SENDER, karibuId: 't1' }), NOW, () => 'cnv_x')
      await expect(refused).rejects.toThrow('named by another contact')
    })
  })
})

const meetBoth = (kept: Partial<ConversationRow>, gone: Partial<ConversationRow>, mail?: Parameters<typeof meet>[3]) =>
  meet(
    [
      { id: 'cnv_p', phone: ASHA, ...kept },
      { id: 'cnv_t', karibuId: 't1', ...gone },
    ],
    { phone: ASHA, karibuId: 't1' },
    'karibu',
    mail,
  )

const evidence = (eventId: string) => ({ source: 'karibu', messageId: null, eventId, seenAt: NOW })

describe('two rows that are one contact', () => {
  test('the messages of both go on under the phone', async () => {
    const { mail } = await meetBoth({}, {}, [
      { id: 'msg_a', conversationId: 'cnv_p', phone: ASHA },
      { id: 'msg_b', conversationId: 'cnv_t', phone: null },
    ])
    expect(mail).toMatchObject([
      { id: 'msg_a', conversationId: 'cnv_p', phone: ASHA },
      { id: 'msg_b', conversationId: 'cnv_p', phone: ASHA },
    ])
  })

  test.each([
    ['the thread’s', NOW - HOUR, NOW, NOW, 'gone'],
    ['the phone’s', NOW, NOW - HOUR, NOW, 'kept'],
    ['the only one', null, NOW - HOUR, NOW - HOUR, 'gone'],
  ])('the newer evidence of a window is kept: %s', async (_name, kept, gone, lastInboundAt, eventId) => {
    const { found } = await meetBoth(
      { lastInboundAt: kept, evidence: kept === null ? null : evidence('kept') },
      { lastInboundAt: gone, evidence: evidence('gone') },
    )
    expect(found).toMatchObject({ lastInboundAt, evidence: { eventId } })
  })

  test.each([
    ['a newer stop of the thread', { optWordAt: NOW - HOUR }, { optWordAt: NOW, optedOutAt: NOW }, NOW],
    ['a newer start of the thread', { optWordAt: NOW - HOUR, optedOutAt: NOW - HOUR }, { optWordAt: NOW }, null],
    ['a newer stop of the phone', { optWordAt: NOW, optedOutAt: NOW }, { optWordAt: NOW - HOUR }, NOW],
    ['the only stop', { optWordAt: NOW, optedOutAt: NOW }, {}, NOW],
  ])('the newer word on being written to counts: %s', async (_name, kept, gone, optedOutAt) => {
    expect((await meetBoth(kept, gone)).found).toMatchObject({ optedOutAt, optWordAt: NOW })
  })

  test('Karibu’s refusal goes with the evidence it is about: the window stays closed', async () => {
    const refused = { closedVerdictAt: NOW - MINUTE, closedVerdictCode: 'karibu.WINDOW_CLOSED' }
    const { found } = await meetBoth({}, { lastInboundAt: NOW - HOUR, ...refused })
    expect(found && windowAt(found, NOW, 0).open).toBe(false)
  })

  test('who was invited under the one row is not invited again under the other', async () => {
    expect((await meetBoth({}, { lastInvitedAt: NOW })).found?.lastInvitedAt).toBe(NOW)
  })

  test('a row put right takes its messages along', async () => {
    const known: Known[] = [{ id: 'cnv_t', karibuId: 't1' }]
    const mail = [{ id: 'msg_a', conversationId: 'cnv_t', phone: null }]
    const met = await meet(known, { sender: OTHER_SENDER, phone: ASHA, karibuId: 't1' }, 'karibu', mail)
    expect(met.mail).toMatchObject([{ conversationId: 'cnv_t', sender: OTHER_SENDER, phone: ASHA }])
  })
})

/** Why the row that a contact was given is not its own. */
function faultsOf(witness: Witness, met: Contact, found: ConversationRow | undefined): string[] {
  if (!found) return witness === 'relay' && met.phone === null ? [] : ['no row was given']
  const { sender, phone, karibuId } = met
  return [
    found.sender === sender ? '' : 'another sender',
    phone === null || found.phone === phone ? '' : 'another phone',
    witness === 'relay' || karibuId === null || found.karibuId === karibuId ? '' : 'not the thread Karibu names',
  ].filter((fault) => fault !== '')
}

/** Why the stored rows are not whole: a row known by nothing, or mail whose home is not of its sender and number. */
async function storedFaults(db: Db, found: ConversationRow | undefined): Promise<string[]> {
  const stored = await db.select().from(conversations)
  const known = found && stored.find(({ id }) => id === found.id)
  const given = found && JSON.stringify(lasting(found)) !== JSON.stringify(known && lasting(known))
  const mail = await db.select().from(messages)
  return [
    ...(given ? ['the given row is not the stored one'] : []),
    ...stored.filter(({ phone, karibuId }) => phone === null && karibuId === null).map(({ id }) => `${id}: nobody`),
    ...mail
      .filter(({ conversationId, sender, phone }) => {
        const home = stored.find(({ id }) => id === conversationId)
        return home?.sender !== sender || (phone !== null && home.phone !== phone)
      })
      .map(({ id }) => `${id}: not at home`),
  ]
}

test('six hundred random lives of a few contacts: nobody collides, is lost, or gets another’s messages', async () => {
  const random = seeded(21)
  const pick = <T>(...values: T[]) => values[Math.floor(random() * values.length)] as T
  await aDatabase().writer.run(async (db) => {
    let next = 0
    const newId = () => `x_${++next}`
    for (let life = 0; life < 600; life++) {
      const sequence: unknown[] = []
      for (let step = 0; step < 6; step++) {
        const karibuId = pick(null, 't1', 't2', 't3')
        const phone = karibuId === null ? pick(ASHA, NEEMA) : pick(null, ASHA, NEEMA)
        const met = contact({ sender: pick(SENDER, SENDER, OTHER_SENDER), phone, karibuId })
        const witness = pick<Witness>('karibu', 'relay')
        sequence.push({ ...met, witness })
        const found = await resolveContact(db, met, witness, NOW + step, newId).catch((error: unknown) => {
          throw new Error(`after ${JSON.stringify(sequence)}`, { cause: error })
        })
        const faults = [...faultsOf(witness, met, found), ...(step === 5 ? await storedFaults(db, found) : [])]
        expect({ sequence, faults }).toEqual({ sequence, faults: [] })
        if (found && random() < 0.5) {
          const { sender } = found
          const id = newId()
          await db
            .insert(messages)
            .values(aMessageRow({ id, effectKey: id, conversationId: found.id, sender, phone: found.phone }))
          await db
            .update(conversations)
            .set({ lastInboundAt: NOW + step })
            .where(eq(conversations.id, found.id))
        }
      }
      await db.delete(messages)
      await db.delete(conversations)
    }
  })
}, 60_000)
