import type {
  ClaimLink,
  Conversation,
  ConversationPage,
  ConversationsOfOne,
  Event,
  EventPage,
  EventWithBody,
  ExportMessagesQuery,
  GetStatsQuery,
  ListConversationsQuery,
  ListEventsQuery,
  ListMessagesQuery,
  Message,
  MessagePage,
  MessageStory,
  Problem,
  Rehearsal,
  RehearsalRequest,
  SendRequest,
  SettleRequest,
  Stats,
} from './types.ts'

export type * from './types.ts'

export interface RisitiClientOptions {
  /** Where the service answers, such as `http://127.0.0.1:8787`. */
  url: string
  /** Of `risiti token create`, with the scopes that are needed. */
  token: string
  /** How long an answer is waited for (default 30,000); an export takes as long as it takes. */
  timeoutMs?: number
  fetch?: typeof fetch
}

export interface RisitiClient {
  listMessages(query?: ListMessagesQuery): Promise<MessagePage>
  /** All that the filters name, newest first, page by page as it is asked for. */
  allMessages(query?: ListMessagesQuery): AsyncGenerator<Message, void>
  /** The same in one request, as CSV or NDJSON. */
  exportMessages(query?: ExportMessagesQuery): Promise<ReadableStream<Uint8Array>>
  /** By our id or Karibu's. */
  getMessage(id: string): Promise<MessageStory>
  /** With the same `idempotencyKey` it is sent once, however often this is called. */
  sendMessage(request: SendRequest, options?: { idempotencyKey?: string }): Promise<Message>
  retryMessage(id: string, options?: { accept_duplicate?: boolean }): Promise<Message>
  cancelMessage(id: string): Promise<Message>
  settleMessage(id: string, outcome: SettleRequest): Promise<Message>
  listConversations(query?: ListConversationsQuery): Promise<ConversationPage>
  allConversations(query?: ListConversationsQuery): AsyncGenerator<Conversation, void>
  getConversations(phone: string): Promise<ConversationsOfOne>
  listEvents(query?: ListEventsQuery): Promise<EventPage>
  allEvents(query?: ListEventsQuery): AsyncGenerator<Event, void>
  getEvent(id: string): Promise<EventWithBody>
  replayEvent(id: string): Promise<Event>
  rehearse(request: RehearsalRequest): Promise<Rehearsal>
  getClaimLink(shop: string, order: string): Promise<ClaimLink>
  /** The link as a QR code. */
  getClaimImage(shop: string, order: string, type: 'svg' | 'png'): Promise<Uint8Array>
  getStats(query?: GetStatsQuery): Promise<Stats>
}

/** Thrown for every answer that is an error; `code` is a promise (see /docs), `message` is for people. */
export class RisitiError extends Error {
  readonly status: number
  readonly code: string
  readonly details: Record<string, unknown> | undefined

  constructor(status: number, { code, message, details }: Problem['error']) {
    super(message)
    this.name = 'RisitiError'
    this.status = status
    this.code = code
    this.details = details
  }
}

type Query = { [name: string]: string | number | undefined }

interface Asked {
  query?: object
  body?: unknown
  headers?: Record<string, string>
  /** Of an answer that may take long. */
  patient?: boolean
}

const TIMEOUT_MS = 30_000

/** Speaks with one service's API; it tries nothing again by itself. */
export function createRisitiClient(options: RisitiClientOptions): RisitiClient {
  const { token, timeoutMs = TIMEOUT_MS, fetch: send = fetch } = options
  const base = options.url.replace(/\/+$/, '')

  async function call(method: 'GET' | 'POST', path: string, asked: Asked = {}): Promise<Response> {
    const { query, body, headers, patient = false } = asked
    const answer = await send(`${base}/v1${path}${searchOf({ ...query })}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(!patient && { signal: AbortSignal.timeout(timeoutMs) }),
    })
    if (!answer.ok) throw new RisitiError(answer.status, await problemOf(answer))
    return answer
  }
  async function get<T>(path: string, query?: object): Promise<T> {
    return read(await call('GET', path, { ...(query && { query }) }))
  }
  async function post<T>(path: string, asked: Asked = {}): Promise<T> {
    return read(await call('POST', path, asked))
  }
  async function* all<T>(path: string, query: object = {}): AsyncGenerator<T, void> {
    let cursor: string | null | undefined
    do {
      const page: { items: T[]; next_cursor: string | null } = await get(path, { ...query, ...(cursor && { cursor }) })
      yield* page.items
      cursor = page.next_cursor
    } while (cursor !== null)
  }

  return {
    listMessages: (query) => get('/messages', query),
    allMessages: (query) => all('/messages', query),
    async exportMessages(query) {
      const { body } = await call('GET', '/messages/export', { ...(query && { query }), patient: true })
      if (!body) throw new Error('an export without a body')
      return body
    },
    getMessage: (id) => get(message(id)),
    sendMessage: (body, { idempotencyKey } = {}) =>
      post('/messages', {
        body,
        ...(idempotencyKey !== undefined && { headers: { 'idempotency-key': idempotencyKey } }),
      }),
    retryMessage: (id, body = {}) => post(`${message(id)}/retry`, { body }),
    cancelMessage: (id) => post(`${message(id)}/cancel`),
    settleMessage: (id, body) => post(`${message(id)}/settle`, { body }),
    listConversations: (query) => get('/conversations', query),
    allConversations: (query) => all('/conversations', query),
    getConversations: (phone) => get(`/conversations/${encodeURIComponent(phone)}`),
    listEvents: (query) => get('/events', query),
    allEvents: (query) => all('/events', query),
    getEvent: (id) => get(`/events/${encodeURIComponent(id)}`),
    replayEvent: (id) => post(`/events/${encodeURIComponent(id)}/replay`),
    rehearse: (body) => post('/rehearsals', { body, patient: true }),
    getClaimLink: (shop, order) => get(claim(shop, order)),
    async getClaimImage(shop, order, type) {
      const answer = await call('GET', `${claim(shop, order)}.${type}`)
      return new Uint8Array(await answer.arrayBuffer())
    },
    getStats: (query) => get('/stats', query),
  }
}

const message = (id: string) => `/messages/${encodeURIComponent(id)}`
const claim = (shop: string, order: string) => `/orders/${encodeURIComponent(shop)}/${encodeURIComponent(order)}/claim`

function searchOf(query: Query): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value))
  return search.size === 0 ? '' : `?${search.toString()}`
}

/** The service's answers are what its document says; tests hold them to it. */
async function read<T>(answer: Response): Promise<T> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return (await answer.json()) as T
}

/** Whatever stands before the service may answer in a form of its own. */
async function problemOf(answer: Response): Promise<Problem['error']> {
  try {
    const { error } = await read<Problem>(answer)
    if (typeof error.code === 'string' && typeof error.message === 'string') return error
  } catch {
    // Not ours.
  }
  return { code: 'unknown', message: `the answer is ${answer.status} ${answer.statusText}`.trim() }
}
