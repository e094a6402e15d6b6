/** A limit: `burst` at once, refilled at `perMinute`. */
export interface Limit {
  burst: number
  perMinute: number
}

/** One token of the bucket `key`. */
export interface Want {
  key: string
  limit: Limit
}

/** Token buckets by key. */
export interface Buckets {
  /** Takes a token of each, or none at all. 0: taken; else the seconds (whole, at least 1) until it is worth trying again. What cannot be counted is refused. */
  take(...wants: readonly Want[]): Promise<number>
}

interface Bucket {
  tokens: number
  at: number
  limit: Limit
}

/** A hair below one is one: refilling adds up fractions. */
export const oneToken = 1 - 1e-9

/** Seconds until a bucket that holds `tokens` has one. */
export const secondsToOne = (tokens: number, { perMinute }: Limit): number => Math.max(1, Math.ceil(((1 - tokens) * 60) / perMinute))

/**
 * Exact token buckets of one process: each is filled up to the moment of asking. At most `maxKeys` keys are remembered; when all of them are in use, new keys
 * wait. `nowMs` must not go back, so it is a monotonic clock.
 */
export function createBuckets(nowMs: () => number, maxKeys = 100_000): Buckets {
  const all = new Map<string, Bucket>()
  const fill = (bucket: Bucket) => {
    const at = nowMs()
    bucket.tokens = Math.min(bucket.limit.burst, bucket.tokens + ((at - bucket.at) * bucket.limit.perMinute) / 60_000)
    bucket.at = at
    return bucket
  }
  /** A full bucket is as good as none. */
  const sweep = () => {
    for (const [key, bucket] of all) if (fill(bucket).tokens >= bucket.limit.burst) all.delete(key)
  }
  const find = ({ key, limit }: Want): Bucket | undefined => {
    const held = all.get(key)
    if (held) {
      fill(held).limit = limit
      return held
    }
    if (all.size >= maxKeys) sweep()
    if (all.size >= maxKeys) return undefined
    const bucket = { tokens: limit.burst, at: nowMs(), limit }
    all.set(key, bucket)
    return bucket
  }
  return {
    async take(...wants) {
      const buckets = wants.map(find)
      const waits = buckets.map((bucket) => (!bucket ? 60 : bucket.tokens >= oneToken ? 0 : secondsToOne(bucket.tokens, bucket.limit)))
      const longest = Math.max(0, ...waits)
      if (longest === 0) for (const bucket of buckets) if (bucket) bucket.tokens -= 1
      return longest
    },
  }
}
