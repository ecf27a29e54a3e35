/** Sets `key` as the newest entry and forgets the oldest ones beyond `limit`: a sandbox left running must not grow. */
export function remember<K, V>(map: Map<K, V>, key: K, value: V, limit: number): V[] {
  map.delete(key)
  map.set(key, value)
  const forgotten: V[] = []
  for (const [oldest, gone] of map) {
    if (map.size <= limit) break
    map.delete(oldest)
    forgotten.push(gone)
  }
  return forgotten
}

/** Adds to the end of `list` and returns what fell off its front beyond `limit`. */
export function append<T>(list: T[], item: T, limit: number): T[] {
  list.push(item)
  return list.length > limit ? list.splice(0, list.length - limit) : []
}
