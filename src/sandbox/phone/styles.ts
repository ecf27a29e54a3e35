import { PANES_CSS } from './styles-panes.ts'

/** Light and dark by what the machine is set to; every pair of colours here is AA. */
export const PHONE_CSS = `
:root {
  color-scheme: light dark;
  --page: #eef1ef; --card: #fff; --ink: #17211f; --soft: #51605c; --line: #d5dcd9;
  --brand: #0f766e; --brand-ink: #fff; --link: #0b625b;
  --chat: #ece5da; --dot: #dfd5c5; --own: #cdeee6; --theirs: #fff; --chip: #fff;
  --note: #fff3d0; --note-ink: #5b3f00; --open: #d9f0e2; --open-ink: #14532d;
  --seen: #0a66c2; --bad: #a61b1b; --badge: #0f766e;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0d1312; --card: #18211f; --ink: #e8eeec; --soft: #a3b2ae; --line: #2c3835;
    --brand: #12574f; --brand-ink: #fff; --link: #6fd3c6;
    --chat: #10191a; --dot: #172324; --own: #12453f; --theirs: #202b2a; --chip: #202b2a;
    --note: #3b2f10; --note-ink: #f5dfa6; --open: #123524; --open-ink: #a8e6c1;
    --seen: #6cb8ff; --bad: #ff9c94; --badge: #2dd4bf;
  }
}
*, *::before, *::after { box-sizing: border-box }
html { font: 16px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; -webkit-text-size-adjust: 100% }
body { margin: 0; height: 100dvh; display: flex; flex-direction: column; background: var(--page); color: var(--ink) }
h1, h2, h3, h4, p, ul, ol { margin: 0; padding: 0 }
ul { list-style: none }
a { color: var(--link) }
code, pre { font-family: ui-monospace, "Cascadia Mono", Menlo, monospace; font-size: .86em }
button, input, select { font: inherit; color: inherit }
:focus-visible { outline: 3px solid var(--seen); outline-offset: 2px }
[hidden] { display: none !important }
.sr { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }
.skip { position: absolute; left: -99em; top: .25rem; z-index: 9; padding: .5rem 1rem; background: var(--card) }
.skip:focus { left: .5rem }

.bar { flex: none; display: flex; justify-content: space-between; align-items: center; gap: .5rem; padding: 0 .5rem;
  background: var(--card); border-bottom: 1px solid var(--line); font-size: .92rem }
.bar nav { display: flex; min-width: 0 }
.bar nav a { padding: .65rem .55rem; color: var(--soft); text-decoration: none; border-bottom: 2px solid transparent; white-space: nowrap }
.bar nav a[aria-current] { color: var(--ink); border-color: var(--brand); font-weight: 600 }
.bar button { border: 0; background: none; padding: .65rem .5rem; color: var(--link); cursor: pointer; white-space: nowrap }
#gone { padding: .6rem 1rem; background: var(--note); color: var(--note-ink); text-align: center }

main { flex: 1; min-height: 0; display: flex; flex-direction: column }
.phone { flex: 1; min-height: 0; display: flex; flex-direction: column; background: var(--card) }
.shop { flex: 1; min-height: 0; overflow-y: auto; padding: 1rem; background: var(--card) }
.show-phone .shop, .show-shop .phone { display: none }
.guide { padding: .8rem 1rem; font-size: .92rem; color: var(--soft); background: var(--page); overflow-y: auto }
.guide h2, .guide h3 { color: var(--ink) }
.guide h2 { font-size: 1.15rem; margin-bottom: .4rem }
.guide h3 { font-size: .95rem; margin: .9rem 0 .3rem }
.guide ol { margin: .6rem 0 0 1.2rem }
.guide li + li { margin-top: .35rem }
.guide code { user-select: all; padding: .1rem .35rem; border: 1px solid var(--line); border-radius: .3rem; background: var(--card); color: var(--ink); white-space: nowrap }
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1rem }
.legend li { display: flex; align-items: center; gap: .35rem }
.legend li + li { margin-top: 0 }

@media (max-width: 799px) {
  .show-shop .guide, .in-chat .guide { display: none }
  body:not(.in-chat) { height: auto; min-height: 100dvh }
  .guide { order: 1 }
}
@media (min-width: 800px) {
  body { min-height: 640px }
  main { flex-direction: row; justify-content: center; gap: 1.5rem; padding: 1.25rem 1.5rem; align-items: stretch }
  .show-phone .shop { display: block }
  .show-shop .phone { display: flex }
  .bar { padding: 0 1.5rem }
  .bar .to-shop { display: none }
  .phone { flex: none; width: 390px; max-height: 860px; border: 9px solid #1b2422; border-radius: 2.4rem; overflow: hidden;
    box-shadow: 0 1.2rem 2.5rem rgb(0 0 0 / .22) }
  .shop { flex: 1; max-width: 460px; max-height: 860px; border: 1px solid var(--line); border-radius: 1.2rem; padding: 1.25rem }
  .guide { display: none }
}
@media (min-width: 1120px) {
  .guide { display: block; flex: 0 1 300px; max-height: 860px; padding: .5rem 0 }
}
@media (prefers-color-scheme: dark) { .phone { border-color: #35423f } }
@media (prefers-reduced-motion: no-preference) {
  .bubble { animation: arrive .25s ease-out }
  @keyframes arrive { from { opacity: 0; transform: translateY(.5rem) } }
}
${PANES_CSS}`
