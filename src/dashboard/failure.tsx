import { AppError, forLog } from '../errors.ts'
import { statusOf } from '../http/error-handler.ts'
import type { Log } from '../log.ts'
import { HOME } from './gate.ts'
import type { Show } from './layout.tsx'
import type { PageContext } from './page.ts'
import { failureWords, shellWords } from './words/shell.ts'

/** Every failure as a page in words, and as a live part that leaves what is shown as it is. */
export function createFailurePage(show: Show, log: Log) {
  return (c: PageContext, error: Error): Response | Promise<Response> => {
    const status = statusOf(error) ?? 500
    if (status === 500) log.error({ route: 'dashboard', ...forLog(error) }, 'request.failed')
    if (status === 413) c.header('connection', 'close')
    if (c.get('page')?.fragment) return c.body(null, status === 500 ? 500 : 204)
    const { language } = c.get('page') ?? { language: 'en' as const }
    const { title, text } = said(error, status, failureWords(language))
    // What the error itself says names what to mend; it is in English only.
    const detail = error instanceof AppError && language === 'en' && SAYS_MORE.has(error.code) ? error.message : null
    return show(c, {
      title,
      status,
      children: (
        <div class="card narrow">
          <p>{text}</p>
          {detail && <p class="help">{`${detail[0]?.toUpperCase()}${detail.slice(1)}.`}</p>}
          <p>
            <a href={`${HOME}/messages`}>{shellWords(language).toMessages}</a>
          </p>
        </div>
      ),
    })
  }
}

const SAYS_MORE = new Set(['filter.invalid', 'message.not_possible', 'event.not_possible', 'body.invalid'])

function said(error: Error, status: number, words: ReturnType<typeof failureWords>): { title: string; text: string } {
  const code = error instanceof AppError ? error.code : ''
  if (code === 'form.forged') return { title: words.forgedTitle, text: words.forged }
  if (code === 'disk.full') return { title: words.conflictTitle, text: words.diskFull }
  if (status === 404) return { title: words.notFoundTitle, text: words.notFound }
  if (status === 403) return { title: words.forbiddenTitle, text: words.forbidden }
  if (status === 409) return { title: words.conflictTitle, text: words.conflict }
  if (status < 500) return { title: words.badTitle, text: words.badFilter }
  return { title: words.failedTitle, text: words.failed }
}
