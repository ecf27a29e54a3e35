/**
 * Sizes in px that the styles draw with and the folding counts with. 720 wide is what a phone shows without zooming;
 * past 4096 high, phones scale the picture down until nobody can read it.
 */
export const PAGE = { width: 720, margin: 40, maxHeight: 4096 }

export const RULE = { width: PAGE.width - 2 * PAGE.margin, height: 2 }

export interface Density {
  name: { size: number; row: number }
  detail: { size: number; row: number }
  gap: number
}

export const ROOMY: Density = { name: { size: 26, row: 34 }, detail: { size: 21, row: 28 }, gap: 20 }
export const COMPACT: Density = { name: { size: 24, row: 31 }, detail: { size: 20, row: 25 }, gap: 13 }

/** What a line's name and amount share, the gap between them taken off. */
export const LINE_WIDTH = PAGE.width - 2 * PAGE.margin - 28

/** Widest text kept, in em of its own size; see tidy(). */
export const FITS = {
  shopName: 44,
  contact: 40,
  fact: 40,
  lineName: 52,
  lineDetail: 64,
  quantity: 10,
  sumLabel: 28,
  footer: 24,
}

/** One row of facts or sums. */
export const ROW = 40

/** Everything that is there once: band (with a long name), title, rules, heading, total box, footer with QR, air. */
export const FIXED = 900
