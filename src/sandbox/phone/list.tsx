import { Face } from './chat.tsx'
import type { Scene } from './scene.ts'

export function ListPane({ scene }: { scene: Scene }) {
  const { words, fault } = scene
  return (
    <>
      <header class="phone-head">
        <h1>{words.whosePhone}</h1>
      </header>
      <div class="list" tabindex={0} role="region" aria-label={words.whosePhone}>
        <PeopleList scene={scene} />
        <details class="add" open={fault?.about === 'person' || scene.people.length === 0}>
          <summary>{words.addTitle}</summary>
          <form method="post" action="/phone/people">
            {fault?.about === 'person' && (
              <p class="fault" role="alert">
                {fault.text}
              </p>
            )}
            <label>
              {words.number}
              <input name="number" type="tel" required minlength={7} maxlength={25} autocomplete="off" />
            </label>
            <label>
              {words.name}
              <input name="name" required maxlength={60} autocomplete="off" />
            </label>
            <button>{words.add}</button>
          </form>
        </details>
      </div>
    </>
  )
}

export function PeopleList({ scene: { words, times, people, language } }: { scene: Scene }) {
  return (
    <div id="people" hx-get="/phone/people" hx-trigger="every 2s" hx-swap="outerMorph">
      {people.length === 0 && <p class="aside">{words.noPeople}</p>}
      <ul class="people">
        {people.map(({ person, row }) => {
          const note = row.window.open ? undefined : person.note?.[language]
          return (
            <li id={`p-${person.number}`}>
              <a href={`/phone/${person.number}`}>
                <Face name={person.name} />
                <span class="line">
                  <span class="name">{person.name}</span>
                  {row.lastAt !== null && <time>{times.moment(row.lastAt)}</time>}
                </span>
                <span class="line">
                  <span class="last">{row.lastText ?? words.nothingYet}</span>
                  {!row.phoneOn && <span class="badge grey">{words.phoneOff}</span>}
                  {row.unread > 0 && (
                    <span class="badge">
                      <span aria-hidden="true">{row.unread}</span>
                      <span class="sr">{words.unread(row.unread)}</span>
                    </span>
                  )}
                </span>
                {note !== undefined && <span class="note">{note}</span>}
              </a>
            </li>
          )
        })}
      </ul>
    </div>
  )
}
