import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { claimKeysOf, claimUrl, codeOf, codesIn, hashCode } from '../src/claim-code.ts'

const some = (seed: string) => createHash('sha256').update(seed).digest()
const CODE = codeOf(some('a')) ?? ''
const PLAIN = CODE.replaceAll('-', '')

describe('a code', () => {
  test('is four groups of four characters nobody mistakes for each other', () => {
    expect(CODE).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}$/)
  })

  test('holds 75 bits: each bit of what it is made from changes it, and none of thousands is alike', () => {
    const codes = Array.from({ length: 5000 }, (_, index) => codeOf(some(String(index))))
    const made = codes.filter((code) => code !== undefined)
    expect(new Set(made).size).toBe(made.length)
    for (let bit = 0; bit < 75; bit++) {
      const bytes = some('a')
      const at = bytes.length - 1 - Math.floor(bit / 8)
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (bit % 8))
      expect(codeOf(bytes)).not.toBe(CODE)
    }
  })

  test('stands in the link as it is written', () => {
    expect(claimUrl('+255 700 000 001', CODE)).toBe(`https://wa.me/255700000001?text=Risiti%20${CODE}`)
  })

  test('is hashed alike with and without its hyphens', () => {
    expect(hashCode(CODE)).toBe(hashCode(PLAIN))
  })
})

describe('a code is found in a message', () => {
  test.each([
    ['as the link writes it', `Risiti ${CODE}`],
    ['in small letters', `risiti ${CODE.toLowerCase()}`],
    ['without its word', CODE],
    ['grown together with its word', `Risiti${PLAIN}`],
    ['without hyphens', `Risiti ${PLAIN}`],
    ['with spaces for hyphens', `Risiti ${CODE.replaceAll('-', ' ')}`],
    ['with long dashes', `Risiti ${CODE.replaceAll('-', ' – ')}`],
    ['in English words', `Hello, could you send my receipt ${CODE} please? Thanks!`],
    ['in Swahili words', `Habari, naomba risiti yangu ya leo: ${CODE}. Asante sana`],
    ['over two lines', `Risiti\n${CODE.slice(0, 9)}\n${CODE.slice(10)}`],
    ['with stars for bold', `*Risiti ${CODE}*`],
    [
      'in full-width letters',
      `Risiti ${CODE.replace(/[0-9A-Z]/g, (char) => String.fromCharCode(char.charCodeAt(0) + 0xfee0))}`,
    ],
    ['with O for 0, I and L for 1', `Risiti ${CODE.replaceAll('0', 'O').replaceAll('1', 'l')}`],
  ])('%s', (_, text) => {
    expect(codesIn(text)).toEqual([PLAIN])
  })

  test('among others', () => {
    const other = codeOf(some('b')) ?? ''
    expect(codesIn(`${CODE} na ${other}`)).toEqual([PLAIN, other.replaceAll('-', '')])
  })
})

describe('no code is found', () => {
  test.each([
    ['in nothing', null],
    ['in the word alone', 'Risiti'],
    ['in ordinary words', 'Habari, nina pesa zako hapa, njoo uchukue leo jioni tafadhali'],
    ['in a phone number and an amount', 'Nimetuma 48,000 kwa 0712 345 678 tarehe 20/11/2026'],
    ['in half a code', CODE.slice(0, 14)],
    ['in a code with more behind it', `${PLAIN}7`],
  ])('%s', (_, text) => {
    expect(codesIn(text)).toEqual([])
  })

  test('in any code with one wrong character', () => {
    for (let place = 0; place < PLAIN.length; place++) {
      for (const char of '0123456789ABCDEFGHJKMNPQRSTVWXYZ') {
        if (char === PLAIN[place]) continue
        expect(codesIn(PLAIN.slice(0, place) + char + PLAIN.slice(place + 1))).toEqual([])
      }
    }
  })

  test('beyond the first few of one message, however many it holds', () => {
    const many = Array.from({ length: 200 }, (_, index) => codeOf(some(`many ${index}`)) ?? '')
    expect(codesIn(many.join(' '))).toHaveLength(3)
  })
})

test('a key that could be tried out is not taken', () => {
  expect(claimKeysOf('wc_order_AbC123', null, undefined, '', '12345678', 'x'.repeat(301), 'QKR7T2M4L')).toEqual([
    'wc_order_AbC123',
    'QKR7T2M4L',
  ])
})
