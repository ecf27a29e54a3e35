import { Ticks } from './icons.tsx'
import { type Chat, chatPath, type Scene } from './scene.ts'
import type { Bubble } from './view.ts'

export function ChatPane({ scene, chat }: { scene: Scene; chat: Chat }) {
  const { words } = scene
  const { person, sender, otherSenders, view } = chat
  const messages = chatPath(chat, '/messages')
  return (
    <>
      <header class="phone-head">
        <a class="back" href="/phone" aria-label={words.back}>
          <svg viewBox="0 0 24 24" aria-hidden="true">
            <path d="M15 5l-7 7 7 7" />
          </svg>
        </a>
        <Face name={person.name} />
        <div class="who">
          <h1>{person.name}</h1>
          <p>{words.talksTo(sender.label)}</p>
        </div>
        <form method="post" action={chatPath(chat, '/power')}>
          <button
            class="power"
            name="on"
            value={view.phoneOn ? 'no' : 'yes'}
            role="switch"
            aria-checked={view.phoneOn ? 'true' : 'false'}
            aria-label={words.phoneOn}
            title={view.phoneOn ? words.switchOff : words.switchOn}
          >
            <span class="knob" aria-hidden="true" />
            <span aria-hidden="true">{view.phoneOn ? words.phoneOn : words.phoneOff}</span>
          </button>
        </form>
      </header>
      {otherSenders.length > 0 && (
        <nav class="senders">
          {otherSenders.map((other) => (
            <a href={`/phone/${person.number}?to=${other.number}`}>{words.otherSender(other.label)}</a>
          ))}
        </nav>
      )}
      {/* A column turned round keeps its end in sight without a script. */}
      <div class="scroll" tabindex={0} role="region" aria-label={person.name}>
        <Thread scene={scene} chat={chat} />
      </div>
      <div class="compose">
        <form class="quick" method="post" action={messages} hx-post={messages} hx-target="#thread" hx-swap="outerMorph">
          <span>{words.quick}</span>
          {['Habari', 'STOP', 'START'].map((text) => (
            <button name="text" value={text}>
              {text}
            </button>
          ))}
        </form>
        <form
          id="composer"
          class="composer"
          method="post"
          action={messages}
          hx-post={messages}
          hx-target="#thread"
          hx-swap="outerMorph"
        >
          <input
            name="text"
            required
            maxlength={1000}
            autocomplete="off"
            aria-label={words.messageLabel}
            placeholder={words.messageHint}
          />
          <button aria-label={words.send}>
            <svg viewBox="0 0 24 24" aria-hidden="true">
              <path d="M4 12 20 4l-5 16-3.5-6.5z" />
            </svg>
          </button>
        </form>
      </div>
    </>
  )
}

export function Face({ name }: { name: string }) {
  const first = Array.from(name.replace(/^\+/, ''))[0] ?? '?'
  return (
    <span class={`face face-${(name.codePointAt(0) ?? 0) % 4}`} aria-hidden="true">
      {first}
    </span>
  )
}

export function Thread({ scene, chat }: { scene: Scene; chat: Chat }) {
  const { words, times, language } = scene
  const { view, person } = chat
  return (
    <div
      id="thread"
      class="thread"
      role="log"
      hx-get={chatPath(chat, '/thread')}
      hx-trigger="every 1s"
      hx-swap="outerMorph"
    >
      {view.hasOlder && <p class="aside">{words.older}</p>}
      {view.bubbles.length === 0 && <p class="aside">{words.emptyChat}</p>}
      {view.bubbles.map((bubble, index) => {
        const day = times.day(bubble.at)
        const before = view.bubbles[index - 1]
        return (
          <>
            {(before === undefined || times.day(before.at) !== day) && <p class="day">{day}</p>}
            <BubbleBox scene={scene} bubble={bubble} />
          </>
        )
      })}
      {!view.window.open && person.note && <p class="note">{person.note[language]}</p>}
      {view.hasStopped ? (
        <p class="hint">{words.stopHint}</p>
      ) : (
        <p class={view.window.open ? 'hint open' : 'hint'}>{windowHint(scene, chat)}</p>
      )}
      {!view.phoneOn && <p class="hint off">{words.offHint}</p>}
    </div>
  )
}

function windowHint({ words, times }: Scene, { view: { window } }: Chat): string {
  if (window.expiresAt === null) return words.neverWrote
  const moment = times.moment(window.expiresAt)
  return window.open ? words.windowOpen(moment) : words.windowClosed(moment)
}

function BubbleBox({ scene: { words, times }, bubble }: { scene: Scene; bubble: Bubble }) {
  if (bubble.kind === 'own')
    return (
      <div class="bubble own" id={`m-${bubble.id}`}>
        <span class="sr">{words.you}: </span>
        <p>{bubble.text}</p>
        <p class="meta">
          <time>{times.clock(bubble.at)}</time>
        </p>
      </div>
    )
  const hasArrived = bubble.status === 'delivered' || bubble.status === 'read'
  return (
    <div class={`bubble ${hasArrived ? '' : 'under-way'} ${bubble.status}`} id={`m-${bubble.id}`}>
      {hasArrived ? <Content words={words} bubble={bubble} /> : <p>{bubble.trouble ? words.failed : words.onItsWay}</p>}
      {bubble.trouble && <p class="trouble">{bubble.trouble}</p>}
      <p class="meta">
        <span>{words.status[bubble.status]}</span>
        <time>{times.clock(bubble.at)}</time>
        <Ticks status={bubble.status} />
      </p>
    </div>
  )
}

function Content({ words, bubble }: { words: Scene['words']; bubble: Extract<Bubble, { kind: 'received' }> }) {
  return (
    <>
      <span class="sr">{words.them}: </span>
      {bubble.picture === 'here' && (
        <a class="picture" href={`/phone/pictures/${bubble.id}`}>
          <img src={`/phone/pictures/${bubble.id}`} alt={words.receiptAlt} />
        </a>
      )}
      {bubble.picture === 'gone' && <p class="aside">{words.pictureGone}</p>}
      {bubble.isTemplate && <p class="kind">{words.invitation}</p>}
      {bubble.text && <p>{bubble.text}</p>}
    </>
  )
}
