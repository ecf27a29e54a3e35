import { type Overview, SHOP_ROWS_AT_MOST } from '../query/overview.ts'
import { HOME } from './gate.ts'
import type { Parts } from './overview-parts.ts'

export function Today({ words, say, overview }: Parts) {
  const { shops, today } = overview
  const tiles: [label: string, value: number, kind: string, href: string | null][] = [
    [words.made, today.made, '', `${HOME}/messages`],
    [words.delivered, today.delivered, 'good', null],
    [words.read, today.read, 'good', null],
    [words.underWay, today.underWay + today.sent - today.delivered, '', null],
    [words.waiting, today.waiting, today.waiting > 0 ? 'wait' : '', `${HOME}/messages?status=held`],
    [words.notSent, today.notSent, today.notSent > 0 ? 'bad' : '', `${HOME}/messages?status=failed,skipped,expired`],
  ]
  return (
    <section class="card">
      <h2>{words.today}</h2>
      {today.made === 0 && <p>{words.quietToday}</p>}
      <ul class="tiles">
        {tiles.map(([label, value, kind, href]) => (
          <li class={kind}>
            <span>{href === null ? label : <a href={href}>{label}</a>}</span>
            <b>{say.number(value)}</b>
          </li>
        ))}
      </ul>
      {shops.length > 1 && <ShopTable words={words} say={say} shops={shops} />}
      {shops.some(({ more }) => more) && (
        <p class="help">{words.onlyNewest(say.number(Math.ceil(SHOP_ROWS_AT_MOST / shops.length)))}</p>
      )}
    </section>
  )
}

function ShopTable({ words, say, shops }: Pick<Parts, 'words' | 'say'> & { shops: Overview['shops'] }) {
  const columns = ['made', 'delivered', 'read', 'waiting', 'notSent'] as const
  return (
    <table class="stack numbers short">
      <thead>
        <tr>
          <th scope="col">{words.shop}</th>
          {columns.map((column) => (
            <th scope="col" class="right">
              {words[column]}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {shops.map(({ shop, name, today, more }) => (
          <tr>
            <th scope="row">
              <a href={`${HOME}/messages?shop=${encodeURIComponent(shop)}`}>{name}</a>
            </th>
            {columns.map((column) => (
              <td class="right" data-label={words[column]}>
                {say.number(today[column])}
                {more && today[column] > 0 && '+'}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
