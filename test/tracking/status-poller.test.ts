import { expect, test } from 'vitest'
import { createActivity } from '../../src/activity.ts'
import { silentLog } from '../../src/log.ts'
import type { MessageRow } from '../../src/store/records.ts'
import { createStatusPoller } from '../../src/tracking/status-poller.ts'
import { createFakeClock } from '../support/fake-clock.ts'

/** Which of ten quiet messages one pass asks after when Karibu's answers to these are lost. */
async function askedAfter(lost: string[]): Promise<string[]> {
  const activity = createActivity()
  const asked: string[] = []
  let listed = false
  const poller = createStatusPoller({
    store: {
      listQuiet: async () => {
        if (listed) return []
        listed = true
        return Array.from(
          { length: 10 },
          (_, index) => ({ id: `msg_${index}`, messageId: String(index) }) as MessageRow,
        )
      },
      planStatusPoll: async () => {},
      recordReport: async () => ({ outcome: 'nothing_new', message: null }),
      findCursor: async () => undefined,
      saveCursor: async () => {},
    },
    karibu: {
      async getMessage(id) {
        asked.push(id)
        if (lost.includes(id)) throw new Error('no answer')
        return null
      },
    },
    recordReport: async () => 'nothing_new',
    clock: createFakeClock(0),
    activity,
    log: silentLog,
    pollAfterMs: 1000,
  })
  poller.start()
  await activity.idle()
  await poller.stop()
  return asked
}

test('one lost answer does not keep the poller from the messages after it', async () => {
  expect(await askedAfter(['0', '4', '5'])).toHaveLength(10)
})

test('a Karibu that answers nothing is left alone after one round', async () => {
  expect(await askedAfter(Array.from({ length: 10 }, (_, index) => String(index)))).toHaveLength(8)
})
