import { describe, expect, test } from 'vitest'
import { HOUR, MINUTE } from '../../src/clock.ts'
import { createIds } from '../../src/ids.ts'
import { decideInbound, type InboundInput } from '../../src/intake/decide-inbound.ts'
import type { InboundMessage } from '../../src/order.ts'
import { compileRules } from '../../src/rules/match.ts'
import type { InboundSnapshot } from '../../src/store/intake.ts'
import { WINDOW_MS } from '../../src/window/window.ts'
import { aMessage, aRule } from '../rules/an-order.ts'
import { aConversationRow, aMessageRow, aShop, NOW, permutations, SENDER } from '../support/rows.ts'

const HELD = [aMessageRow({ id: 'msg_1', status: 'held' }), aMessageRow({ id: 'msg_2', status: 'held' })]
const MENU: Parameters<typeof aRule>[0] = {
  name: 'menu',
  on: 'message.received',
  send: { image: { kind: 'url', url: 'https://duka.example/menu.png' }, caption: { sw: 'Menyu', en: 'Menu' } },
  when: { text: ['menu', 'menyu'] },
}

function wrote(text: string | null, receivedAt = NOW, messageId: string | null = 'wamid.1'): InboundMessage {
  return { ...aMessage(text), receivedAt, messageId }
}

function decide(message: InboundMessage, snapshot: Partial<InboundSnapshot> = {}, change: Partial<InboundInput> = {}) {
  return decideInbound(
    { conversation: aConversationRow({ lastInboundAt: null }), held: HELD, answersWaiting: 0, claims: [], ...snapshot },
    {
      shops: [aShop()],
      rules: [],
      message,
      codes: [],
      source: 'karibu',
      history: false,
      eventId: 'evt_1',
      marginMs: 5 * MINUTE,
      now: NOW,
      ids: createIds({ now: () => NOW }),
      gaps: [],
      ...change,
    },
  )
}

describe('the window', () => {
  test('the customer’s message opens it and lets go all that was held', () => {
    const decision = decide(wrote('Habari'))
    expect(decision).toMatchObject({
      occurredAt: NOW,
      lastInboundAt: NOW,
      evidence: { source: 'karibu', messageId: 'wamid.1', eventId: 'evt_1', seenAt: NOW },
      optedOutAt: null,
      release: ['msg_1', 'msg_2'],
      enqueue: [],
    })
    const released = decision.trace.filter((line) => line.step === 'release').map((line) => line.messageId)
    expect(released).toEqual(['msg_1', 'msg_2'])
  })

  test('a message without text (a picture, a voice note) opens it too', () => {
    expect(decide(wrote(null)).release).toEqual(['msg_1', 'msg_2'])
  })

  test('a message found a day late opens nothing and says so', () => {
    const decision = decide(wrote('Habari', NOW - WINDOW_MS))
    expect(decision).toMatchObject({ lastInboundAt: NOW - WINDOW_MS, release: [], enqueue: [] })
    expect(decision.trace[0]).toMatchObject({ step: 'window', text: expect.stringContaining('stays closed') as string })
  })

  test('a message within the margin of its end releases nothing', () => {
    expect(decide(wrote('Habari', NOW - WINDOW_MS + 5 * MINUTE)).release).toEqual([])
    expect(decide(wrote('Habari', NOW - WINDOW_MS + 5 * MINUTE + 1)).release).toEqual(['msg_1', 'msg_2'])
  })

  test('an older message that comes late keeps the newer evidence', () => {
    const decision = decide(wrote('Habari', NOW - HOUR), { conversation: aConversationRow({ lastInboundAt: NOW }) })
    expect(decision).toMatchObject({ lastInboundAt: NOW, evidence: null })
  })

  test('Karibu’s refusal holds until a message newer than it', () => {
    const conversation = aConversationRow({ lastInboundAt: NOW - HOUR, closedVerdictAt: NOW - MINUTE })
    expect(decide(wrote('a', NOW - 2 * MINUTE), { conversation }).release).toEqual([])
    expect(decide(wrote('b', NOW), { conversation }).release).toEqual(['msg_1', 'msg_2'])
  })

  test('a sender’s clock ahead of ours is not believed', () => {
    expect(decide(wrote('Habari', NOW + 10 * HOUR)).lastInboundAt).toBe(NOW)
  })
})

