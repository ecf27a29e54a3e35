/** Over Pico: our colours, the frame of a page, and the parts several pages share. */
export const STYLE = `
:root:not([data-theme=dark]) {
  --pico-font-size: 100%; --pico-border-radius: .6rem; --pico-line-height: 1.45;
  --pico-background-color: #f5f7f7; --pico-card-background-color: #fff; --pico-color: #1b2628;
  --pico-h1-color: #132022; --pico-h2-color: #132022; --pico-h3-color: #132022;
  --pico-muted-color: #55636a; --pico-muted-border-color: #dbe2e3; --pico-card-border-color: #dbe2e3;
  --pico-primary: #0b665f; --pico-primary-hover: #084c47; --pico-primary-background: #0f766e; --pico-primary-border: #0f766e;
  --pico-primary-hover-background: #0b5c56; --pico-primary-hover-border: #0b5c56; --pico-primary-focus: #0f766e66;
  --pico-primary-underline: #0b665f80; --pico-primary-inverse: #fff;
  --pico-form-element-background-color: #fff; --pico-form-element-border-color: #85939a; --pico-form-element-color: #1b2628;
  --pico-form-element-placeholder-color: #5d6b72; --pico-form-element-active-border-color: #0f766e; --pico-form-element-focus-color: #0f766e;
  --good: #14602f; --good-soft: #e3f4e9; --wait: #7d4400; --wait-soft: #fdf0d9; --going: #1b4b8a; --going-soft: #e4eefa;
  --bad: #a81e14; --bad-soft: #fce9e7; --still: #48555a; --still-soft: #e9eeef; --line: #dbe2e3;
}
@media (prefers-color-scheme: dark) {
  :root:not([data-theme]) {
    --pico-background-color: #0f1719; --pico-card-background-color: #172124; --pico-color: #dbe4e5;
    --pico-h1-color: #f0f5f5; --pico-h2-color: #f0f5f5; --pico-h3-color: #f0f5f5;
    --pico-muted-color: #a3b3b6; --pico-muted-border-color: #2b3a3e; --pico-card-border-color: #2b3a3e;
    --pico-primary: #5fd3c4; --pico-primary-hover: #8ae4d8; --pico-primary-background: #0f766e; --pico-primary-border: #0f766e;
    --pico-primary-hover-background: #128a80; --pico-primary-hover-border: #128a80; --pico-primary-focus: #5fd3c466;
    --pico-primary-underline: #5fd3c480; --pico-primary-inverse: #fff;
    --pico-form-element-background-color: #111a1c; --pico-form-element-border-color: #6c7d82; --pico-form-element-color: #dbe4e5;
    --pico-form-element-placeholder-color: #98a9ad; --pico-form-element-active-border-color: #5fd3c4; --pico-form-element-focus-color: #5fd3c4;
    --good: #8be0a8; --good-soft: #133021; --wait: #f3c878; --wait-soft: #38290e; --going: #a4cbff; --going-soft: #15294a;
    --bad: #ffaaa0; --bad-soft: #431a16; --still: #bcc8ca; --still-soft: #253135; --line: #2b3a3e;
  }
}
html { -webkit-text-size-adjust: 100%; }
body { overflow-wrap: anywhere; }
.container { max-width: 70rem; padding-inline: 1rem; }
main.container { padding-block: 1rem 2rem; outline: none; }
h1 { font-size: 1.6rem; margin: 0 0 1rem; }
h2 { font-size: 1.15rem; margin: 0 0 .6rem; }
h3 { font-size: 1rem; margin: 0 0 .4rem; }
p { margin-bottom: .75rem; }
:focus-visible { outline: 3px solid var(--pico-primary); outline-offset: 2px; }
.icon { width: 1.25em; height: 1.25em; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; flex: none; vertical-align: -.25em; }
.skip { position: absolute; left: .5rem; top: -4rem; z-index: 9; padding: .6rem 1rem; background: var(--pico-primary-background); color: #fff; border-radius: .5rem; }
.skip:focus { top: .5rem; color: #fff; }
.help, .muted { color: var(--pico-muted-color); font-size: .9rem; }
.note { padding: .6rem .8rem; border-radius: .5rem; background: var(--wait-soft); color: var(--wait); }
.wrong { color: var(--bad); font-weight: 600; margin-top: -.4rem; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

.card { background: var(--pico-card-background-color); border: 1px solid var(--line); border-radius: .8rem; padding: 1rem; margin: 0 0 1rem; }
.card > :last-child { margin-bottom: 0; }
.narrow { max-width: 30rem; }
.plain { margin: 0; display: inline; }

.top.top { padding-block: 0; }
.top { background: var(--pico-card-background-color); border-bottom: 1px solid var(--line); }
.bar { display: flex; align-items: center; gap: .25rem 1rem; min-height: 3.25rem; }
.brand { font-weight: 700; font-size: 1.15rem; text-decoration: none; padding: .5rem 0; }
.tools { margin-left: auto; display: flex; align-items: center; gap: .25rem; }
.quiet, button.quiet { display: inline-flex; align-items: center; min-height: 2.75rem; width: auto; margin: 0; padding: .25rem .6rem; border: 0; background: none;
  color: var(--pico-muted-color); font-size: .9rem; font-weight: 400; text-decoration: none; box-shadow: none; }
.quiet:hover, button.quiet:hover { color: var(--pico-color); text-decoration: underline; background: none; }

nav.sections, nav.sections ul { display: flex; margin: 0; padding: 0; gap: .1rem; overflow: visible; }
nav.sections li { list-style: none; padding: 0; margin: 0; }
nav.sections a, nav.sections summary { display: flex; align-items: center; gap: .4rem; min-height: 2.75rem; padding: .25rem .7rem; margin: 0; border-radius: .5rem;
  color: var(--pico-muted-color); text-decoration: none; font-size: .95rem; cursor: pointer; }
nav.sections summary::after { display: none; }
nav.sections summary::-webkit-details-marker { display: none; }
nav.sections a:hover, nav.sections summary:hover { color: var(--pico-color); background: var(--still-soft); }
nav.sections [aria-current=page], nav.sections summary.current { color: var(--pico-primary); background: var(--good-soft); font-weight: 600; }
nav.sections .icon { display: none; }
nav.sections .more { display: none; }
@media (max-width: 47.99rem) {
  body { padding-bottom: calc(4.2rem + env(safe-area-inset-bottom)); }
  nav.sections { position: fixed; z-index: 5; inset: auto 0 0 0; background: var(--pico-card-background-color); border-top: 1px solid var(--line); padding-bottom: env(safe-area-inset-bottom); }
  nav.sections > ul { flex: 1; justify-content: space-around; }
  nav.sections > ul > li { flex: 1; }
  nav.sections > ul > li > a, nav.sections summary { flex-direction: column; justify-content: center; gap: .1rem; min-height: 3.9rem; padding: .3rem .1rem; font-size: .76rem; border-radius: 0; white-space: nowrap; }
  nav.sections [aria-current=page], nav.sections summary.current { background: none; font-weight: 500; box-shadow: inset 0 3px var(--pico-primary); }
  nav.sections .icon { display: block; width: 1.4rem; height: 1.4rem; }
  nav.sections .more { display: block; position: relative; }
  nav.sections details { margin: 0; }
  nav.sections details ul a { justify-content: flex-start; }
  nav.sections details ul { position: absolute; right: .5rem; bottom: 4.2rem; flex-direction: column; min-width: 11rem; padding: .4rem; background: var(--pico-card-background-color); border: 1px solid var(--line); border-radius: .8rem; box-shadow: 0 .5rem 2rem #0004; }
  nav.sections details li a { padding: .6rem .9rem; font-size: 1rem; }
  nav.sections .wide { display: none; }
}

.back { margin: 0 0 .25rem; }
.back a { display: inline-flex; align-items: center; gap: .2rem; min-height: 2.75rem; text-decoration: none; margin-left: -.3rem; }

input, select, textarea, button, [role=button] { --pico-form-element-spacing-vertical: .6rem; }
input:not([type=checkbox], [type=radio]), select, textarea { min-height: 2.9rem; font-size: 1rem; }
select { appearance: auto; background-image: none; padding-right: .6rem; }
[type=checkbox], [type=radio] { appearance: auto; accent-color: var(--pico-primary-background); width: 1.3rem; height: 1.3rem; }
button, [type=submit], [role=button] { min-height: 2.9rem; font-weight: 600; border-radius: var(--pico-border-radius); }
button[type=submit]:not(.quiet) { width: auto; }
.danger { --pico-background-color: #a81e14; --pico-border-color: #a81e14; --pico-color: #fff; }
.danger:hover { --pico-background-color: #8c1810; --pico-border-color: #8c1810; }
.soft { --pico-background-color: transparent; --pico-border-color: var(--pico-form-element-border-color); --pico-color: var(--pico-color-text); color: var(--pico-primary); }
.soft:hover { --pico-background-color: var(--still-soft); --pico-border-color: var(--pico-primary); color: var(--pico-primary-hover); }
.actions { display: flex; flex-wrap: wrap; gap: .6rem; margin: 0; }
.actions > * { margin: 0; }

.badge { display: inline-flex; align-items: center; gap: .3rem; padding: .1rem .55rem .1rem .4rem; border-radius: 1rem; font-size: .85rem; font-weight: 600; white-space: nowrap; line-height: 1.6; }
.good { color: var(--good); background: var(--good-soft); }
.going { color: var(--going); background: var(--going-soft); }
.wait { color: var(--wait); background: var(--wait-soft); }
.bad { color: var(--bad); background: var(--bad-soft); }
.still { color: var(--still); background: var(--still-soft); }

.find { margin: 0 0 .75rem; }
.find .line { display: flex; gap: .5rem; }
.find .line [type=search][name=q] { margin: 0; flex: 1; min-width: 0; border-radius: .6rem; padding-inline: .9rem; background-image: none; }
.find form { margin: 0; }
.find .line button { margin: 0; flex: none; white-space: nowrap; display: flex; align-items: center; gap: .4rem; }
.filters { margin: .25rem 0 0; padding: 0; border: 0; }
.filters summary { display: inline-flex; align-items: center; min-height: 2.75rem; color: var(--pico-primary); margin: 0; cursor: pointer; }
.filters summary::after { display: none; }
.filters summary::before { content: "+"; width: 1.1rem; font-weight: 700; }
.filters[open] summary::before { content: "−"; }
.fields { display: grid; grid-template-columns: repeat(auto-fill, minmax(10rem, 1fr)); gap: .25rem 1rem; }
.fields label { font-size: .9rem; color: var(--pico-muted-color); }
.fields input, .fields select { margin: .15rem 0 .75rem; color: var(--pico-color); }
.groups { display: flex; flex-wrap: wrap; gap: .4rem; margin: 0 0 .9rem; justify-content: flex-start; }
.groups a { display: inline-flex; align-items: center; min-height: 2.5rem; padding: .2rem .85rem; border: 1px solid var(--line); border-radius: 2rem; background: var(--pico-card-background-color); color: var(--pico-color); text-decoration: none; font-size: .92rem; margin: 0; }
.groups a:hover { border-color: var(--pico-primary); }
.groups [aria-current] { background: var(--pico-primary-background); border-color: var(--pico-primary-background); color: #fff; font-weight: 600; }

.rows { list-style: none; margin: 0; padding: 0; }
.row { position: relative; list-style: none; display: grid; gap: .2rem .75rem; grid-template-columns: 1fr auto; align-items: start; margin: 0 0 .6rem; padding: .8rem .9rem; background: var(--pico-card-background-color); border: 1px solid var(--line); border-radius: .8rem; }
.row:hover { border-color: var(--pico-primary); }
.row .badge { justify-self: start; }
.row time { grid-area: 1 / 2; font-size: .85rem; color: var(--pico-muted-color); white-space: nowrap; line-height: 1.6; }
.row .who, .row .says { grid-column: 1 / -1; margin: 0; }
.row .who { display: flex; flex-wrap: wrap; gap: 0 .5rem; align-items: baseline; }
.row .who a { font-weight: 700; color: inherit; text-decoration: none; }
.row .who a::after { content: ""; position: absolute; inset: 0; border-radius: .8rem; }
.row .who a:focus-visible { outline: none; }
.row .who a:focus-visible::after { outline: 3px solid var(--pico-primary); outline-offset: 2px; }
.row .who .muted { white-space: nowrap; }
.row .says { font-size: .95rem; color: var(--pico-muted-color); line-height: 1.35; }
@media (min-width: 60rem) {
  .row { grid-template-columns: 10.5rem 17rem 1fr auto; padding: .65rem 1rem; margin: 0; border-radius: 0; border-top-width: 0; }
  .row:first-child { border-top-width: 1px; border-radius: .8rem .8rem 0 0; }
  .row:last-child { border-radius: 0 0 .8rem .8rem; }
  .row:only-child { border-radius: .8rem; border-top-width: 1px; }
  .row:hover { border-color: var(--line); background: var(--still-soft); }
  .row time { grid-area: 1 / 4; }
  .row .who, .row .says { grid-column: auto; }
  .row .who .muted { flex-basis: 100%; }
}
.story { display: grid; gap: 1rem; grid-template-columns: minmax(0, 1fr); align-items: start; }
.story .card { margin: 0; }
.lead { font-size: 1.1rem; margin: .5rem 0 1rem; }
.facts { margin: 0; display: grid; gap: .6rem 1.5rem; grid-template-columns: repeat(auto-fill, minmax(8rem, 1fr)); }
.facts div { min-width: 0; }
.facts dt { font-size: .85rem; color: var(--pico-muted-color); font-weight: 400; margin: 0; }
.facts dd { margin: 0; white-space: pre-line; }
.more-of { display: inline-flex; align-items: center; gap: .2rem; min-height: 2.75rem; margin-top: .5rem; text-decoration: none; }
.shown figure { margin: 0; max-width: 22.5rem; margin-inline: auto; background: var(--still-soft); border-radius: .8rem; padding: .5rem; }
.shown img { display: block; width: 100%; height: auto; border-radius: .5rem; background: #fff; }
.shown figcaption { padding: .5rem .25rem .1rem; white-space: pre-line; color: var(--pico-color); font-size: 1rem; }
.shown figure > p { padding: .5rem .25rem; margin: 0; }
.done { background: var(--good-soft); color: var(--good); font-weight: 600; }
.timeline { list-style: none; margin: 0; padding: 0; }
.timeline li { position: relative; list-style: none; margin: 0; padding: 0 0 1rem 2.3rem; }
.timeline li:last-child { padding-bottom: 0; }
.timeline li::before { content: ""; position: absolute; left: .72rem; top: 1.5rem; bottom: 0; width: 2px; background: var(--line); }
.timeline li:last-child::before { display: none; }
.timeline .icon { position: absolute; left: 0; top: 0; width: 1.5rem; height: 1.5rem; padding: .2rem; border-radius: 50%; color: var(--pico-primary); background: var(--still-soft); }
.timeline time { font-size: .85rem; color: var(--pico-muted-color); }
.timeline p { margin: 0; }
.timeline .muted { font-size: .92rem; }
.quote { font-size: .9rem; color: var(--pico-muted-color); border-left: 3px solid var(--line); padding-left: .6rem; margin-top: .2rem; }
.timeline .quote { margin: .25rem 0 0; }
@media (min-width: 60rem) {
  .story { grid-template-columns: minmax(0, 1fr) 24rem; }
  .story .shown { grid-column: 2; grid-row: 1 / span 3; }
  .story .now, .story .happened { grid-column: 1; }
}
.pages { display: flex; justify-content: space-between; gap: 1rem; margin: .75rem 0 0; }
.pages a { display: inline-flex; align-items: center; min-height: 2.75rem; gap: .25rem; margin: 0; padding: 0 .25rem; text-decoration: none; }
.asof { text-align: right; margin: .25rem 0 0; }
.empty { text-align: center; padding: 2.5rem 1.25rem; color: var(--pico-muted-color); }

/* Tables become cards where they would not fit; each cell says what it is. */
@media (max-width: 47.99rem) {
  table.stack thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table.stack, table.stack tbody, table.stack tr, table.stack td, table.stack th { display: block; width: auto; }
  table.stack tr { background: var(--pico-card-background-color); border: 1px solid var(--line); border-radius: .8rem; padding: .6rem .9rem; margin-bottom: .6rem; }
  table.stack td, table.stack th { border: 0; padding: .15rem 0; background: none; }
  table.stack td[data-label]::before { content: attr(data-label) ": "; color: var(--pico-muted-color); font-size: .9rem; }
}
`
