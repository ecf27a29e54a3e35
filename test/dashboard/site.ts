import { request } from 'undici'
import { API_TOKEN, type World } from '../support/world.ts'

export interface Answer {
  status: number
  headers: Record<string, string | string[] | undefined>
  text: string
}

export interface Visitor {
  get(path: string, headers?: Record<string, string>): Promise<Answer>
  /** Sends a form, by itself with the key of the session as it stands on the page signed in to. */
  post(path: string, form: Record<string, string>, headers?: Record<string, string>): Promise<Answer>
  cookies: Map<string, string>
}

/** A browser without a screen: it keeps cookies and follows nothing by itself. */
export function visitor(world: Pick<World, 'url'>, language = 'en'): Visitor {
  const cookies = new Map<string, string>()
  let formKey = ''
  async function call(method: 'GET' | 'POST', path: string, body: string | null, headers: Record<string, string>) {
    const answer = await request(world.url + path, {
      method,
      headers: {
        'accept-language': language,
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(body !== null && { 'content-type': 'application/x-www-form-urlencoded' }),
        ...headers,
      },
      body,
    })
    for (const line of [answer.headers['set-cookie'] ?? []].flat()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value === '') cookies.delete(name)
      else cookies.set(name, value)
    }
    const text = await answer.body.text()
    formKey = /name="form_key" value="([\w-]+)"/.exec(text)?.[1] ?? formKey
    return { status: answer.statusCode, headers: answer.headers, text }
  }
  return {
    cookies,
    get: (path, headers = {}) => call('GET', path, null, headers),
    post: (path, form, headers = {}) =>
      call('POST', path, new URLSearchParams({ form_key: formKey, ...form }).toString(), headers),
  }
}

/** Somebody who has signed in, with the token of full scope unless another is named. */
export async function signedIn(world: World, { token = API_TOKEN, language = 'en' } = {}): Promise<Visitor> {
  const one = visitor(world, language)
  const answer = await one.post('/dashboard/sign-in', { token })
  if (answer.status !== 303) throw new Error(`signing in was answered ${answer.status}`)
  await one.get('/dashboard/messages')
  return one
}
