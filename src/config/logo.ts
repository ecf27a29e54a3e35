import { closeSync, openSync, readSync } from 'node:fs'
import { resolve } from 'node:path'
import { isRecord, valueAt } from './path.ts'
import type { PathFault } from './references.ts'

/** Logos that are not there, or are no PNG or JPEG; `folder` is the configuration file's. */
export function logoFaults(tree: unknown, folder: string): PathFault[] {
  const shops = valueAt(tree, ['shops'])
  return Object.keys(isRecord(shops) ? shops : {}).flatMap((id): PathFault[] => {
    const path = ['shops', id, 'brand', 'logo']
    const logo = valueAt(tree, path)
    if (typeof logo !== 'string' || logo.trim() === '') return []
    const message = logoFault(resolve(folder, logo))
    return message ? [{ path, message }] : []
  })
}

function logoFault(file: string): string | undefined {
  const start = firstBytes(file, 4)
  if (!start) return 'there is no such file (a path is taken from the folder of this file)'
  const isPng = start.equals(Buffer.from([0x89, 0x50, 0x4e, 0x47]))
  const isJpeg = start.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff]))
  return isPng || isJpeg ? undefined : 'must be a PNG or JPEG'
}

function firstBytes(file: string, count: number): Buffer | undefined {
  const bytes = Buffer.alloc(count)
  try {
    const descriptor = openSync(file, 'r')
    try {
      return bytes.subarray(0, readSync(descriptor, bytes, 0, count, 0))
    } finally {
      closeSync(descriptor)
    }
  } catch {
    return undefined
  }
}
