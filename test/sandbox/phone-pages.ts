import { request } from 'undici'

export interface PageAnswer {
  status: number
  headers: Record<string, string | string[] | undefined>
  text: string
}

interface Visit {
  method?: 'GET' | 'POST'
  form?: Record<string, string>
  headers?: Record<string, string>
}

/** Asks for a page as a browser does; a form goes with the origin and the page it stood on. */
export async function visit(
  url: string,
  path: string,
  { form, method, headers = {} }: Visit = {},
): Promise<PageAnswer> {
  const isPost = method === 'POST' || form !== undefined
  const answer = await request(url + path, {
    method: isPost ? 'POST' : 'GET',
    headers: {
      ...(isPost && { origin: url, 'sec-fetch-site': 'same-origin', referer: `${url}/phone` }),
      ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
      ...headers,
    },
    body: form ? new URLSearchParams(form).toString() : null,
    headersTimeout: 5000,
    bodyTimeout: 5000,
  })
  return { status: answer.statusCode, headers: answer.headers, text: await answer.body.text() }
}

/** What a person reads on it. */
export function wordsOf(html: string): string {
  return html
    .replace(/<[^>]+>/g, ' ')
    .replaceAll('&amp;', '&')
    .replaceAll('&quot;', '"')
    .replace(/\s+/g, ' ')
    .trim()
}
