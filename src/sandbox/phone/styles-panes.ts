export const PANES_CSS = `
.phone-head { flex: none; display: flex; align-items: center; gap: .6rem; min-height: 3.6rem; padding: .5rem .7rem;
  background: var(--brand); color: var(--brand-ink) }
.phone-head h1 { font-size: 1.08rem; line-height: 1.2; overflow: hidden; text-overflow: ellipsis; white-space: nowrap }
.phone-head p { font-size: .82rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap }
.phone-head :focus-visible { outline-color: #fff }
.who { flex: 1; min-width: 0 }
.back { display: grid; place-items: center; width: 2.2rem; height: 2.75rem; margin: 0 -.4rem; color: inherit }
.back svg, .composer svg { width: 1.5rem; height: 1.5rem; fill: none; stroke: currentColor; stroke-width: 2.4; stroke-linecap: round; stroke-linejoin: round }
.face { flex: none; display: grid; place-items: center; width: 2.5rem; height: 2.5rem; border-radius: 50%; font-weight: 600; color: #fff; background: #8a4b14 }
.face-1 { background: #5b3c96 } .face-2 { background: #9b2c54 } .face-3 { background: #1f5f8b }
.power { display: flex; flex-direction: column; align-items: center; gap: .2rem; min-height: 2.75rem; padding: .2rem .1rem; border: 0; background: none; color: inherit; font-size: .74rem; cursor: pointer; line-height: 1.1 }
.knob { flex: none; width: 2.1rem; height: 1.2rem; padding: 2px; border-radius: 1rem; background: rgb(0 0 0 / .45); border: 1px solid rgb(255 255 255 / .7) }
.knob::after { content: ""; display: block; height: 100%; aspect-ratio: 1; border-radius: 50%; background: #fff }
[aria-checked="true"] .knob { background: #34d399 }
[aria-checked="true"] .knob::after { margin-left: auto }
.senders { display: flex; gap: .3rem 1rem; flex-wrap: wrap; padding: .45rem 1rem; font-size: .88rem; border-bottom: 1px solid var(--line) }

.scroll { flex: 1; min-height: 0; overflow-y: auto; display: flex; flex-direction: column-reverse;
  background: var(--chat) radial-gradient(var(--dot) 1.5px, transparent 2px) 0 0 / 22px 22px }
.thread { display: flex; flex-direction: column; gap: .4rem; padding: .8rem .7rem; margin-bottom: auto }
.bubble { position: relative; align-self: flex-start; max-width: 84%; padding: .4rem .55rem .3rem; border-radius: .3rem .9rem .9rem .9rem; background: var(--theirs);
  box-shadow: 0 1px 1px rgb(0 0 0 / .13); overflow-wrap: anywhere }
.bubble p { white-space: pre-wrap }
.bubble.own { align-self: flex-end; border-radius: .9rem .3rem .9rem .9rem; background: var(--own) }
.bubble .meta { display: flex; justify-content: flex-end; align-items: center; gap: .35rem; font-size: .74rem; color: var(--soft); margin-top: .1rem }
.bubble.own .meta { color: var(--ink) }
.bubble.read .meta { color: var(--seen) }
.bubble.under-way { border: 1px dashed var(--soft); background: var(--chip); color: var(--soft); font-size: .9rem; box-shadow: none }
.bubble .kind { font-size: .74rem; font-weight: 600; color: var(--soft) }
.bubble:has(.picture) { width: min(84%, 18rem) }
.picture { display: block; margin: -.12rem -.27rem .35rem; border-radius: .7rem; overflow: hidden }
.picture img { display: block; width: 100%; max-height: 34rem; object-fit: cover; object-position: top; background: #fff }
.ticks { flex: none; width: 1.25rem; height: .75rem; fill: none; stroke: var(--soft); stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round }
.ticks.read { stroke: var(--seen) } .ticks.failed { stroke: var(--bad) }
.trouble, .fault { color: var(--bad) }
.fault { margin: .3rem 0 }
.aside { align-self: center; text-align: center; font-size: .88rem; color: var(--soft); padding: .3rem .8rem }
.thread .aside, .day, .hint, .note { align-self: center; border-radius: .6rem; padding: .25rem .7rem; background: var(--chip) }
.day { font-size: .76rem; color: var(--soft) }
.day::first-letter { text-transform: uppercase }
.hint, .note { font-size: .84rem; text-align: center; background: var(--note); color: var(--note-ink); max-width: 92% }
.note { text-align: left; border-left: 4px solid #c98a00; padding: .45rem .7rem }
.hint.open { background: var(--open); color: var(--open-ink) }
.hint a { color: inherit; font-weight: 600 }
.compose { flex: none; padding: .45rem .6rem .6rem; background: var(--card); border-top: 1px solid var(--line) }
.quick { display: flex; align-items: center; gap: .4rem; padding-bottom: .45rem; font-size: .84rem; color: var(--soft) }
.quick button { min-height: 2rem; padding: .15rem .8rem; border: 1px solid var(--line); border-radius: 1rem; background: var(--chip); color: var(--ink); cursor: pointer }
.quick button:hover { border-color: var(--link) }
.composer { display: flex; gap: .5rem }
.composer input { flex: 1; min-width: 0; min-height: 2.75rem; padding: .3rem 1rem; border: 1px solid var(--soft); border-radius: 1.4rem; background: var(--page) }
.composer button { flex: none; display: grid; place-items: center; width: 2.75rem; height: 2.75rem; border: 0; border-radius: 50%; background: var(--brand); color: var(--brand-ink); cursor: pointer }
.composer svg { width: 1.25rem; height: 1.25rem; fill: currentColor; stroke: none }

.list { flex: 1; min-height: 0; overflow-y: auto }
.people a { display: grid; grid-template-columns: auto 1fr; gap: 0 .75rem; padding: .7rem .9rem; color: inherit; text-decoration: none; border-bottom: 1px solid var(--line) }
.people a:hover { background: var(--page) }
.people a:focus-visible { outline-offset: -3px }
.people .face { grid-row: 1 / span 2; align-self: center }
.people .line { grid-column: 2; display: flex; align-items: baseline; gap: .5rem; min-width: 0 }
.people .name { flex: 1; font-weight: 600; overflow: hidden; text-overflow: ellipsis; white-space: nowrap }
.people time { font-size: .76rem; color: var(--soft); white-space: nowrap }
.people .last { flex: 1; color: var(--soft); font-size: .92rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap }
.people .note { grid-column: 2; margin-top: .4rem; max-width: none; justify-self: start }
.badge { padding: .05rem .5rem; border-radius: 1rem; font-size: .74rem; font-weight: 600; background: var(--badge); color: var(--card); white-space: nowrap }
.badge.grey { background: var(--soft) }
.add { padding: .8rem .9rem }
.add summary { cursor: pointer; padding: .4rem 0; color: var(--link); font-weight: 600 }
.add form { display: grid; gap: .7rem; padding: .4rem 0 }
label { display: grid; gap: .2rem; font-size: .88rem; color: var(--soft) }
label input, label select, .goods input { min-height: 2.6rem; padding: .3rem .6rem; border: 1px solid var(--soft); border-radius: .5rem; background: var(--card); color: var(--ink); width: 100%; font-size: 1rem }

.shop h2 { font-size: 1.3rem } .shop h3 { font-size: 1.05rem; margin: 1.3rem 0 .5rem } .shop header p, .no-shop { color: var(--soft) }
.shop pre { margin: .8rem 0; padding: .8rem; border-radius: .6rem; background: var(--page); border: 1px solid var(--line); overflow-x: auto }
.goods { margin: .8rem 0 .4rem }
.goods li { display: flex; align-items: center; gap: .75rem; padding: .4rem 0 }
.goods .name { flex: 1; min-width: 0; font-weight: 600; line-height: 1.25 }
.goods small { display: block; font-weight: 400; font-size: .86rem; color: var(--soft) }
.goods input { flex: none; width: 4.2rem; text-align: center }
.good-picture { flex: none; width: 3rem; height: 3rem }
.good-picture .line { fill: none; stroke: var(--two); stroke-width: 2.5; stroke-linecap: round }
.ground { fill: var(--ground) } .one { fill: var(--one) } .two { fill: var(--two) } .good-picture .two-line { stroke: var(--three) }
.khanga { --ground: #fde4d3; --one: #d1492e; --two: #ffd34d } .kikapu { --ground: #f3e6cd; --one: #b9812f; --two: #6b4410; --three: #f3d79b }
.sabuni { --ground: #d8efe4; --one: #2f8f68; --two: #b8e6cf } .kahawa { --ground: #e6dcd5; --one: #5d3a24; --two: #5d3a24; --three: #a78671 }
.total { display: flex; justify-content: space-between; padding: .6rem 0; margin-bottom: .7rem; border-block: 1px solid var(--line); font-size: 1.1rem; font-weight: 600 }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: .7rem; margin-bottom: .8rem }
.pair button, .add button, .small { min-height: 2.75rem; padding: .3rem 1rem; border: 1px solid var(--brand); border-radius: .7rem; background: var(--brand); color: var(--brand-ink); font-weight: 600; cursor: pointer }
.pair .quiet, .small.quiet { background: none; color: var(--link); border-color: var(--soft) }
.small { min-height: 2.3rem; padding: .1rem .8rem; font-size: .88rem; font-weight: 500 }
a.small { min-height: 0; padding: .35rem .2rem; border: 0; background: none; color: var(--link) }
.orders { display: grid; gap: .7rem }
.sale { padding: .7rem .8rem; border: 1px solid var(--line); border-radius: .8rem; display: grid; gap: .35rem; font-size: .92rem; min-width: 0 }
.sale h4 { display: flex; justify-content: space-between; align-items: center; font-size: 1rem }
.sale.unpaid .badge { background: var(--note); color: var(--note-ink) } .sale.refunded .badge { background: var(--soft) }
.posted { font-size: .82rem; color: var(--soft); overflow-wrap: anywhere }
.posted .fine::before { content: "✓ "; color: var(--open-ink) } .posted .bad::before { content: "✗ "; color: var(--bad) }
.sale .hint { align-self: start; text-align: left; max-width: none; padding: .4rem .7rem }
.sale form { display: flex; flex-wrap: wrap; gap: .5rem; margin-top: .2rem }
`
