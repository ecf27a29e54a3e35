import { join } from 'node:path'
import type { Page } from 'playwright-core'

const folder = process.env.PICTURES

/** Takes the picture the README shows, where `PICTURES` names the folder for it; else does nothing. */
export async function picture(page: Page, name: string): Promise<void> {
  if (folder !== undefined) await page.screenshot({ path: join(folder, `${name}.png`) })
}
