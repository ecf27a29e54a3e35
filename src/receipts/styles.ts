import { INK } from './color.ts'
import { COMPACT, type Density, PAGE, ROOMY, ROW } from './layout.ts'

/** Arabic, Chinese and emoji come from the later families; see fonts.ts for the names. */
export const FAMILIES = "'Inter', 'Noto Sans Arabic', 'Noto Sans SC', 'Twemoji'"

/** All row heights are whole px: a fractional page height would leave a half-transparent last row of pixels. */
export const STYLES = `
.page {
  position: relative; display: flex; flex-direction: column; width: 100%; overflow: hidden; box-sizing: border-box;
  background: #ffffff; color: ${INK};
  font-family: ${FAMILIES}; font-size: 26px; line-height: ${ROW}px; font-weight: 400;
}
.band {
  display: flex; align-items: center; gap: 28px; box-sizing: border-box; width: 100%;
  padding: 36px ${PAGE.margin}px 34px; background: var(--band); border-bottom: 2px solid var(--band-edge);
}
.tile {
  display: flex; align-items: center; justify-content: center; flex-shrink: 0; border-radius: 22px; overflow: hidden;
}
.initial {
  width: 104px; height: 104px; background: var(--on-band); color: var(--band); font-size: 60px; line-height: 104px;
  font-weight: 700;
}
.bare { display: flex; flex-shrink: 0; }
.logo { flex-shrink: 0; }
.shop { display: flex; flex-direction: column; flex: 1; min-width: 0; gap: 4px; }
.shop-name {
  text-align: left; color: var(--on-band); font-size: 40px; line-height: 48px; font-weight: 700;
  letter-spacing: -0.5px; overflow-wrap: anywhere;
}
.long-name { font-size: 33px; line-height: 41px; }
.contact { color: var(--on-band-quiet); font-size: 23px; line-height: 32px; overflow-wrap: anywhere; }

.body {
  display: flex; flex-direction: column; box-sizing: border-box; width: 100%; padding: 34px ${PAGE.margin}px 40px;
}
.row { display: flex; justify-content: space-between; align-items: flex-start; gap: 28px; width: 100%; }
.title { font-size: 38px; line-height: 48px; font-weight: 700; letter-spacing: -0.5px; }
.badge {
  flex-shrink: 0; border-radius: 24px; padding: 0 22px; font-size: 22px; line-height: 48px; font-weight: 700;
  letter-spacing: 0.8px;
}
.paid { background: #dcfce7; color: #166534; }
.unpaid { background: #fef3c7; color: #92400e; }
.refunded, .partlyRefunded { background: #e0e7ff; color: #3730a3; }
.cancelled { background: #fee2e2; color: #991b1b; }

.facts { display: flex; flex-direction: column; width: 100%; padding-top: 16px; }
.fact-label { flex-shrink: 0; color: #64748b; }
.fact-value { flex: 1; min-width: 0; text-align: right; overflow-wrap: anywhere; }
.strong { font-weight: 700; }

.rule { margin: 22px 0; flex-shrink: 0; }
.heading {
  color: #64748b; font-size: 19px; line-height: 24px; font-weight: 700; letter-spacing: 1.2px;
  text-transform: uppercase;
}
.heading-currency { text-transform: none; letter-spacing: 0.4px; }
.lines { display: flex; flex-direction: column; width: 100%; }
.line-text { display: flex; flex-direction: column; flex: 1; min-width: 0; }
.name, .detail { text-align: left; overflow-wrap: anywhere; }
.detail { color: #64748b; }
.amount { flex-shrink: 0; white-space: nowrap; text-align: right; font-variant-numeric: tabular-nums; }
.folded { color: #475569; }
${lineStyles('roomy', ROOMY)}
${lineStyles('compact', COMPACT)}

.sums { display: flex; flex-direction: column; width: 100%; color: #334155; }
.sum-label { flex: 1; min-width: 0; overflow-wrap: anywhere; }
.total {
  display: flex; flex-wrap: wrap; justify-content: space-between; align-items: center; gap: 0 28px;
  box-sizing: border-box; width: 100%; margin-top: 18px; padding: 18px 26px; border-radius: 18px;
  background: var(--tint); border: 2px solid var(--tint-edge); color: var(--on-tint);
}
.total-label { font-size: 32px; line-height: 48px; font-weight: 700; }
.total-amount {
  font-size: 38px; line-height: 48px; font-weight: 700; letter-spacing: -0.3px; white-space: nowrap;
  font-variant-numeric: tabular-nums;
}
.long { font-size: 30px; }
.after { padding: 16px 28px 0; box-sizing: border-box; }
.net { color: ${INK}; font-weight: 700; }

.footer { display: flex; align-items: center; gap: 28px; width: 100%; padding-top: 34px; }
.qr { flex-shrink: 0; }
.closing { display: flex; flex-direction: column; flex: 1; min-width: 0; gap: 4px; }
.centered { align-items: center; text-align: center; }
.thanks { font-size: 26px; line-height: 34px; font-weight: 700; }
.small { text-wrap: balance; color: #64748b; font-size: 21px; line-height: 29px; overflow-wrap: anywhere; }
`

function lineStyles(name: string, { name: title, detail, gap }: Density): string {
  return `
.${name} .line { padding-top: ${gap}px; font-size: ${title.size}px; line-height: ${title.row}px; }
.${name} .detail { font-size: ${detail.size}px; line-height: ${detail.row}px; }`
}
