/** A limit: `burst` at once, refilled at `perMinute`. */
export interface Limit {
  burst: number
  perMinute: number
}

/** Token buckets by key. */
export interface Buckets {
  /** Takes one token. 0: taken; else the seconds (whole, at least 1) until one is there. */
  take(key: string, limit: Limit): number
  /** Gives back a token that was taken for something that then did not happen. */
  giveBack(key: string, limit: Limit): void
  size(): number
}

interface Bucket {
  tokens: number
  at: number
  limit: Limit
}

/**
 * Exact token buckets: each is filled up to the moment of asking, and what cannot be counted is refused. At most `maxKeys` keys are remembered; when all of
 * them are in use, new keys wait. `nowMs` must not go back, so it is a monotonic clock.
 */
export function createBuckets(nowMs: () => number, maxKeys = 100_000): Buckets {
  const all = new Map<string, Bucket>()
  const fill = (bucket: Bucket) => {
    const at = nowMs()
    bucket.tokens = Math.min(bucket.limit.burst, bucket.tokens + ((at - bucket.at) * bucket.limit.perMinute) / 60_000)
    bucket.at = at
  }
  /** A full bucket is as good as none. */
  const sweep = () => {
    for (const [key, bucket] of all) {
      fill(bucket)
      if (bucket.tokens >= bucket.limit.burst) all.delete(key)
    }
  }
  return {
    take(key, limit) {
      let bucket = all.get(key)
      if (!bucket) {
        if (all.size >= maxKeys) sweep()
        if (all.size >= maxKeys) return 60
        bucket = { tokens: limit.burst, at: nowMs(), limit }
        all.set(key, bucket)
      }
      fill(bucket)
      // A hair below one is one: refilling adds up fractions.
      if (bucket.tokens < 1 - 1e-9) return Math.max(1, Math.ceil(((1 - bucket.tokens) * 60) / limit.perMinute))
      bucket.tokens -= 1
      return 0
    },
    giveBack(key, { burst }) {
      const bucket = all.get(key)
      if (bucket) bucket.tokens = Math.min(burst, bucket.tokens + 1)
    },
    size: () => all.size,
  }
}
