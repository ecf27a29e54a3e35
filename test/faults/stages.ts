import type { Answer, Strike, Wire } from './proxy.ts'

/** One place where an exchange can go wrong, and what must come of it. */
export interface Stage {
  name: string
  /** Where it strikes: the listener itself, a fresh connection, or the exchange. */
  at: 'listener' | 'connection' | 'exchange'
  /** Whether Karibu took the message on: then the customer has it and nothing may follow. */
  taken: boolean
  /** What the attempt must have learnt; `unknown` becomes `accepted` once the message is found in Karibu's list. */
  result: 'accepted' | 'unknown' | 'later' | 'refused' | 'blocked'
  code: string | null
  /** A reset may be seen while the connection is being made: then it is certain that nothing went. */
  also: { result: Stage['result']; code: string } | null
  how: 'close' | 'reset'
  strike: Strike
}

/** The service waits this long for an answer, in real time. */
export const TIMEOUT_MS = 1000
const TOO_LATE_MS = TIMEOUT_MS + 300

const NO_ANSWER = { result: 'unknown', code: 'karibu.no_answer' } as const
const UNREADABLE = { result: 'unknown', code: 'karibu.answer_unreadable' } as const
const ACCEPTED = { result: 'accepted', code: null } as const

function stage(
  name: string,
  fate: { taken: boolean; result: Stage['result']; code: string | null },
  strike: Strike,
  where: Partial<Pick<Stage, 'at' | 'how' | 'also'>> = {},
): Stage {
  return { name, ...fate, strike, at: 'exchange', how: 'close', also: null, ...where }
}

/** Karibu takes the message on; what it answered is replaced. */
function answering(change: (answer: Answer) => Answer): Strike {
  return async (wire) => write(wire, change(await wire.forward()))
}

/** Somebody before Karibu answers: it never sees the request. */
function instead(
  status: number,
  body: string,
  type = 'application/json',
  headers: Record<string, string> = {},
): Strike {
  return async (wire) => {
    await wire.body()
    write(wire, { status, headers: { 'content-type': type, ...headers }, body: Buffer.from(body) })
  }
}

function write(wire: Wire, answer: Answer): void {
  const { head, body } = wire.bytesOf(answer)
  wire.write(head, body)
}

const withBody =
  (change: (text: string) => string | Buffer, status?: number, headers: Record<string, string> = {}) =>
  (answer: Answer): Answer => ({
    status: status ?? answer.status,
    headers: { ...answer.headers, ...headers },
    body: Buffer.from(change(answer.body.toString('utf8'))),
  })

const ENVELOPE = (code: string) =>
  JSON.stringify({ success: false, data: null, errors: [{ code, message: 'no', field: null }], request_id: 'req_1' })
const HTML = '<!doctype html><title>Welcome</title><p>Please sign in to this network.'

const breaks: Stage[] = (['close', 'reset'] as const).flatMap((how) => {
  const word = how === 'close' ? 'closed' : 'reset'
  return [
    stage(`${word} as soon as it was accepted`, { taken: false, ...NO_ANSWER }, () => {}, {
      at: 'connection',
      how,
      also: how === 'reset' ? { result: 'later', code: 'karibu.unreachable' } : null,
    }),
    stage(`${word} after the request's headers`, { taken: false, ...NO_ANSWER }, (wire) => wire.cut(how)),
    stage(`${word} in the middle of the request's body`, { taken: false, ...NO_ANSWER }, async (wire) => {
      await wire.forwardHalf()
      wire.cut(how)
    }),
    stage(`${word} after the request was handed on, before the answer`, { taken: true, ...NO_ANSWER }, async (wire) => {
      await wire.forward()
      wire.cut(how)
    }),
    stage(`${word} after the answer's headers`, { taken: true, ...NO_ANSWER }, async (wire) => {
      wire.write(wire.bytesOf(await wire.forward()).head)
      await wire.wait(20)
      wire.cut(how)
    }),
    stage(`${word} in the middle of the answer's body`, { taken: true, ...NO_ANSWER }, async (wire) => {
      const { head, body } = wire.bytesOf(await wire.forward())
      wire.write(head, body.subarray(0, Math.floor(body.length / 2)))
      await wire.wait(20)
      wire.cut(how)
    }),
  ]
})

