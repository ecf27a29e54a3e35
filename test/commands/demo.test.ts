import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../src/clock.ts'
import { runDemo } from '../../src/commands/demo/demo.ts'
import { createIds } from '../../src/ids.ts'

test('the demo holds every expectation, prints what became of each order and leaves the receipts as PNGs', async () => {
  const temporary = mkdtempSync(join(tmpdir(), 'risiti-demo-test-'))
  onTestFinished(() => rmSync(temporary, { recursive: true, force: true }))
  const lines: string[] = []
  const code = await runDemo(
    { stay: false },
    {
      clock: systemClock,
      ids: createIds(systemClock),
      print: (line) => void lines.push(...line.split('\n')),
      temporary,
      signal: new AbortController().signal,
    },
  )
  expect(lines.filter((line) => /^ +NO |^FAILED/.test(line))).toEqual([])
  expect(code).toBe(0)
  expect(lines).toContain('Every expectation held.')
  const head = lines.findIndex((line) => /^ORDER +CUSTOMER +STATUS +WHEN \(UTC\)$/.test(line))
  const rows = lines.slice(head + 2, head + 6)
  expect(rows.map((row) => row.split(/ {2,}/).slice(0, 3))).toEqual([
    ['DL-10482', 'Asha Mwinyi', 'read'],
    ['#1042', 'Wanjirũ Kamau', 'read'],
    ['MT-0077', 'Juma Ng’wanza', 'read'],
    ['DL-10483', 'Neema Said', 'skipped: invalid_phone'],
  ])
  // Nobody answers for links once it has ended, and what it leaves behind it names.
  expect(lines.filter((line) => line.includes('/media/'))).toEqual([])
  expect(lines.at(-2)).toMatch(/^They stay there for you to look at: remove .*risiti-demo-/)
  const files = lines.map((line) => line.trim()).filter((line) => line.startsWith(temporary) && line.endsWith('.png'))
  expect(new Set(files.map((file) => basename(file)))).toEqual(new Set(['1042.png', 'DL-10482.png', 'MT-0077.png']))
  for (const file of files) {
    const bytes = readFileSync(file)
    expect(bytes.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n')
    expect(bytes.length).toBeGreaterThan(5_000)
  }
}, 60_000)
