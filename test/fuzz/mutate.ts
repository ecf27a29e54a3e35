import type { Doer } from './draft.ts'
import type { Random } from './random.ts'

const DEEP = ['[', '{"a":'] as const
const RAW: ((random: Random) => string)[] = [
  (random) => {
    const depth = random.pick([10, 100, 1000, 10_000, 100_000])
    const open = random.pick(DEEP)
    return `${open.repeat(depth)}1${(open === '[' ? ']' : '}').repeat(depth)}`
  },
  () => '1e999',
  () => '-0',
  () => '9'.repeat(400),
  () => '1e-400',
  () => '0.1000000000000000055511151231257827',
  () => '{"__proto__":{"polluted":true,"total":"1"}}',
  () => '{"constructor":{"prototype":{"polluted":true}}}',
  () => '{"a":1,"a":2,"a":[]}',
  () => '"\\ud800"',
  () => '"\\udc00\\ud800 \\u0000 \\u202e \\ufeff"',
  () => '"\\u0000"',
  (random) =>
    `"${random.pick(['x', '\\u00e9', '7', ' ', '<b>', '{{', '\\"'] as const).repeat(random.pick([1000, 30_000, 300_000]))}"`,
  (random) =>
    `[${'{"name":"a","quantity":1,"total":"1","price":"1","amount":"1"},'.repeat(random.pick([10, 1000, 5000]))}null]`,
  () => 'NaN',
  () => "'single'",
  () => '01',
  () => '"2026-99-99T99:99:99Z"',
  () => '"{{ customer.phone | append: \'x\' }}{% for i in (1..1000000) %}x{% endfor %}"',
  () => '"%00%0a=cmd|\' /C calc\'!A0"',
]
const ODD_NAMES = ['__proto__ ', 'constructor', 'id', '', '\0', 'length'] as const
const VALUES: unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1e308,
  2 ** 53,
  '',
  ' ',
  [],
  {},
  [[[[]]]],
  [null],
  JSON.parse('{"toString":1,"valueOf":1,"then":1}'),
  { '0': null, length: 5 },
  'null',
  '🧾'.repeat(50),
  'a\u0301'.repeat(200),
  '‮gnirts',
  '-1',
  '+255 712 345 678',
  '1,000.00',
  'order.paid',
  ['order.paid'],
  '2026-11-20T09:00:00Z',
  -62_167_219_200_000,
  '1970-01-01',
]

/** Changes a few places of a JSON text; what JSON.stringify could not write goes in as raw text. */
function mutateJson(text: string, random: Random): string {
  let root: unknown
  try {
    root = JSON.parse(text)
  } catch {
    return text
  }
  const raws: string[] = []
  const nasty = (): unknown => {
    if (random.chance(0.5)) return structuredClone(VALUES[random.below(VALUES.length)])
    raws.push(RAW[random.below(RAW.length)]?.(random) ?? 'null')
    return `@RAW${raws.length - 1}@`
  }
  if (random.chance(0.03)) root = nasty()
  for (let count = 1 + random.below(4); count > 0; count--) mutateOnce(root, nasty, random)
  try {
    return JSON.stringify(root).replace(/"@RAW(\d+)@"/g, (_all, index: string) => raws[Number(index)] ?? 'null')
  } catch {
    // An earlier change nested it deeper than JSON.stringify can go.
    return text
  }
}

function mutateOnce(root: unknown, nasty: () => unknown, random: Random): void {
  let at = root
  for (;;) {
    if (typeof at !== 'object' || at === null) return
    const keys = Object.keys(at)
    const key = keys[random.below(keys.length)]
    if (key === undefined) return
    const child: unknown = Reflect.get(at, key)
    if (typeof child === 'object' && child !== null && random.chance(0.7)) {
      at = child
      continue
    }
    const chance = random.next()
    if (chance < 0.15) Reflect.deleteProperty(at, key)
    else if (chance < 0.25 && !Array.isArray(at)) Reflect.set(at, random.pick(ODD_NAMES), nasty())
    else Reflect.set(at, key, nasty())
    return
  }
}

const onText =
  (change: (text: string, random: Random) => string | Buffer): Doer =>
  (draft, random) => {
    draft.body = Buffer.from(change(draft.body.toString('utf8'), random))
  }

/** What can be done to a body. */
export const BODIES: Record<string, Doer> = {
  json: onText(mutateJson),
  json2: onText(mutateJson),
  json3: onText(mutateJson),
  flip(draft, random) {
    const bytes = Buffer.from(draft.body)
    for (let count = 1 + random.below(8); count > 0 && bytes.length > 0; count--) {
      const at = random.below(bytes.length)
      bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8))
    }
    draft.body = bytes
  },
  truncate(draft, random) {
    draft.body = draft.body.subarray(0, random.below(draft.body.length + 1))
  },
  twice: onText((text) => text + text),
  splice(draft, random) {
    const at = random.below(draft.body.length + 1)
    const piece = draft.body.subarray(random.below(draft.body.length + 1))
    draft.body = Buffer.concat([draft.body.subarray(0, at), piece, draft.body.subarray(at)])
  },
  nul(draft, random) {
    const at = random.below(draft.body.length + 1)
    draft.body = Buffer.concat([draft.body.subarray(0, at), Buffer.alloc(1 + random.below(4)), draft.body.subarray(at)])
  },
  bom: onText((text) => `\ufeff${text}`),
  utf16: onText((text, random) =>
    Buffer.concat([Buffer.from(random.chance(0.5) ? [0xff, 0xfe] : []), Buffer.from(text, 'utf16le')]),
  ),
  latin1: onText((text) => Buffer.from(`${text.slice(0, -1)},"é":"\xff\xfe"}`, 'latin1')),
  surrogates: onText((text) =>
    Buffer.concat([Buffer.from(text.slice(0, -1)), Buffer.from([0xed, 0xa0, 0x80]), Buffer.from('}')]),
  ),
  noise(draft, random) {
    draft.body = Buffer.from(Array.from({ length: random.below(500) }, () => random.below(256)))
  },
  empty: onText((_text, random) => ' \n\t'.repeat(random.below(3))),
  bare: onText((_text, random) =>
    random.pick(['null', '0', '""', '[]', '{}', 'true', '[{}]', '{', ']', '-', '"', '1e5', 'undefined']),
  ),
  padded: onText((text, random) => text + ' '.repeat(random.pick([1, 1000, 200_000]))),
  deep: onText((_text, random) => RAW[0]?.(random) ?? ''),
  big: onText((text, random) => `${text.slice(0, -1)},"x":"${'y'.repeat(random.chance(0.2) ? 2_200_000 : 400_000)}"}`),
}
/** Costly ones, done seldom. */
export const RARE_BODIES = new Set(['big', 'deep'])
