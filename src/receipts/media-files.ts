import { access, type FileHandle, mkdir, open, readdir, readFile, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createKeptBytes } from './kept-bytes.ts'

/** The images' bytes, one file per token in the data folder. */
export interface MediaFiles {
  /** On disk (and flushed) when it resolves. Nobody knows the token before; what a crash leaves half is swept away. */
  write(token: string, bytes: Uint8Array): Promise<void>
  /** Undefined when there is none. */
  read(token: string): Promise<Buffer | undefined>
  exists(token: string): Promise<boolean>
  /** Nothing happens where there is none. */
  remove(token: string): Promise<void>
  /** The folders the images lie in. */
  folders(): Promise<string[]>
  /** Names of the files in one of them. */
  list(folder: string): Promise<string[]>
  removeFile(folder: string, name: string): Promise<void>
}

/** What `Ids.token()` makes; anything else is never looked up on disk. */
export const MEDIA_TOKEN = /^[A-Za-z0-9_-]{32}$/

export function mediaFolder(dataDir: string): string {
  return join(dataDir, 'media')
}

export function mediaFilePath(dataDir: string, token: string): string {
  if (!MEDIA_TOKEN.test(token)) throw new Error('not a media token')
  return join(mediaFolder(dataDir), token.slice(0, 2), token)
}

/** A hundred receipts or two. */
const KEPT_BYTES = 8 * 1024 * 1024

export function createMediaFiles(dataDir: string): MediaFiles {
  const folder = mediaFolder(dataDir)
  const kept = createKeptBytes(KEPT_BYTES)
  const pathOf = (token: string) => mediaFilePath(dataDir, token)
  return {
    async write(token, bytes) {
      const path = pathOf(token)
      const file = await openNew(path)
      try {
        await file.writeFile(bytes)
        await file.datasync()
        kept.keep(token, Buffer.from(bytes))
      } catch (error) {
        await rm(path, { force: true })
        throw error
      } finally {
        await file.close()
      }
    },
    read: async (token) => kept.find(token) ?? readFile(pathOf(token)).catch(() => undefined),
    exists: (token) =>
      access(pathOf(token)).then(
        () => true,
        () => false,
      ),
    async remove(token) {
      kept.forget(token)
      await rm(pathOf(token), { force: true })
    },
    folders: async () => (await readdir(folder).catch(() => [])).filter((name) => /^[A-Za-z0-9_-]{2}$/.test(name)),
    list: (name) => readdir(join(folder, name)).catch(() => []),
    async removeFile(name, file) {
      kept.forget(file)
      await rm(join(folder, name, file), { force: true })
    },
  }
}

/** Its folder is made when it turns out to be missing: nearly always it is there. */
async function openNew(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'w', 0o600)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    return open(path, 'w', 0o600)
  }
}
