import { Bars, Funnel } from './charts.tsx'
import type { Parts } from './overview-parts.ts'
import { QuietCard } from './quiet-card.tsx'

export function Hours({ words, say, overview }: Parts) {
  const { hours } = overview
  const made = hours.reduce((sum, hour) => sum + hour.made.made, 0)
  const delivered = hours.reduce((sum, hour) => sum + hour.made.delivered, 0)
  const [peak] = hours.toSorted((a, b) => b.made.made - a.made.made)
  if (made === 0) return <QuietCard title={words.hours} text={words.quietDay} />
  const bars = hours.map(({ from, made: one }, index) => ({
    label: index % 6 === 2 ? say.clock(from) : null,
    whole: one.made,
    part: one.delivered,
    text: words.hourOf(say.clock(from), say.number(one.delivered), say.number(one.made)),
  }))
  return (
    <section class="card">
      <h2>{words.hours}</h2>
      <p class="help">{words.hoursText}</p>
      <Bars
        id="hours"
        title={words.hours}
        desc={words.hoursDesc(say.number(delivered), say.number(made), say.clock(peak?.from ?? 0))}
        bars={bars}
        number={say.number}
      />
      <ul class="key">
        <li>
          <svg viewBox="0 0 10 10" aria-hidden="true">
            <rect class="full" width="10" height="10" />
          </svg>
          {words.onPhone}
        </li>
        <li>
          <svg viewBox="0 0 10 10" aria-hidden="true">
            <rect class="hollow" x="1" y="1" width="8" height="8" />
          </svg>
          {words.notOnPhone}
        </li>
      </ul>
      <details class="small">
        <summary>{words.asTable}</summary>
        <table class="numbers">
          <thead>
            <tr>
              <th scope="col">{words.hour}</th>
              <th scope="col">{words.made}</th>
              <th scope="col">{words.delivered}</th>
            </tr>
          </thead>
          <tbody>
            {hours.map(({ from, made: one }) => (
              <tr>
                <th scope="row">{say.clock(from)}</th>
                <td>{say.number(one.made)}</td>
                <td>{say.number(one.delivered)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </section>
  )
}

export function Stages({ words, say, overview }: Parts) {
  const { day } = overview
  if (day.made === 0) return <QuietCard title={words.funnel} text={words.quietDay} />
  const stages: [string, number][] = [
    [words.queued, day.made],
    [words.sent, day.sent],
    [words.delivered, day.delivered],
    [words.read, day.read],
  ]
  const shown = stages.map(([label, value]) => ({
    label,
    value: `${say.number(value)} · ${say.percent(value / day.made)}`,
    share: value / day.made,
  }))
  return (
    <section class="card">
      <h2>{words.funnel}</h2>
      <p class="help">{words.funnelText}</p>
      <Funnel
        id="funnel"
        title={words.funnel}
        desc={shown.map(({ label, value }) => `${label}: ${value}`).join('; ')}
        stages={shown}
      />
      <p>{words.apart(say.number(day.waiting), say.number(day.underWay), say.number(day.notSent))}</p>
      <details class="small">
        <summary>{words.asTable}</summary>
        <table class="numbers">
          <tbody>
            {stages.map(([label, value]) => (
              <tr>
                <th scope="row">{label}</th>
                <td>{say.number(value)}</td>
                <td>{say.percent(value / day.made)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </section>
  )
}
