const UNITS: Record<string, number> = { MB: 1e6, GB: 1e9 }

export const SIZE_PATTERN = '^\\d{1,6}(MB|GB)$'

/** `200MB`, `2GB` → bytes; undefined for anything else. */
export function parseSize(text: string): number | undefined {
  const match = /^(\d{1,6})(MB|GB)$/.exec(text)
  return match ? Number(match[1]) * (UNITS[match[2] ?? ''] ?? 0) : undefined
}
