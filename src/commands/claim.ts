import { writeFile } from 'node:fs/promises'
import type { ClaimLinks } from '../claim-links/links.ts'
import { AppError, reasonOfSystem } from '../errors.ts'
import { iso } from '../query/present.ts'
import { qrPng, qrSvg } from '../receipts/qr-image.ts'
import { formatFacts } from './table.ts'
import { timeIn } from './times.ts'

export interface ClaimInput {
  shop: string
  order: string
  /** A file for the QR code, .svg or .png. */
  qr: string | undefined
  json: boolean
  timezone: string
}

/** The link by which the buyer of an order asks for its receipt. */
export async function runClaim(input: ClaimInput, { find }: Pick<ClaimLinks, 'find'>): Promise<string> {
  const { shop, order, qr, json, timezone } = input
  if (qr !== undefined && !/\.(svg|png)$/i.test(qr))
    throw new AppError('file.unwritable', 'the file of --qr must end in .svg or .png')
  const claim = await find(shop, order)
  if (qr !== undefined) await drawTo(qr, claim.link)
  const expires = new Date(claim.expiresAt).toISOString()
  if (json) {
    const facts = { code: claim.code, link: claim.link, expires_at: expires, claimed_at: iso(claim.claimedAt) }
    return JSON.stringify(
      { ...facts, usable: claim.whyNot === null, why_not: claim.whyNot, qr_file: qr ?? null },
      null,
      2,
    )
  }
  const time = timeIn(timezone)
  return formatFacts([
    ['code', claim.code],
    ['link', claim.link],
    ['lets a receipt go', claim.whyNot === null ? 'yes' : `no: ${claim.whyNot}`],
    ['expires', `${time(expires)} (${timezone})`],
    ['QR code', qr ?? null],
  ])
}

async function drawTo(file: string, link: string): Promise<void> {
  try {
    await writeFile(file, /\.svg$/i.test(file) ? qrSvg(link) : qrPng(link))
  } catch (error) {
    throw new AppError('file.unwritable', `${file} cannot be written: ${reasonOfSystem(error)}`, { cause: error })
  }
}
