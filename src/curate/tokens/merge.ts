/** The rules of a byte-pair encoding, over token ids. */
export interface MergeRules {
  /** Rank of the merge of two neighbours, the lowest first (0 to 2^20 − 1); −1 when they do not merge. */
  rankOf(left: number, right: number): number
  /** The token that the merge of this rank makes. */
  resultOf(rank: number): number
}

const POSITIONS = 2 ** 32
/** Up to this many symbols the scratch arrays are used again; a rare giant gets its own. */
const KEPT_SYMBOLS = 4096

/**
 * Counts the tokens that byte-pair encoding leaves of a row of symbols: the lowest rank merges first, of equal ranks the leftmost.
 * Takes O(n log n) for n symbols: candidates lie in a binary heap, and one that a merge has overtaken is skipped when it comes up.
 */
export function createMergeCounter(rules: MergeRules): (symbols: ArrayLike<number>) => number {
  const scratch = allocate(KEPT_SYMBOLS)

  return (symbols) => {
    const length = symbols.length
    if (length < 2) return length
    const { ids, next, previous, ranks, heap } = length <= KEPT_SYMBOLS ? scratch : allocate(length)
    let waiting = 0
    let left = length

    const consider = (at: number) => {
      const right = next[at] ?? length
      const rank = right < length ? rules.rankOf(ids[at] ?? 0, ids[right] ?? 0) : -1
      ranks[at] = rank
      if (rank >= 0) waiting = push(heap, waiting, rank * POSITIONS + at)
    }

    for (let at = 0; at < length; at++) {
      ids[at] = symbols[at] ?? 0
      next[at] = at + 1
      previous[at] = at - 1
    }
    for (let at = 0; at < length; at++) consider(at)

    while (waiting > 0) {
      const first = heap[0] ?? 0
      waiting = pop(heap, waiting)
      const rank = Math.floor(first / POSITIONS)
      const at = first - rank * POSITIONS
      if (ranks[at] !== rank) continue
      const gone = next[at] ?? length
      const after = next[gone] ?? length
      ids[at] = rules.resultOf(rank)
      ranks[gone] = -1
      next[at] = after
      if (after < length) previous[after] = at
      left--
      consider(at)
      const before = previous[at] ?? -1
      if (before >= 0) consider(before)
    }
    return left
  }
}

function allocate(symbols: number) {
  return {
    ids: new Int32Array(symbols),
    next: new Int32Array(symbols),
    previous: new Int32Array(symbols),
    ranks: new Int32Array(symbols),
    // Each symbol is a candidate at the start, and each of the n − 1 merges adds two at most.
    heap: new Float64Array(3 * symbols),
  }
}

function push(heap: Float64Array, size: number, value: number): number {
  let at = size
  while (at > 0) {
    const parent = (at - 1) >> 1
    const above = heap[parent] ?? 0
    if (above <= value) break
    heap[at] = above
    at = parent
  }
  heap[at] = value
  return size + 1
}

function pop(heap: Float64Array, size: number): number {
  const rest = size - 1
  const value = heap[rest] ?? 0
  let at = 0
  for (;;) {
    let child = 2 * at + 1
    if (child >= rest) break
    if (child + 1 < rest && (heap[child + 1] ?? 0) < (heap[child] ?? 0)) child++
    const below = heap[child] ?? 0
    if (below >= value) break
    heap[at] = below
    at = child
  }
  heap[at] = value
  return rest
}
