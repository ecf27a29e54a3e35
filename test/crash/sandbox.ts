import { request } from 'undici'
import { eventually, start } from '../commands/program.ts'
import { ENV } from './killable.ts'

export interface SandboxOptions {
  folder: string
  port: number
  /** Its webhooks go there; null: nowhere. */
  serviceUrl: string | null
  /** Our numbers (default: the one of the sandbox). */
  senders?: string[]
  cores?: string | undefined
}

export interface SandboxProcess {
  /** Its controls: GET without a body, else POST unless another method is named. */
  call<T>(path: string, body?: unknown, method?: 'PATCH' | 'DELETE'): Promise<T>
  end(): Promise<unknown>
}

/** A sandbox Karibu as a process of its own; resolves when it answers. */
export async function startSandbox(options: SandboxOptions): Promise<SandboxProcess> {
  const { folder, port, serviceUrl, senders = [], cores } = options
  const url = `${serviceUrl}/webhooks/karibu`
  const webhook = serviceUrl === null ? [] : ['--webhook-url', url, '--webhook-secret-env', 'BRIQ_WEBHOOK_SECRET']
  const numbers = senders.flatMap((number) => ['--sender', number])
  const running = start(['sandbox', '--port', String(port), ...webhook, ...numbers], { cwd: folder, env: ENV, cores })

  async function call<T>(path: string, body?: unknown, method?: 'PATCH' | 'DELETE'): Promise<T> {
    const answer = await request(`http://127.0.0.1:${port}/sandbox${path}`, {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      headers: { 'content-type': 'application/json' },
      body: body === undefined ? null : JSON.stringify(body),
    })
    const text = await answer.body.text()
    if (answer.statusCode >= 300) throw new Error(`the sandbox answered ${answer.statusCode}: ${text}`)
    return (text === '' ? null : JSON.parse(text)) as T
  }
  await eventually('the sandbox answers', () =>
    call('/state').then(
      () => true,
      () => undefined,
    ),
  )
  return {
    call,
    end() {
      running.signal('SIGTERM')
      return running.ended
    },
  }
}
