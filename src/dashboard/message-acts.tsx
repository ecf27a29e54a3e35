import { Hono } from 'hono'
import { AppError } from '../errors.ts'
import type { ShownMessage } from '../store/reads.ts'
import { ACTS, type ActName, act, actsOn } from './acts.ts'
import { BackLink, Form } from './layout.tsx'
import { titleOf } from './message.tsx'
import { listed, messageHref } from './message-list.tsx'
import { type Page, type PageContext, type PageEnv, requireScope } from './page.ts'
import type { SiteDeps } from './site-deps.ts'
import { StatusBadge } from './status-badge.tsx'
import { storyWords } from './words/story.ts'

const REASON_AT_MOST = 200

/** `/dashboard/messages/{id}/{act}`: asks before it does anything, on a page of its own. */
export function messageActRoutes(deps: SiteDeps): Hono<PageEnv> {
  const { config, store, ids, show } = deps

  async function find(c: PageContext): Promise<{ name: ActName; message: ShownMessage }> {
    requireScope(c.get('page'), 'send')
    const name = ACTS.find((one) => one === c.req.param('act'))
    const message = name && (await store.findMessage(c.req.param('id') ?? ''))
    if (!name || !message) throw new AppError('message.unknown', 'there is no message of this id, or nothing to do so')
    return { name, message }
  }

  async function ask(c: PageContext, status: 200 | 400 = 200, missing = false) {
    const { name, message } = await find(c)
    const page = c.get('page')
    if (!actsOn(message, config.shops).includes(name)) {
      throw new AppError('message.not_possible', `that is not possible with a message that is ${message.status}`)
    }
    const [line] = await listed({ store, config }, [message], page)
    const once = c.get('form').get('once') ?? ids.token()
    return show(c, {
      title: storyWords(page.language)[`${name}Ask`],
      section: 'messages',
      status,
      above: <BackLink href={messageHref(message.id)}>{titleOf(message, page)}</BackLink>,
      children: (
        <Question page={page} name={name} message={message} says={line?.says ?? ''} once={once} missing={missing} />
      ),
    })
  }

  async function perform(c: PageContext) {
    const { name, message } = await find(c)
    const { caller } = c.get('page')
    const form = c.get('form')
    const reason = (form.get('reason') ?? '').replace(/\s+/g, ' ').trim().slice(0, REASON_AT_MOST)
    if (reason === '' && wantsReason(name)) return ask(c, 400, true)
    const by = `by the token ${caller?.name} on the dashboard${reason === '' ? '' : `: “${reason}”`}`
    const request = { message, by, acceptDuplicate: form.get('twice') === 'yes', once: form.get('once') ?? ids.token() }
    const shown = await act(name, request, deps)
    return c.redirect(`${messageHref(shown)}?done=${name}`, 303)
  }

  return new Hono<PageEnv>().get('/:id/:act', (c) => ask(c)).post('/:id/:act', (c) => perform(c))
}

const wantsReason = (name: ActName) => name === 'again' || name === 'retry'

interface QuestionProps {
  page: Page
  name: ActName
  message: ShownMessage
  says: string
  once: string
  missing: boolean
}

function Question({ page, name, message, says, once, missing }: QuestionProps) {
  const words = storyWords(page.language)
  const maybeThere = name === 'retry' && message.status === 'uncertain'
  const here = messageHref(message.id)
  return (
    <section class="card narrow">
      <p>
        <StatusBadge status={message.status} language={page.language} /> {says}
      </p>
      <p>{maybeThere ? words.retryMaybeThere : words[`${name}Tells`]}</p>
      <Form page={page} action={`${here}/${name}`}>
        <input type="hidden" name="once" value={once} />
        {maybeThere && (
          <label>
            <input type="checkbox" name="twice" value="yes" required />
            {words.maybeTwice}
          </label>
        )}
        <label for="reason">{words.reason}</label>
        <input
          id="reason"
          name="reason"
          maxlength={REASON_AT_MOST}
          autocomplete="off"
          required={wantsReason(name)}
          aria-invalid={missing ? 'true' : undefined}
          aria-describedby={missing ? 'missing' : undefined}
        />
        {missing && (
          <p id="missing" class="wrong" role="alert">
            {words.reasonMissing}
          </p>
        )}
        <div class="actions">
          <button type="submit" class={name === 'cancel' ? 'danger' : ''}>
            {name === 'arrived' || name === 'not-arrived' ? words.yes : words[name]}
          </button>
          <a role="button" class="soft" href={here}>
            {words.no}
          </a>
        </div>
      </Form>
    </section>
  )
}