const slow: Stage[] = [
  stage('the answer comes after the time-out', { taken: true, ...NO_ANSWER }, async (wire) => {
    const answer = await wire.forward()
    await wire.wait(TOO_LATE_MS)
    write(wire, answer)
  }),
  stage('the request reaches Karibu only after the time-out', { taken: true, ...NO_ANSWER }, async (wire) => {
    await wire.body()
    await wire.gone
    await wire.forward()
  }),
  stage('nobody ever answers', { taken: false, ...NO_ANSWER }, async (wire) => {
    await wire.body()
    await wire.gone
  }),
  stage('the answer dribbles in, in time', { taken: true, ...ACCEPTED }, async (wire) => {
    const { head, body } = wire.bytesOf(await wire.forward())
    const whole = Buffer.concat([head, body])
    for (let at = 0; at < whole.length; at += 60) {
      wire.write(whole.subarray(at, at + 60))
      await wire.wait(15)
    }
  }),
  stage('the answer dribbles in chunks, in time', { taken: true, ...ACCEPTED }, async (wire) => {
    const { body } = await wire.forward()
    wire.write('HTTP/1.1 202 Accepted\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n')
    for (let at = 0; at < body.length; at += 40) {
      const piece = body.subarray(at, at + 40)
      wire.write(`${piece.length.toString(16)}\r\n`, piece, '\r\n')
      await wire.wait(10)
    }
    wire.write('0\r\n\r\n')
  }),
  stage('the answer dribbles in too slowly', { taken: true, ...NO_ANSWER }, async (wire) => {
    const { head, body } = wire.bytesOf(await wire.forward())
    wire.write(head)
    for (let at = 0; at < body.length; at += 20) {
      await wire.wait(120)
      wire.write(body.subarray(at, at + 20))
    }
  }),
  stage('a chunked answer that never ends', { taken: true, ...NO_ANSWER }, async (wire) => {
    const { body } = await wire.forward()
    wire.write('HTTP/1.1 202 Accepted\r\ntransfer-encoding: chunked\r\n\r\n')
    wire.write(`${body.length.toString(16)}\r\n`, body, '\r\n')
    await wire.gone
  }),
]

