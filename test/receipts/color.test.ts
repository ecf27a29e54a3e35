import { expect, test } from 'vitest'
import { contrast, mix, palette, textOn } from '../../src/receipts/color.ts'

test.each([
  ['#ffffff', '#000000', 21],
  ['#000000', '#000000', 1],
  ['#777777', '#ffffff', 4.48],
  ['#0f766e', '#ffffff', 5.47],
])('contrast of %s and %s is %d', (a, b, ratio) => {
  expect(contrast(a, b)).toBeCloseTo(ratio, 1)
  expect(contrast(b, a)).toBe(contrast(a, b))
})

test.each([
  ['#0f766e', '#ffffff'],
  ['#dc2626', '#ffffff'],
  ['#000000', '#ffffff'],
  ['#1d4ed8', '#ffffff'],
  ['#facc15', '#0f172a'],
  ['#f97316', '#0f172a'],
  ['#ffffff', '#0f172a'],
  ['#84cc16', '#0f172a'],
])('on %s stands %s', (color, text) => {
  expect(textOn(color)).toBe(text)
})

test('every brand colour gives a receipt that can be read', () => {
  for (let step = 0; step < 4096; step += 7) {
    const brand = `#${step.toString(16).padStart(3, '0').replace(/./g, '$&$&')}`
    const colors = palette(brand)
    expect(contrast(colors.onBand, colors.band)).toBeGreaterThan(4.1)
    expect(contrast(colors.onBandQuiet, colors.band)).toBeGreaterThan(4.1)
    expect(contrast(colors.onTint, colors.tint)).toBeGreaterThanOrEqual(7)
  }
})

test('a nearly white brand still has a band and a total box to see', () => {
  const colors = palette('#fffffe')
  expect(colors.bandEdge).not.toBe(colors.band)
  expect(colors.tint).toBe('#f1f5f9')
})

test('what is no colour becomes a grey one', () => {
  expect(palette('red; } .page { display: none').band).toBe('#334155')
})

test('mixing', () => {
  expect(mix('#000000', '#ffffff', 0.5)).toBe('#808080')
  expect(mix('#0f766e', '#ffffff', 1)).toBe('#0f766e')
})
