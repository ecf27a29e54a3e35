import { INK, type Palette, palette, WHITE } from './color.ts'
import { RULE } from './layout.ts'
import { type DrawnLogo, TILE_PADDING } from './logo.ts'
import type { ReceiptModel } from './model.ts'
import { QrCode } from './qr.tsx'
import type { ReceiptSum } from './sums.ts'
import { directionOf, widthEm } from './text.ts'

/** The names under which the drawing library is handed the bytes of pictures. */
export const LOGO_SRC = 'logo'
export const RULE_SRC = 'rule'

/** A total longer than this is set smaller, so that it stays on one row. */
const LONG_AMOUNT = 16

/** A shop name wider than two rows is set smaller. */
const LONG_NAME_EM = 22

/** The receipt as HTML; all text is escaped by the JSX runtime. */
export function Receipt({ model, logo }: { model: ReceiptModel; logo: DrawnLogo | null }) {
  const colors = palette(model.brand.color)
  return (
    <div class="page" style={variables(colors)} lang={model.locale}>
      <Band brand={model.brand} logo={logo} onBand={colors.onBand} />
      <div class="body">
        <div class="row">
          <div class="title">{model.title}</div>
          <div class={`badge ${model.badge.state}`}>{model.badge.text}</div>
        </div>
        <Facts facts={model.facts} />
        <Rule />
        {model.lines.length > 0 && <Lines model={model} />}
        {model.lines.length > 0 && <Rule />}
        {model.sums.length > 0 && <div class="sums">{model.sums.map(Sum)}</div>}
        <Total {...model.total} />
        <After refunds={model.refunds} netPaid={model.netPaid} />
        <Footer {...model.footer} qr={model.qr} />
      </div>
    </div>
  )
}

function Band({ brand, logo, onBand }: { brand: ReceiptModel['brand']; logo: DrawnLogo | null; onBand: string }) {
  const nameClass = widthEm(brand.name) > LONG_NAME_EM ? 'shop-name long-name' : 'shop-name'
  return (
    <div class="band">
      {logo ? <Logo {...logo} onBand={onBand} /> : <div class="tile initial">{brand.initial}</div>}
      <div class="shop">
        <div class={nameClass} dir={directionOf(brand.name)}>
          {brand.name}
        </div>
        {brand.contact && <div class="contact">{brand.contact}</div>}
      </div>
    </div>
  )
}

function Logo({ width, height, tone, onBand }: DrawnLogo & { onBand: string }) {
  const bare = tone === 'full' || (tone === 'light' && onBand === WHITE)
  const padding = bare ? 0 : 2 * TILE_PADDING
  const background = bare ? 'transparent' : tone === 'light' ? INK : WHITE
  return (
    <div
      class={tone === 'full' || !bare ? 'tile' : 'bare'}
      style={{ width: `${width + padding}px`, height: `${height + padding}px`, background }}
    >
      <img class="logo" src={LOGO_SRC} width={width} height={height} />
    </div>
  )
}

function Facts({ facts }: Pick<ReceiptModel, 'facts'>) {
  return (
    <div class="facts">
      {facts.map(({ label, value, strong }) => (
        <div class="row">
          <div class="fact-label">{label}</div>
          <div class={strong ? 'fact-value strong' : 'fact-value'} dir={directionOf(value)}>
            {value}
          </div>
        </div>
      ))}
    </div>
  )
}

function Lines({ model }: { model: ReceiptModel }) {
  return (
    <div class={`lines ${model.density}`}>
      <div class="row heading">
        <div>{model.heading.items}</div>
        <div class="heading-currency">{model.heading.currency}</div>
      </div>
      {model.lines.map(({ name, detail, amount }) => (
        <div class="row line">
          <div class="line-text">
            <div class="name" dir={directionOf(name)}>
              {name}
            </div>
            {detail && <div class="detail">{detail}</div>}
          </div>
          <div class="amount">{amount}</div>
        </div>
      ))}
      {model.folded && (
        <div class="row line folded">
          <div class="sum-label">{model.folded.label}</div>
          <div class="amount">{model.folded.amount}</div>
        </div>
      )}
    </div>
  )
}

function Rule() {
  return <img class="rule" src={RULE_SRC} width={RULE.width} height={RULE.height} />
}

function Sum({ label, amount }: ReceiptSum) {
  return (
    <div class="row">
      <div class="sum-label">{label}</div>
      <div class="amount">{amount}</div>
    </div>
  )
}

function Total({ label, amount }: ReceiptSum) {
  return (
    <div class="total">
      <div class="total-label">{label}</div>
      <div class={amount.length > LONG_AMOUNT ? 'total-amount long' : 'total-amount'}>{amount}</div>
    </div>
  )
}

function After({ refunds, netPaid }: Pick<ReceiptModel, 'refunds' | 'netPaid'>) {
  if (refunds.length === 0) return null
  return (
    <div class="sums after">
      {refunds.map(Sum)}
      {netPaid && (
        <div class="row net">
          <div class="sum-label">{netPaid.label}</div>
          <div class="amount">{netPaid.amount}</div>
        </div>
      )}
    </div>
  )
}

function Footer({ thanks, scan, tin, qr }: ReceiptModel['footer'] & Pick<ReceiptModel, 'qr'>) {
  return (
    <div class="footer">
      {qr && <QrCode text={qr} />}
      <div class={qr ? 'closing' : 'closing centered'}>
        <div class="thanks">{thanks}</div>
        {scan && <div class="small">{scan}</div>}
        {tin && <div class="small">{tin}</div>}
      </div>
    </div>
  )
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
