import type { Comparison, Difference } from '../rehearsal/compare.ts'
import type { PresentedItem, PresentedRehearsal } from '../rehearsal/present.ts'
import { HOME } from './gate.ts'
import { Icon, type IconName } from './icons.tsx'
import type { Page } from './page.ts'
import { phoneText } from './people.ts'
import { sayIn } from './say.ts'
import { StatusBadge, type Tone } from './status-badge.tsx'
import { type RulesWords, rulesWords } from './words/rules.ts'

export interface ResultProps {
  page: Page
  zone: string
  rehearsal: PresentedRehearsal
  /** Whether its rules were given, and are not those that run. */
  isChanged: boolean
}

const COMPARISONS: readonly Comparison[] = ['new', 'different', 'gone', 'unsure', 'same']
const LOOKS: Record<Comparison, [Tone, IconName]> = {
  new: ['going', 'up'],
  different: ['wait', 'question'],
  gone: ['bad', 'cross'],
  unsure: ['still', 'question'],
  same: ['good', 'tick'],
}

/** What would have gone out, rule by rule; what is as it was stands folded at the end. */
export function RehearsalResult({ page, zone, rehearsal, isChanged }: ResultProps) {
  const words = rulesWords(page.language)
  const say = sayIn(page.language, zone, page.now)
  const { events, since, cut_at: cutAt, left_off: leftOff } = rehearsal
  return (
    <>
      <section class="card">
        <h2>{words.result}</h2>
        <p>
          {isChanged ? words.withChanged : words.withRunning}{' '}
          {words.resultOf(say.number(events.rehearsed), say.time(Date.parse(since)))}
        </p>
        {cutAt !== null && <p class="note">{words.cut(say.time(Date.parse(cutAt)))}</p>}
        {events.bodies_gone > 0 && <p class="help">{words.bodiesGone(say.number(events.bodies_gone))}</p>}
        {leftOff > 0 && <p class="help">{words.leftOff(say.number(leftOff))}</p>}
      </section>
      {rehearsal.rules.map((rule) => {
        const mine = rehearsal.items.filter((item) => (item.rule ?? '') === rule.rule)
        const same = mine.filter(({ comparison }) => comparison === 'same')
        const others = mine.filter(({ comparison }) => comparison !== 'same')
        const counted = COMPARISONS.filter((name) => (rule.comparisons[name] ?? 0) > 0)
        return (
          <section class="card">
            <h2>{rule.rule}</h2>
            {counted.length === 0 && <p>{words.makesNone}</p>}
            <p class="actions">
              {counted.map((name) => (
                <ComparisonBadge words={words} comparison={name} count={say.number(rule.comparisons[name] ?? 0)} />
              ))}
            </p>
            {others.length > 0 && <Items words={words} page={page} items={others} />}
            {same.length > 0 && (
              <details class="small">
                <summary>
                  {words.same}: {say.number(same.length)}
                </summary>
                <Items words={words} page={page} items={same} />
              </details>
            )}
            {rule.not_matched.length > 0 && (
              <details class="small">
                <summary>
                  {words.notMatched}: {say.number(rule.not_matched.reduce((sum, { count }) => sum + count, 0))}
                </summary>
                <ul class="lines" lang="en">
                  {rule.not_matched.map(({ why, count }) => (
                    <li>
                      <span class="count">{say.number(count)}</span>
                      <span class="grow">{why}</span>
                    </li>
                  ))}
                </ul>
              </details>
            )}
          </section>
        )
      })}
    </>
  )
}

function ComparisonBadge({ words, comparison, count }: { words: RulesWords; comparison: Comparison; count?: string }) {
  const [tone, icon] = LOOKS[comparison]
  return (
    <span class={`badge ${tone}`}>
      <Icon name={icon} />
      {words[comparison]}
      {count !== undefined && ` ${count}`}
    </span>
  )
}

interface ItemsProps {
  words: RulesWords
  page: Page
  items: PresentedItem[]
}

function Items({ words, page, items }: ItemsProps) {
  return (
    <table class="stack numbers">
      <thead>
        <tr>
          <th scope="col">{words.order}</th>
          <th scope="col">{words.to}</th>
          <th scope="col">{words.compared}</th>
          <th scope="col">{words.would}</th>
          <th scope="col">{words.really}</th>
        </tr>
      </thead>
      <tbody>
        {items.map((item) => (
          <ItemRow words={words} page={page} item={item} />
        ))}
      </tbody>
    </table>
  )
}

function ItemRow({ words, page: { language }, item }: { words: RulesWords; page: Page; item: PresentedItem }) {
  const { outcome, really, differs, comparison } = item
  return (
    <tr>
      <th scope="row">
        {item.event_id === null ? (
          (item.order_number ?? '–')
        ) : (
          <a href={`${HOME}/events/${item.event_id}`}>{item.order_number ?? '–'}</a>
        )}
      </th>
      <td data-label={words.to}>{item.to === null ? words.nobody : phoneText(item.to)}</td>
      <td data-label={words.compared}>
        <ComparisonBadge words={words} comparison={comparison} />
        {differs.length > 0 && ` ${differs.map((one) => differenceWord(one, words)).join(', ')}`}
        {differs.includes('caption') && (
          <details class="small">
            <summary>{words.caption}</summary>
            <p class="help">{words.textWould}</p>
            <p class="caption">{item.caption}</p>
            <p class="help">{words.textReally}</p>
            <p class="caption">{really?.caption}</p>
          </details>
        )}
      </td>
      <td data-label={words.would}>
        {outcome === null ? words.notMade : <StatusBadge status={outcome} language={language} />}
      </td>
      <td data-label={words.really}>
        {really === null ? (
          words.notMade
        ) : (
          <a href={`${HOME}/messages/${really.id}`}>
            <StatusBadge status={really.status} language={language} />
          </a>
        )}
      </td>
    </tr>
  )
}

function differenceWord(difference: Difference, words: RulesWords): string {
  return difference === 'caption' ? words.captionDiffers : words[difference]
}
