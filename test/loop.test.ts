import { EventEmitter, once } from 'node:events'
import { describe, expect, test } from 'vitest'
import { createActivity } from '../src/activity.ts'
import { createLoop } from '../src/loop.ts'
import { createFakeClock } from './support/fake-clock.ts'
import { NOW } from './support/rows.ts'

/** Lets everything that is due without the clock run to its end. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve))
}

function aLoop(pass: (count: number) => Promise<number> = async () => 1000) {
  const clock = createFakeClock(NOW)
  const activity = createActivity()
  const passes: number[] = []
  const errors: Record<string, unknown>[] = []
  const loop = createLoop({
    name: 'duty',
    clock,
    activity,
    log: { info() {}, warn() {}, error: (fields, name) => errors.push({ ...fields, name }) },
    retryMs: 5000,
    pass() {
      passes.push(clock.now() - NOW)
      return pass(passes.length)
    },
  })
  async function moveTo(ms: number) {
    clock.moveTo(NOW + ms)
    await settled()
  }
  return { loop, clock, activity, passes, errors, moveTo }
}

/** Work that ends when the test says so. */
function gate() {
  const emitter = new EventEmitter()
  return { open: () => emitter.emit('open'), opened: once(emitter, 'open') }
}

describe('the rhythm', () => {
  test('nothing runs before start', async () => {
    const { loop, passes, moveTo } = aLoop()
    loop.wake()
    await moveTo(10_000)
    expect(passes).toEqual([])
  })

  test('a pass runs at once, and the next after as long as it said, not before', async () => {
    const { loop, passes, moveTo } = aLoop()
    loop.start()
    await settled()
    expect(passes).toEqual([0])
    await moveTo(999)
    expect(passes).toEqual([0])
    await moveTo(1000)
    expect(passes).toEqual([0, 1000])
    await loop.stop()
  })

  test('starting twice makes one loop', async () => {
    const { loop, passes } = aLoop()
    loop.start()
    loop.start()
    await settled()
    expect(passes).toEqual([0])
    await loop.stop()
  })
})

describe('wake', () => {
  test('ends the sleep at once', async () => {
    const { loop, passes, moveTo } = aLoop()
    loop.start()
    await moveTo(10)
    loop.wake()
    await settled()
    expect(passes).toEqual([0, 10])
    await loop.stop()
  })

  test('during a pass is not lost: another pass follows without sleep', async () => {
    const { open, opened } = gate()
    const { loop, passes } = aLoop(async (count) => {
      if (count === 1) await opened
      return 60_000
    })
    loop.start()
    await settled()
    loop.wake()
    loop.wake()
    expect(passes).toEqual([0])
    open()
    await settled()
    expect(passes).toEqual([0, 0])
    await loop.stop()
  })

  test('passes never run beside each other', async () => {
    let beside = 0
    let most = 0
    const { loop, passes } = aLoop(async () => {
      most = Math.max(most, ++beside)
      await new Promise((resolve) => setImmediate(resolve))
      beside--
      return 1000
    })
    loop.start()
    for (let round = 0; round < 20; round++) {
      loop.wake()
      await settled()
    }
    await loop.stop()
    expect(passes.length).toBeGreaterThan(10)
    expect(most).toBe(1)
  })

  test('after stop runs nothing', async () => {
    const { loop, passes, moveTo } = aLoop()
    loop.start()
    await settled()
    await loop.stop()
    loop.wake()
    await moveTo(100_000)
    expect(passes).toEqual([0])
  })
})

describe('a pass that fails', () => {
  test.each<[string, () => Promise<number>]>([
    ['rejects', () => Promise.reject(new Error('bad pass'))],
    [
      'throws at once',
      () => {
        throw new Error('bad pass')
      },
    ],
  ])('and %s is logged and tried again after the wait, for ever', async (_name, fail) => {
    const { loop, passes, errors, activity, moveTo } = aLoop(fail)
    loop.start()
    await settled()
    await moveTo(4999)
    expect(passes).toEqual([0])
    await moveTo(5000)
    await moveTo(10_000)
    expect(passes).toEqual([0, 5000, 10_000])
    expect(errors).toHaveLength(3)
    expect(errors[0]).toMatchObject({ loop: 'duty', name: 'loop.pass_failed', error: 'bad pass' })
    expect(activity.count).toBe(0)
    await loop.stop()
  })
})

describe('stop', () => {
  test('waits for the pass under way, and none follows', async () => {
    const { open, opened } = gate()
    let ended = false
    const { loop, passes, moveTo } = aLoop(async () => {
      await opened
      ended = true
      return 0
    })
    loop.start()
    await settled()
    let stopped = false
    const stopping = loop.stop().then(() => {
      stopped = true
    })
    await settled()
    expect(stopped).toBe(false)
    open()
    await stopping
    expect(ended).toBe(true)
    await moveTo(10_000)
    expect(passes).toEqual([0])
  })

  test('ends a long sleep at once', async () => {
    const { loop, clock } = aLoop(async () => 3_600_000)
    loop.start()
    await settled()
    await loop.stop()
    expect(clock.nextWakeAt()).toBeUndefined()
  })

  test('before start is harmless, and a start after it does nothing', async () => {
    const { loop, passes } = aLoop()
    await loop.stop()
    loop.start()
    await settled()
    expect(passes).toEqual([])
  })
})

describe('activity', () => {
  test('a pass counts as under way until it ends, a sleep does not', async () => {
    const { open, opened } = gate()
    const { loop, activity } = aLoop(async () => {
      await opened
      return 1000
    })
    loop.start()
    await settled()
    expect(activity.count).toBe(1)
    open()
    await activity.idle()
    expect(activity.count).toBe(0)
    await loop.stop()
  })

  test('idle waits for the last of several, and a failed one counts as ended', async () => {
    const activity = createActivity()
    const { open, opened } = gate()
    const failing = activity.track(Promise.reject(new Error('no')))
    void activity.track(opened)
    const end = activity.begin()
    await expect(failing).rejects.toThrow('no')
    let idle = false
    const waiting = activity.idle().then(() => {
      idle = true
    })
    open()
    await settled()
    expect(idle).toBe(false)
    end()
    end()
    await waiting
    expect(activity.count).toBe(0)
  })
})
