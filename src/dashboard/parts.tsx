import type { Child } from 'hono/jsx'
import { Icon } from './icons.tsx'

/** The box of a search form, and its button. */
export function SearchLine({ label, button, q }: { label: string; button: string; q: string | undefined }) {
  return (
    <div class="line">
      <label for="q" class="hidden">
        {label}
      </label>
      <input id="q" name="q" type="search" value={q} placeholder={label} maxlength={200} autocomplete="off" />
      <button type="submit">
        <Icon name="search" />
        <span>{button}</span>
      </button>
    </div>
  )
}

/** The end of a form of filters: they are taken, or all is shown again. */
export function FilterActions({ words, all }: { words: { apply: string; clear: string }; all: string }) {
  return (
    <div class="actions">
      <button type="submit">{words.apply}</button>
      <a role="button" class="soft" href={all}>
        {words.clear}
      </a>
    </div>
  )
}

/** A list that renews itself from this address; null for one that stays as it is. */
export function Renewed({ from, children }: { from: string | null; children: Child }) {
  if (from === null) return <>{children}</>
  return (
    <div id="found" hx-get={from} hx-trigger="every 5s" hx-swap="innerMorph">
      {children}
    </div>
  )
}

/** Names and what is known under them; what is not known is left out. */
export function Facts({ rows }: { rows: [name: string, value: string | null][] }) {
  return (
    <dl class="facts">
      {rows.map(([name, value]) =>
        value === null ? null : (
          <div>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ),
      )}
    </dl>
  )
}

interface PagerProps {
  words: { newest: string; older: string }
  /** Where the first page is; null on it. */
  first: string | null
  next: string | null
}

export function Pager({ words, first, next }: PagerProps) {
  if (first === null && next === null) return null
  return (
    <nav class="pages" aria-label={words.older}>
      {first !== null && <a href={first}>{words.newest}</a>}
      {next !== null && (
        <a rel="next" href={next}>
          {words.older}
          <Icon name="next" />
        </a>
      )}
    </nav>
  )
}

/** An address with a query of what is given. */
export function withQuery(path: string, given: Record<string, string | undefined>): string {
  const named = Object.entries(given).filter((one): one is [string, string] => one[1] !== undefined)
  return named.length === 0 ? path : `${path}?${new URLSearchParams(named).toString()}`
}
