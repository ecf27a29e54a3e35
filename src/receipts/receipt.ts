import type { Node } from '@takumi-rs/core'
import { INK, type Palette, palette, WHITE } from './color.ts'
import { RULE } from './layout.ts'
import { type DrawnLogo, TILE_PADDING } from './logo.ts'
import type { ReceiptModel } from './model.ts'
import { box, picture, text } from './nodes.ts'
import { qrCode } from './qr.ts'
import type { ReceiptSum } from './sums.ts'
import { directionOf, widthEm } from './text.ts'

/** The names under which the drawing library is handed the bytes of pictures. */
export const LOGO_SRC = 'logo'
export const RULE_SRC = 'rule'

/** A total longer than this is set smaller, so that it stays on one row. */
const LONG_AMOUNT = 16

/** A shop name wider than two rows is set smaller. */
const LONG_NAME_EM = 22

/** The receipt as the drawing library's own tree. */
export function receipt(model: ReceiptModel, logo: DrawnLogo | null): Node {
  const colors = palette(model.brand.color)
  const { brand, title, badge, facts, sums, total, footer, qr, locale } = model
  const children = [
    box('row', [text('title', title), text(`badge ${badge.state}`, badge.text)]),
    factRows(facts),
    rule(),
    ...(model.lines.length > 0 ? [goods(model), rule()] : []),
    sums.length > 0 ? box('sums', sums.map(sumRow)) : null,
    totalBox(total),
    after(model),
    closing(footer, qr),
  ]
  const page = [band(brand, logo, colors.onBand), box('body', children)]
  return box('page', page, { style: variables(colors), lang: locale })
}

function band(brand: ReceiptModel['brand'], logo: DrawnLogo | null, onBand: string): Node {
  const nameClass = widthEm(brand.name) > LONG_NAME_EM ? 'shop-name long-name' : 'shop-name'
  return box('band', [
    logo ? logoTile(logo, onBand) : text('tile initial', brand.initial),
    box('shop', [
      text(nameClass, brand.name, { dir: directionOf(brand.name) }),
      brand.contact ? text('contact', brand.contact) : null,
    ]),
  ])
}

function logoTile({ width, height, tone }: DrawnLogo, onBand: string): Node {
  const bare = tone === 'full' || (tone === 'light' && onBand === WHITE)
  const padding = bare ? 0 : 2 * TILE_PADDING
  const background = bare ? 'transparent' : tone === 'light' ? INK : WHITE
  return box(tone === 'full' || !bare ? 'tile' : 'bare', [picture('logo', LOGO_SRC, { width, height })], {
    style: { width: `${width + padding}px`, height: `${height + padding}px`, background },
  })
}

function factRows(facts: ReceiptModel['facts']): Node {
  const rows = facts.map(({ label, value, strong }) =>
    box('row', [
      text('fact-label', label),
      text(strong ? 'fact-value strong' : 'fact-value', value, { dir: directionOf(value) }),
    ]),
  )
  return box('facts', rows)
}

function goods({ lines, heading, folded, density }: ReceiptModel): Node {
  const rows = lines.map(({ name, detail, amount }) =>
    box('row line', [
      box('line-text', [text('name', name, { dir: directionOf(name) }), detail ? text('detail', detail) : null]),
      text('amount', amount),
    ]),
  )
  return box(`lines ${density}`, [
    box('row heading', [text('', heading.items), text('heading-currency', heading.currency)]),
    ...rows,
    folded && box('row line folded', [text('sum-label', folded.label), text('amount', folded.amount)]),
  ])
}

function rule(): Node {
  return picture('rule', RULE_SRC, RULE)
}

function sumRow({ label, amount }: ReceiptSum): Node {
  return box('row', [text('sum-label', label), text('amount', amount)])
}

function totalBox({ label, amount }: ReceiptSum): Node {
  const amountClass = amount.length > LONG_AMOUNT ? 'total-amount long' : 'total-amount'
  return box('total', [text('total-label', label), text(amountClass, amount)])
}

function after({ refunds, netPaid }: ReceiptModel): Node | null {
  if (refunds.length === 0) return null
  const net = netPaid && box('row net', [text('sum-label', netPaid.label), text('amount', netPaid.amount)])
  return box('sums after', [...refunds.map(sumRow), net])
}

function closing({ thanks, scan, tin }: ReceiptModel['footer'], qr: ReceiptModel['qr']): Node {
  const words = [text('thanks', thanks), scan ? text('small', scan) : null, tin ? text('small', tin) : null]
  return box('footer', [qr ? qrCode(qr) : null, box(qr ? 'closing' : 'closing centered', words)])
}

function variables(colors: Palette) {
  return {
    '--band': colors.band,
    '--band-edge': colors.bandEdge,
    '--on-band': colors.onBand,
    '--on-band-quiet': colors.onBandQuiet,
    '--tint': colors.tint,
    '--tint-edge': colors.tintEdge,
    '--on-tint': colors.onTint,
  }
}