describe('opting out', () => {
  const optedOut = aConversationRow({ lastInboundAt: NOW - HOUR, optedOutAt: NOW - HOUR })

  test('“stop” lets nothing go and is answered by no rule', () => {
    const rules = compileRules([aRule({ ...MENU, when: {} })])
    const decision = decide(wrote('STOP'), {}, { rules })
    expect(decision).toMatchObject({ optedOutAt: NOW, release: [], enqueue: [] })
  })

  test('an ordinary message of who opted out changes nothing about that', () => {
    const rules = compileRules([aRule(MENU)])
    expect(decide(wrote('menu'), { conversation: optedOut }, { rules })).toMatchObject({
      optedOutAt: NOW - HOUR,
      release: [],
      enqueue: [],
    })
  })

  test('“start” ends it and lets go what was held', () => {
    expect(decide(wrote('Anza'), { conversation: optedOut })).toMatchObject({
      optedOutAt: null,
      release: ['msg_1', 'msg_2'],
    })
  })

  test('an older “start” that is found late does not undo a newer “stop”', () => {
    const stop = wrote('stop', NOW - MINUTE, 'wamid.2')
    const start = wrote('start', NOW - HOUR, 'wamid.1')
    for (const sequence of permutations([stop, start])) {
      let conversation = aConversationRow({ lastInboundAt: null })
      for (const message of sequence) {
        const { lastInboundAt, optedOutAt, optWordAt } = decide(message, { conversation })
        conversation = { ...conversation, lastInboundAt, optedOutAt, optWordAt }
      }
      expect(conversation).toMatchObject({ optedOutAt: NOW - MINUTE, optWordAt: NOW - MINUTE })
    }
  })

  test('words told in any order, and again, end at the newest one', () => {
    const said = ['stop', 'start', 'stop', 'anza'].map((word, index) => wrote(word, NOW - HOUR + index * MINUTE))
    for (const sequence of permutations(said)) {
      let conversation = aConversationRow({ lastInboundAt: null })
      for (const message of [...sequence, ...sequence]) {
        const { lastInboundAt, optedOutAt, optWordAt } = decide(message, { conversation })
        conversation = { ...conversation, lastInboundAt, optedOutAt, optWordAt }
      }
      expect(conversation).toMatchObject({ optedOutAt: null, optWordAt: NOW - HOUR + 3 * MINUTE })
    }
  })

  test('a “stop” dated into the future counts from when we saw it, so that a later “start” is heard', () => {
    expect(decide(wrote('stop', NOW + 10 * HOUR))).toMatchObject({ optedOutAt: NOW, optWordAt: NOW })
  })

  test('an ordinary message leaves the time of the last word as it is', () => {
    const conversation = aConversationRow({ optWordAt: NOW - HOUR })
    expect(decide(wrote('Asante'), { conversation })).toMatchObject({ optedOutAt: null, optWordAt: NOW - HOUR })
  })
})

