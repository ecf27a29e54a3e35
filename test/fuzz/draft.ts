import type { Random } from './random.ts'

/** A request on its way to being one, on the wire as it will be. */
export interface Draft {
  method: string
  path: string
  version: string
  headers: [name: string, value: string][]
  body: Buffer
  /** The body as it goes on the wire, if not as it is. */
  framed: Buffer | null
  /** Whether path, method or framing were tampered with: then even a signed request may be refused. */
  bent: boolean
  moved: boolean
  what: string[]
}

/** Does one thing to it. */
export type Doer = (draft: Draft, random: Random) => void

export function draftOf(method: string, path: string, headers: Record<string, string>, body: string): Draft {
  return {
    method,
    path,
    version: 'HTTP/1.1',
    headers: [['host', '127.0.0.1'], ...Object.entries(headers)],
    body: Buffer.from(body),
    framed: null,
    bent: false,
    moved: false,
    what: [],
  }
}

export function apply(doers: Record<string, Doer>, draft: Draft, random: Random, skip = new Set<string>()): void {
  const names = Object.keys(doers).filter((name) => !skip.has(name))
  const name = names[random.below(names.length)] ?? ''
  doers[name]?.(draft, random)
  draft.what.push(name)
}

export function has(draft: Draft, name: string): boolean {
  return draft.headers.some(([given]) => given === name)
}

export function set(draft: Draft, name: string, value: string): void {
  draft.headers = [...draft.headers.filter(([given]) => given.toLowerCase() !== name), [name, value]]
}

export function frameChunked(draft: Draft, size: number, extension: string): void {
  const parts: Buffer[] = []
  for (let at = 0; at < draft.body.length; at += size) {
    const piece = draft.body.subarray(at, at + size)
    parts.push(Buffer.from(`${piece.length.toString(16)}${extension}\r\n`, 'latin1'), piece, Buffer.from('\r\n'))
  }
  draft.framed = Buffer.concat([...parts, Buffer.from('0\r\n\r\n')])
  draft.headers = [...draft.headers.filter(([name]) => name !== 'content-length'), ['transfer-encoding', 'chunked']]
}

export function bytesOf({ method, path, version, headers, body, framed }: Draft): Buffer {
  const lines = headers.map(([name, value]) => `${name}: ${value}`)
  const head = `${[`${method} ${path} ${version}`, ...lines].join('\r\n')}\r\n\r\n`
  return Buffer.concat([Buffer.from(head, 'latin1'), framed ?? body])
}
