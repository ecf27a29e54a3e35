import { Hono } from 'hono'
import type { Config } from '../config/types.ts'
import { AppError } from '../errors.ts'
import { formatMoney } from '../money.ts'
import type { Order } from '../order.ts'
import type { MessageStory } from '../store/reads.ts'
import type { MediaRow, MessageRow } from '../store/records.ts'
import { ACTS, actsOn } from './acts.ts'
import { HOME } from './gate.ts'
import { Icon } from './icons.tsx'
import { BackLink } from './layout.tsx'
import { listed, messageHref, zoneFor } from './message-list.tsx'
import { may, type Page, type PageContext, type PageEnv } from './page.ts'
import { Facts } from './parts.tsx'
import { phoneText } from './people.ts'
import type { SiteDeps } from './site-deps.ts'
import { StatusBadge } from './status-badge.tsx'
import { type Step, tellStory } from './tell-story.ts'
import { type When, whenIn } from './when.ts'
import { messagesWords } from './words/messages.ts'
import { storyWords } from './words/story.ts'

/** `/dashboard/messages/{id}`: the whole story of one message. */
export function messageRoutes({ config, store, files, show }: SiteDeps): Hono<PageEnv> {
  async function showStory(c: PageContext, id: string) {
    const page = c.get('page')
    const story = await store.findStory(id)
    if (!story) throw new AppError('message.unknown', 'there is no message of this id')
    const { message } = story
    const [line] = await listed({ store, config }, [message], page)
    const when = whenIn(page.language, zoneFor(config, message.shop), page.now)
    const last = story.media.at(-1)
    const picture = last && (await files.read(last.token)) ? last : undefined
    const told = { page, story, says: line?.says ?? '', when, picture, config }
    if (page.fragment) return c.html(<Story {...told} />)
    const words = storyWords(page.language)
    const done = ACTS.find((name) => name === c.req.query('done'))
    return show(c, {
      title: titleOf(message, page),
      section: 'messages',
      above: <BackLink href={`${HOME}/messages`}>{words.back}</BackLink>,
      children: (
        <>
          {done && (
            <p class="note done" role="status">
              {words[`${done}Done`]}
            </p>
          )}
          <div id="story" hx-get={messageHref(message.id)} hx-trigger="every 5s" hx-swap="innerMorph">
            <Story {...told} />
          </div>
        </>
      ),
    })
  }

  return new Hono<PageEnv>()
    .get('/pictures/:token', async (c) => {
      const token = c.req.param('token')
      const media = await store.findMedia(token)
      const bytes = media && (await files.read(token))
      if (!media || !bytes) throw new AppError('page.unknown', 'this picture is not kept any more')
      // Not from /media: a fetch there counts as WhatsApp's, and is evidence that a message went out.
      return c.body(new Uint8Array(bytes), 200, {
        'content-type': media.type,
        'cache-control': 'private, max-age=86400, immutable',
      })
    })
    .get('/messages/:id', (c) => showStory(c, c.req.param('id')))
}

export function titleOf({ orderNumber }: MessageRow, { language }: Page): string {
  const words = messagesWords(language)
  return orderNumber === null ? words.noOrder : `${storyWords(language).order} ${orderNumber}`
}

interface Told {
  page: Page
  story: MessageStory
  says: string
  when: When
  picture: MediaRow | undefined
  config: Config
}

function Story({ page, story, says, when, picture, config }: Told) {
  const { message } = story
  const words = storyWords(page.language)
  return (
    <div class="story">
      <section class="card now">
        <StatusBadge status={message.status} language={page.language} />
        <p class="lead">{says}</p>
        <KnownOf page={page} story={story} config={config} when={when} />
      </section>
      <section class="card" aria-labelledby="can">
        <h2 id="can">{words.can}</h2>
        <Actions page={page} message={message} config={config} />
      </section>
      <section class="card shown" aria-labelledby="picture">
        <h2 id="picture">{words.picture}</h2>
        <Picture page={page} message={message} picture={picture} drawn={story.media.length > 0} />
      </section>
      <section class="card happened" aria-labelledby="timeline">
        <h2 id="timeline">{words.timeline}</h2>
        <Timeline steps={tellStory(story, config, page.language, when)} when={when} />
      </section>
    </div>
  )
}

