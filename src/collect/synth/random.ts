/** Reproducible random choices: the same seed and stream give the same row of choices on every machine. */
export interface Random {
  /** A number in [0, 1). */
  next(): number
  /** A whole number in [0, limit). */
  below(limit: number): number
  /** True with a probability of `share`. */
  chance(share: number): boolean
  /** One item of a list that is not empty. */
  pick<T>(list: readonly T[]): T
  /** A number of the standard normal distribution. */
  normal(): number
}

/**
 * The generator sfc32, seeded from two whole numbers (0 to 2^32 − 1) through splitmix32.
 * @see PractRand, Chris Doty-Humphrey (public domain)
 */
export function createRandom(seed: number, stream: number): Random {
  let mix = (Math.imul(seed, 0x9e3779b1) ^ Math.imul(stream + 0x7f4a7c15, 0x85ebca6b)) | 0
  const split = () => {
    mix = (mix + 0x9e3779b9) | 0
    let value = mix ^ (mix >>> 16)
    value = Math.imul(value, 0x21f0aaad)
    value = Math.imul(value ^ (value >>> 15), 0x735a2d97)
    return (value ^ (value >>> 15)) | 0
  }
  let a = split() ^ seed
  let b = split() ^ stream
  let c = split()
  let counter = 1
  const bits = () => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + sum
    c |= 0
    return sum >>> 0
  }
  for (let round = 0; round < 12; round++) bits()
  const next = () => bits() / 4294967296
  const below = (limit: number) => Math.floor(next() * limit)
  return {
    next,
    below,
    chance: (share) => next() < share,
    pick: (list) => {
      const item = list[below(list.length)]
      if (item === undefined) throw new RangeError('A random pick needs a list that is not empty.')
      return item
    },
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
  }
}

/** A picker that follows weights: item i comes with weight i over their sum. */
export function createWeightedPick<T>(items: readonly T[], weightOf: (item: T) => number): (random: Random) => T {
  const ends: number[] = []
  let sum = 0
  for (const item of items) {
    sum += weightOf(item)
    ends.push(sum)
  }
  return (random) => {
    const at = random.next() * sum
    let low = 0
    let high = ends.length - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if ((ends[middle] ?? 0) > at) high = middle
      else low = middle + 1
    }
    const item = items[low]
    if (item === undefined) throw new RangeError('A weighted pick needs a list that is not empty.')
    return item
  }
}
