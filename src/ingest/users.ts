import { open } from 'node:fs/promises'

/** Bytes of a user's hash that are counted: 64 bits, so that among 100 million users two fall together once in some 3,000 counts. */
const keyBytes = 8

/** The first 64 bits of each hash (64 hex digits), sorted, and how many begin with each of the 256 first bytes. */
export function sortUsers(users: ReadonlySet<string>): { bytes: Buffer; counts: number[] } {
  const keys = [...users].map((user) => user.slice(0, keyBytes * 2)).sort()
  const counts = new Array<number>(256).fill(0)
  for (const key of keys) {
    const first = Number.parseInt(key.slice(0, 2), 16)
    counts[first] = (counts[first] ?? 0) + 1
  }
  return { bytes: Buffer.from(keys.join(''), 'hex'), counts }
}

/** Distinct users over all shards, a 256th of them in memory at a time. */
export async function countUsers(shards: readonly { path: string; counts: readonly number[] }[]): Promise<number> {
  const files = await Promise.all(shards.filter(({ counts }) => counts.some((count) => count > 0)).map(openUsers))
  try {
    let total = 0
    for (let first = 0; first < 256; first++) {
      const keys = new Set<bigint>()
      for (const file of files) for (const key of await file.next(first)) keys.add(key)
      total += keys.size
    }
    return total
  } finally {
    await Promise.all(files.map((file) => file.close()))
  }
}

async function openUsers({ path, counts }: { path: string; counts: readonly number[] }) {
  const file = await open(path, 'r')
  let at = 0
  return {
    async next(first: number): Promise<BigUint64Array> {
      const keys = new BigUint64Array(counts[first] ?? 0)
      const { bytesRead } = await file.read(new Uint8Array(keys.buffer), 0, keys.byteLength, at)
      if (bytesRead !== keys.byteLength) throw new Error('a users file ends too early')
      at += bytesRead
      return keys
    },
    close: () => file.close(),
  }
}
