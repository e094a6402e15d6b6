/** A stream of numbers in [0, 1) that depends on the seed alone: sfc32. @see PractRand, Chris Doty-Humphrey */
export function seededRandom(seed: number): () => number {
  let a = 0x9e3779b9
  let b = 0x243f6a88
  let c = seed >>> 0
  let counter = 1
  const next = () => {
    const sum = (a + b + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + sum
    return (sum >>> 0) / 4294967296
  }
  for (let warmUp = 0; warmUp < 12; warmUp++) next()
  return next
}

/**
 * Draws counts of cells: each call gives how often each cell comes in `total` draws by these weights, a multinomial draw. Constant time a draw.
 * @see Walker 1977 and Vose 1991, the alias method
 */
export function multinomialDrawer(weights: Float64Array, total: number, random: () => number): () => Float64Array {
  const { keep, alias } = aliasTable(weights)
  const cells = weights.length
  return () => {
    const counts = new Float64Array(cells)
    for (let draw = 0; draw < total; draw++) {
      const place = random() * cells
      const cell = Math.floor(place)
      // The fraction of the same number is as good as a second one: 32 bits, of which the cell takes at most 20.
      const drawn = place - cell < (keep[cell] ?? 0) ? cell : (alias[cell] ?? 0)
      counts[drawn] = (counts[drawn] ?? 0) + 1
    }
    return counts
  }
}

function aliasTable(weights: Float64Array): { keep: Float64Array; alias: Uint32Array } {
  const sum = weights.reduce((total, weight) => total + weight, 0)
  const left = weights.map((weight) => (weight * weights.length) / sum)
  const keep = new Float64Array(weights.length).fill(1)
  const alias = Uint32Array.from(weights.keys())
  const small = [...left.keys()].filter((cell) => (left[cell] ?? 0) < 1)
  const large = [...left.keys()].filter((cell) => (left[cell] ?? 0) >= 1)
  for (let low = small.pop(), high = large.pop(); low !== undefined && high !== undefined; low = small.pop()) {
    keep[low] = left[low] ?? 0
    alias[low] = high
    left[high] = (left[high] ?? 0) - (1 - (left[low] ?? 0))
    if ((left[high] ?? 0) < 1) {
      small.push(high)
      high = large.pop()
    }
  }
  return { keep, alias }
}
