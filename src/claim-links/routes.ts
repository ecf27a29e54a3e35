import { type Context, Hono } from 'hono'
import { addressOf } from '../http/address.ts'
import type { FailureLimit } from '../http/failure-limit.ts'
import { qrPng, qrSvg } from '../receipts/qr-image.ts'
import type { ClaimLinks, OpenedLink } from './links.ts'

export interface ClaimRouteDeps {
  claimLinks: Pick<ClaimLinks, 'open'>
  limit: FailureLimit
}

/** One answer for an order or shop nobody knows and a wrong key: it tells nobody which. */
const NO_LINK = `Kiungo hiki hakifanyi kazi sasa. Kama umelipa hivi punde, jaribu tena baada ya dakika moja.
This link does not work now. If you have only just paid, try again in a minute.
`

/** For whoever has the order's key, and so may know what became of its link. */
const ENDED: Record<Exclude<OpenedLink['kind'], 'good'>, string> = {
  spent: `Kiungo hiki kimeshatumika: risiti ya oda hii hutumwa kwa aliyekitumia kwenye WhatsApp. Kama si wewe, wasiliana na duka.
This link has been used: the receipt of this order goes to whoever used it on WhatsApp. If that was not you, ask the shop.
`,
  expired: `Muda wa kiungo hiki umekwisha. Wasiliana na duka ili kupata risiti yako.
This link has expired. Ask the shop for your receipt.
`,
  none: `Hakuna risiti ya kutuma kwa oda hii: imefutwa, au imerejeshewa fedha yote.
There is no receipt to send for this order: it was cancelled, or refunded in full.
`,
}

/**
 * `GET /claim/<shop>/<order id>?key=<the shop's own key of the order>`: on to WhatsApp, with the order's code written
 * already. `&qr=svg` or `&qr=png` gives the same as a QR code, for thank-you pages on a computer and till displays.
 */
export function claimRoutes({ claimLinks, limit }: ClaimRouteDeps): Hono {
  return new Hono().get('/:shop/:order', async (c) => {
    c.header('cache-control', 'no-store')
    c.header('x-robots-tag', 'noindex')
    const opened = await claimLinks.open(c.req.param('shop'), c.req.param('order'), c.req.query('key') ?? '')
    if (opened?.kind === 'good') return answer(c, opened.link)
    if (opened) return c.text(ENDED[opened.kind], 410)
    const waitSeconds = limit.failed(addressOf(c))
    if (waitSeconds > 0) c.header('retry-after', String(waitSeconds))
    return c.text(NO_LINK, waitSeconds > 0 ? 429 : 404)
  })
}

function answer(c: Context, link: string): Response {
  const qr = c.req.query('qr')
  if (qr === undefined) return c.redirect(link, 302)
  // The shop's page shows it.
  c.header('cross-origin-resource-policy', 'cross-origin')
  return qr === 'png'
    ? c.body(new Uint8Array(qrPng(link)), 200, { 'content-type': 'image/png' })
    : c.body(qrSvg(link), 200, { 'content-type': 'image/svg+xml' })
}