const garbled: Stage[] = [
  stage(
    'the answer is garbled JSON',
    { taken: true, ...UNREADABLE },
    answering(withBody((text) => text.replaceAll('"', '?'))),
  ),
  stage(
    'the answer is JSON cut short, with a right length',
    { taken: true, ...UNREADABLE },
    answering(withBody((text) => text.slice(0, -40))),
  ),
  stage(
    'a byte order mark before the JSON',
    { taken: true, ...UNREADABLE },
    answering(withBody((text) => `\ufeff${text}`)),
  ),
  stage(
    'the message id is no text',
    { taken: true, ...UNREADABLE },
    answering(withBody((text) => text.replace(/"message_id":"[^"]*"/, '"message_id":{"id":7}'))),
  ),
  stage(
    'HTML with 200 after Karibu took it',
    { taken: true, ...UNREADABLE },
    answering(withBody(() => HTML, 200, { 'content-type': 'text/html' })),
  ),
  stage('202 without a body', { taken: true, ...UNREADABLE }, answering(withBody(() => '', 202))),
  stage('204', { taken: true, ...UNREADABLE }, answering(withBody(() => '', 204))),
  stage(
    '202 in a shape nobody knows',
    { taken: true, ...UNREADABLE },
    answering(withBody((text) => JSON.stringify({ ok: true, result: { ...JSON.parse(text).data } }), 202)),
  ),
  stage(
    '202 with more than we know in it',
    { taken: true, ...ACCEPTED },
    answering(
      withBody((text) => {
        const known = JSON.parse(text)
        return JSON.stringify({
          ...known,
          meta: { a: [1] },
          data: { ...known.data, status: 'queued_v2', parts: [{ message_id: 'x' }], cost: 1.5 },
        })
      }),
    ),
  ),
  stage('200 where 202 was meant', { taken: true, ...ACCEPTED }, answering(withBody((text) => text, 200))),
  stage(
    'five megabytes of spaces before the answer',
    { taken: true, result: 'unknown', code: 'karibu.no_answer' },
    answering(withBody((text) => ' '.repeat(5_000_000) + text)),
  ),
  stage(
    'headers larger than the client takes',
    { taken: true, ...NO_ANSWER },
    answering(withBody((text) => text, 202, { 'x-long': 'x'.repeat(40_000) })),
  ),
  stage('an answer that is not HTTP', { taken: true, ...NO_ANSWER }, async (wire) => {
    await wire.forward()
    wire.write('220 mail.example ESMTP ready\r\n')
  }),
  stage('an HTTP/1.0 answer without a length', { taken: true, ...ACCEPTED }, async (wire) => {
    const { body } = await wire.forward()
    wire.write('HTTP/1.0 202 Accepted\r\ncontent-type: application/json\r\n\r\n', body)
    await wire.wait(20)
    wire.cut('close')
  }),
  stage('an HTTP/1.0 answer without a length, cut short', { taken: true, ...UNREADABLE }, async (wire) => {
    const { body } = await wire.forward()
    wire.write('HTTP/1.0 202 Accepted\r\ncontent-type: application/json\r\n\r\n', body.subarray(0, 80))
    await wire.wait(20)
    wire.cut('close')
  }),
  stage('early hints before the answer', { taken: true, ...ACCEPTED }, async (wire) => {
    const answer = await wire.forward()
    wire.write('HTTP/1.1 103 Early Hints\r\nlink: </a>; rel=preload\r\n\r\n')
    await wire.wait(10)
    write(wire, answer)
  }),
  stage('the answer twice over', { taken: true, ...ACCEPTED }, async (wire) => {
    const { body } = await wire.forward()
    const head = `HTTP/1.1 202 Accepted\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`
    wire.write(head, body, head, body)
  }),
]

const errors: Stage[] = [
  stage('HTML with 200 before Karibu', { taken: false, ...UNREADABLE }, instead(200, HTML, 'text/html')),
  stage(
    '429 before Karibu',
    { taken: false, result: 'later', code: 'karibu.http_429' },
    instead(429, 'slow down', 'text/plain', { 'retry-after': '2' }),
  ),
  stage('408 before Karibu', { taken: false, result: 'unknown', code: 'karibu.http_408' }, instead(408, '')),
  stage(
    '301 before Karibu',
    { taken: false, result: 'blocked', code: 'karibu.http_301' },
    instead(301, '', 'text/plain', { location: 'https://elsewhere.example/' }),
  ),
  ...[500, 502, 503, 504, 599].flatMap((status) => [
    stage(
      `${status} before Karibu`,
      { taken: false, result: 'unknown', code: `karibu.http_${status}` },
      instead(status, HTML, 'text/html'),
    ),
    stage(
      `${status} after Karibu took it`,
      { taken: true, result: 'unknown', code: `karibu.http_${status}` },
      answering(withBody(() => HTML, status, { 'content-type': 'text/html' })),
    ),
  ]),
]

export const REFUSED_CONNECTION = stage(
  'the connection is refused',
  { taken: false, result: 'later', code: 'karibu.unreachable' },
  () => {},
  { at: 'listener' },
)

export const REFUSAL = stage(
  '200 with success:false before Karibu',
  { taken: false, result: 'refused', code: 'karibu.SEND_FAILED' },
  instead(200, ENVELOPE('SEND_FAILED')),
)

/** Answers that say no to what was taken on: nothing but the list, our fetch log and the customer's phone could tell. */
export const LIES: Stage[] = [
  lie('200 with success:false', 200, 'SEND_FAILED', { result: 'refused', code: 'karibu.SEND_FAILED' }),
  lie('429', 429, 'RATE_LIMITED', { result: 'later', code: 'karibu.RATE_LIMITED' }),
  lie('400 with a pace code', 400, '131056', { result: 'later', code: 'whatsapp.131056' }),
  lie('401', 401, 'UNAUTHORIZED', { result: 'blocked', code: 'karibu.UNAUTHORIZED' }),
]

function lie(name: string, status: number, code: string, fate: Pick<Stage, 'result' | 'code'>): Stage {
  const answer = answering(withBody(() => ENVELOPE(code), status))
  return stage(`${name} after Karibu took it`, { taken: true, ...fate }, answer)
}

/** Every stage after which the image must be on the phone in the end. */
export const STAGES: Stage[] = [REFUSED_CONNECTION, ...breaks, ...slow, ...garbled, ...errors]

/** What may strike a send over and over: everything but the listener, and what makes the whole sender rest. */
export const AT_SENDS = STAGES.filter((one) => one.at === 'exchange' && one.result !== 'blocked')
/** Reads are only looked at, never taken on. */
export const AT_READS = AT_SENDS.filter((one) => !/time-out|slowly|never/.test(one.name))

export function pick(stages: Stage[], random: () => number): Stage {
  const [fallback] = stages
  const chosen = stages[Math.floor(random() * stages.length)] ?? fallback
  if (!chosen) throw new Error('there are no stages')
  return chosen
}
