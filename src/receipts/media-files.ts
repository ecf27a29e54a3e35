import { access, mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** The images' bytes, one file per token in the data folder. */
export interface MediaFiles {
  /** On disk (and flushed) when it resolves; never half a file under its name. */
  write(token: string, bytes: Uint8Array): Promise<void>
  /** Undefined when there is none. */
  read(token: string): Promise<Buffer | undefined>
  exists(token: string): Promise<boolean>
}

/** What `Ids.token()` makes; anything else is never looked up on disk. */
export const MEDIA_TOKEN = /^[A-Za-z0-9_-]{32}$/

export function createMediaFiles(folder: string): MediaFiles {
  const pathOf = (token: string) => {
    if (!MEDIA_TOKEN.test(token)) throw new Error('not a media token')
    return join(folder, token.slice(0, 2), token)
  }
  return {
    async write(token, bytes) {
      const path = pathOf(token)
      await mkdir(join(folder, token.slice(0, 2)), { recursive: true, mode: 0o700 })
      const temporary = `${path}.tmp`
      try {
        const file = await open(temporary, 'w', 0o600)
        try {
          await file.writeFile(bytes)
          await file.datasync()
        } finally {
          await file.close()
        }
        await rename(temporary, path)
      } catch (error) {
        await rm(temporary, { force: true })
        throw error
      }
    },
    read: (token) => readFile(pathOf(token)).catch(() => undefined),
    exists: (token) =>
      access(pathOf(token)).then(
        () => true,
        () => false,
      ),
  }
}