describe('rules that answer', () => {
  const rules = compileRules([aRule(MENU)])

  test('a matching message is answered to the same contact from the number it was written to', () => {
    const [reply, ...others] = decide(wrote('Naomba MENYU tafadhali'), {}, { rules }).enqueue
    expect(others).toEqual([])
    expect(reply).toMatchObject({
      status: 'queued',
      rule: 'menu',
      cause: 'message.received',
      sender: SENDER,
      phone: '255712345678',
      contact: { sender: SENDER, phone: '255712345678' },
      orderId: null,
      caption: 'Menyu',
      imageUrl: 'https://duka.example/menu.png',
      nextAttemptAt: NOW,
    })
  })

  test('a message that matches no rule is kept without an answer, and says why', () => {
    const decision = decide(wrote('Asante'), {}, { rules })
    expect(decision.enqueue).toEqual([])
    expect(decision.trace.find((line) => line.step === 'menu')?.text).toContain('did not match')
  })

  test('an old message found late is not answered: its window is closed', () => {
    expect(decide(wrote('menu', NOW - WINDOW_MS), {}, { rules }).enqueue).toEqual([])
  })

  test('a question is answered for an hour; later it only opens the window', () => {
    expect(decide(wrote('menu', NOW - HOUR), {}, { rules }).enqueue).toHaveLength(1)
    const late = decide(wrote('menu', NOW - HOUR - 1), {}, { rules })
    expect(late).toMatchObject({ enqueue: [], release: ['msg_1', 'msg_2'] })
    expect(late.trace).toContainEqual({ step: 'message.received', text: 'too old to be answered now' })
  })

  test('what was written before our first look is not answered, but opens the window', () => {
    expect(decide(wrote('menu'), {}, { rules, history: true })).toMatchObject({
      enqueue: [],
      release: ['msg_1', 'msg_2'],
    })
  })

  test('a message that a shop relayed without its id is not answered again when Karibu lists it', () => {
    const evidence = { source: 'mtandao', messageId: null, eventId: 'evt_0', seenAt: NOW - 10_000 }
    const conversation = aConversationRow({ lastInboundAt: NOW - 10_000, evidence })
    expect(decide(wrote('menu'), { conversation }, { rules }).enqueue).toEqual([])
    const earlier = aConversationRow({ lastInboundAt: NOW - 10 * MINUTE, evidence })
    expect(decide(wrote('menu'), { conversation: earlier }, { rules }).enqueue).toHaveLength(1)
  })

  test('the same message seen in two events makes the same reply, not a second one', () => {
    const keys = ['evt_1', 'evt_2'].map(
      (eventId) => decide(wrote('menu'), {}, { rules, eventId }).enqueue[0]?.effectKey,
    )
    expect(keys[0]).toBeDefined()
    expect(keys[0]).toBe(keys[1])
  })

  test('two messages with the same words are two questions', () => {
    const keys = ['a', 'b'].map((id) => decide(wrote('menu', NOW, id), {}, { rules }).enqueue[0]?.effectKey)
    expect(new Set(keys).size).toBe(2)
  })

  test('while five answers wait, no further one is made, and the trace says so', () => {
    expect(decide(wrote('menu'), { answersWaiting: 4 }, { rules }).enqueue).toHaveLength(1)
    const { enqueue, trace } = decide(wrote('menu'), { answersWaiting: 5 }, { rules })
    expect(enqueue).toEqual([])
    expect(trace.map(({ text }) => text)).toContain('not answered: 5 answers to this contact wait to go out already')
  })

  test('two shops that share a number answer once', () => {
    const shops = [aShop(), aShop({ id: 'soko' })]
    expect(decide(wrote('menu'), {}, { rules, shops }).enqueue).toHaveLength(1)
  })

  test('a rule of one shop alone answers for that shop, though another shares its number', () => {
    const onlySoko = compileRules([aRule({ ...MENU, when: { text: ['menu'], shops: ['soko'] } })])
    const shops = [aShop(), aShop({ id: 'soko' })]
    expect(decide(wrote('menu'), {}, { rules: onlySoko, shops }).enqueue).toMatchObject([{ shop: 'soko' }])
  })
})

test('a question of the time that a restore forgot may have been answered: that is looked up first', () => {
  const rules = compileRules([aRule(MENU)])
  const begins = (gaps: InboundInput['gaps']) =>
    decide(wrote('menu', NOW - MINUTE), {}, { rules, gaps }).enqueue.map(({ status, doubtSince }) => [
      status,
      doubtSince,
    ])
  expect(begins([{ from: NOW - HOUR, to: NOW }])).toEqual([['uncertain', NOW - HOUR]])
  expect(begins([{ from: NOW - 2 * HOUR, to: NOW - HOUR }])).toEqual([['queued', undefined]])
})