function KnownOf({ page, story, config, when }: Omit<Told, 'says' | 'picture'>) {
  const { message, order, conversation } = story
  const words = storyWords(page.language)
  const { customerName, phone, shop, sender, rule } = message
  const rows: [string, string | null][] = [
    [words.customer, [customerName, phone === null ? null : phoneText(phone)].filter(Boolean).join('\n') || null],
    ...(order === null ? [] : orderFacts(order, words, when)),
    [words.shop, shop === null ? null : (config.shops[shop]?.brand.name ?? shop)],
    [words.sender, phoneText(sender)],
    [words.rule, rule],
  ]
  return (
    <>
      <Facts rows={rows} />
      {conversation && (
        <a class="more-of" href={`${HOME}/conversations/${conversation.id}`}>
          {words.conversation}
          <Icon name="next" />
        </a>
      )}
    </>
  )
}

function orderFacts(order: Order, words: ReturnType<typeof storyWords>, when: When): [string, string | null][] {
  const money = (minor: number) => formatMoney(minor, order.currency)
  const at = (time: number | null) => (time === null ? null : when.time(time))
  const { method, reference } = order.payment
  return [
    [words.total, money(order.total)],
    [words.refunded, order.refundedTotal === 0 ? null : money(order.refundedTotal)],
    [words.paidAt, at(order.paidAt)],
    [words.cancelledAt, at(order.cancelledAt)],
    [words.paidWith, [method, reference].filter(Boolean).join(' · ') || null],
  ]
}

function Actions({ page, message, config }: { page: Page; message: MessageRow; config: Config }) {
  const words = storyWords(page.language)
  const acts = actsOn(message, config.shops)
  if (acts.length === 0) return <p class="muted">{words.nothingToDo}</p>
  if (!may(page, 'send')) return <p class="muted">{words.mayNot}</p>
  return (
    <div class="actions">
      {acts.map((name) => (
        <a
          role="button"
          class={name === acts[0] && name !== 'cancel' && name !== 'again' ? '' : 'soft'}
          href={`${messageHref(message.id)}/${name}`}
        >
          {words[name]}
        </a>
      ))}
    </div>
  )
}

interface PictureProps {
  page: Page
  message: MessageRow
  picture: MediaRow | undefined
  drawn: boolean
}

function Picture({ page, message, picture, drawn }: PictureProps) {
  const words = storyWords(page.language)
  return (
    <figure>
      {picture ? (
        <img
          src={`${HOME}/pictures/${picture.token}`}
          alt={words.pictureAlt(message.orderNumber ?? '')}
          width={360}
          loading="lazy"
        />
      ) : (
        <p class="muted">{drawn ? words.pictureGone : words.noPicture}</p>
      )}
      <figcaption>
        <span class="hidden">{words.caption}: </span>
        {message.caption || <span class="muted">{words.noCaption}</span>}
        {message.captionCut && <span class="muted"> ({words.cut})</span>}
      </figcaption>
    </figure>
  )
}

function Timeline({ steps, when }: { steps: Step[]; when: When }) {
  return (
    <ol class="timeline">
      {steps.map(({ at, icon, title, said, words }) => (
        <li>
          <Icon name={icon} />
          <time datetime={new Date(at).toISOString()} title={when.exact(at)}>
            {when.time(at)}
          </time>
          <p>
            <strong>{title}</strong>
            {said.map((text) => (
              <span class="muted"> · {text}</span>
            ))}
          </p>
          {words.map((text) => (
            <p class="quote" lang="en">
              {text}
            </p>
          ))}
        </li>
      ))}
    </ol>
  )
}
