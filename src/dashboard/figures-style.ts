/** Of overview, events, rules and shops. */
export const FIGURES_STYLE = `
.pair { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0 1rem; align-items: start; }
@media (min-width: 48rem) { .pair { grid-template-columns: repeat(2, minmax(0, 1fr)); } .pair > .card { height: calc(100% - 1rem); } }

.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(7.2rem, 1fr)); gap: .6rem; list-style: none; margin: 0 0 1rem; padding: 0; }
.tiles li { list-style: none; margin: 0; padding: .7rem .8rem; border-radius: .6rem; background: var(--still-soft); display: flex; flex-direction: column-reverse; justify-content: flex-end; }
.tiles b { font-size: 1.7rem; line-height: 1.15; font-variant-numeric: tabular-nums; font-weight: 700; }
.tiles span { font-size: .88rem; color: var(--pico-color); }
.tiles a { color: inherit; text-decoration: underline; text-underline-offset: .15em; }
.tiles .good { background: var(--good-soft); } .tiles .good b { color: var(--good); }
.tiles .wait { background: var(--wait-soft); } .tiles .wait b { color: var(--wait); }
.tiles .bad { background: var(--bad-soft); } .tiles .bad b { color: var(--bad); }

.chart { display: block; width: 100%; height: auto; max-width: 34rem; overflow: visible; }
.chart text { fill: var(--pico-color); font-size: 13px; font-family: inherit; }
.chart .strong { font-weight: 600; }
.chart .grid { stroke: var(--line); stroke-width: 1; }
.chart .whole { fill: none; stroke: var(--still); stroke-width: 1.2; }
.chart .part { fill: var(--pico-primary); }
.chart .track { fill: none; stroke: var(--still); stroke-width: 1; }
.key { display: flex; flex-wrap: wrap; gap: .2rem 1rem; list-style: none; padding: 0; margin: .4rem 0 .6rem; font-size: .9rem; }
.key li { list-style: none; display: flex; align-items: center; gap: .4rem; margin: 0; }
.key svg { width: .9rem; height: .9rem; flex: none; }
.key .full { fill: var(--pico-primary); } .key .hollow { fill: none; stroke: var(--still); stroke-width: 1.5; }

details.small { margin: .5rem 0 0; padding: 0; border: 0; }
details.small > summary { display: inline-flex; align-items: center; min-height: 2.75rem; color: var(--pico-primary); cursor: pointer; }
details.small > summary::after { display: none; }
details.small > summary::before { content: "+"; width: 1.1em; font-weight: 700; }
details.small[open] > summary::before { content: "−"; }
.numbers { margin: 0 0 .5rem; font-variant-numeric: tabular-nums; }
.numbers td, .numbers th { padding: .3rem .5rem .3rem 0; background: none; }
.numbers th { font-weight: 600; }
.scroll { overflow-x: auto; }
@media (min-width: 48rem) { .right { text-align: right; } }

.big { font-size: 1.7rem; font-weight: 700; line-height: 1.2; font-variant-numeric: tabular-nums; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: .6rem 1rem; margin: 0 0 .6rem; }
.facts dt { font-size: .9rem; color: var(--pico-muted-color); font-weight: 400; }
.facts dd { margin: 0; }
.lines { list-style: none; margin: 0 0 .6rem; padding: 0; }
.lines > li { list-style: none; margin: 0; padding: .55rem 0; border-top: 1px solid var(--line); display: flex; flex-wrap: wrap; gap: .2rem .6rem; align-items: baseline; }
.lines > li:first-child { border-top: 0; padding-top: 0; }
.lines .grow { flex: 1 1 12rem; min-width: 0; }
@media (max-width: 47.99rem) {
  .lines.tall .grow { flex-basis: 100%; order: 1; }
  .lines.tall a:last-child { order: 2; }
  table.stack.short td { display: inline-block; margin-right: 1rem; }
}
.lines.close .grow { flex-basis: 4rem; }
.steps { padding-left: 1.3rem; margin-bottom: .75rem; }
.steps li { margin-bottom: .35rem; }
.count { font-weight: 700; font-variant-numeric: tabular-nums; white-space: nowrap; }

.copy { display: flex; gap: .5rem; margin: 0 0 .6rem; }
.copy input { margin: 0; flex: 1; min-width: 0; font-family: var(--pico-font-family-monospace); font-size: .9rem; }
.copy button { margin: 0; flex: none; width: auto; }
.told:empty { display: none; }
.told { font-size: .9rem; color: var(--good); margin: 0; }
pre.body { max-height: 32rem; overflow: auto; padding: .8rem; border-radius: .6rem; background: var(--still-soft); color: var(--pico-color); font-size: .85rem; white-space: pre-wrap; overflow-wrap: anywhere; }
code { background: var(--still-soft); color: var(--pico-color); overflow-wrap: anywhere; white-space: normal; }
.caption { margin: 0 0 .5rem; padding: .6rem .8rem; border-left: 3px solid var(--pico-primary); background: var(--still-soft); border-radius: .3rem; white-space: pre-line; }
.caption code { padding: 0; background: none; color: var(--pico-primary); }
textarea.yaml { font-family: var(--pico-font-family-monospace); font-size: .9rem; min-height: 12rem; white-space: pre; overflow: auto; }
.said { margin: 0; }
.said > div { padding: .5rem 0; border-top: 1px solid var(--line); }
.said > div:first-child { border-top: 0; padding-top: 0; }
.said dt { color: var(--pico-muted-color); font-weight: 400; font-size: .9rem; }
.said dd { margin: 0; }
.said ul { margin: 0; padding-left: 1.2rem; }
@media (min-width: 48rem) { .said > div { display: grid; grid-template-columns: 13rem minmax(0, 1fr); gap: 0 1rem; } }
.apart { margin-bottom: .8rem; }
.faults { padding: .7rem .9rem; border-radius: .6rem; border: 1px solid var(--bad); background: var(--bad-soft); color: var(--bad); margin-bottom: 1rem; }
.faults p, .faults li { color: inherit; }
.faults ul { margin: 0; padding-left: 1.2rem; }
.faults code { background: none; padding: 0; color: inherit; }
.faults span { white-space: pre-line; }
`
