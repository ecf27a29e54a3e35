import { expect, test } from 'vitest'
import { createKeptBytes } from '../../src/receipts/kept-bytes.ts'

test('the newest pictures are kept, as many as there is room for, and none after it was forgotten', () => {
  const kept = createKeptBytes(10)
  const found = () => ['a', 'b', 'c'].filter((token) => kept.find(token) !== undefined)
  kept.keep('a', Buffer.alloc(4))
  kept.keep('b', Buffer.alloc(4))
  expect(found()).toEqual(['a', 'b'])
  kept.keep('c', Buffer.alloc(4))
  expect(found()).toEqual(['b', 'c'])
  kept.forget('b')
  kept.keep('a', Buffer.alloc(6))
  expect(found()).toEqual(['a', 'c'])
  kept.keep('b', Buffer.alloc(11))
  expect(found()).toEqual([])
})
