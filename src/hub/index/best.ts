import { type Bits, END, nextBit, rowsOf } from './bits.ts'
import { normOf, weightOf } from './bm25.ts'
import type { Part, Texts } from './terms.ts'

/** What is ranked: a set of `count` rows that have all the parts. */
interface Scored {
  bits: Bits
  count: number
  parts: readonly Part[]
  texts: Texts
}

/** More than sums of a few bounds may differ by from being added in another order, or rounded to 24 bits as scores are. */
const SLACK = 1 + 1e-6

/** The `count` best rows by BM25, the best first; of equal ones the first. What lies where no block's bound is high enough is not scored. */
export function bestRows({ bits, parts, texts }: Scored, count: number): Uint32Array {
  const { terms, scoreOf } = openScores(parts, texts)
  const heap = new Heap(count)
  // Up to here, rows may be good enough.
  let open = -1
  for (let row = nextBit(bits, 0); row !== END; row = nextBit(bits, row + 1)) {
    if (heap.isFull && row > open) {
      let most = 0
      open = END
      for (const { cursor, weight } of terms) {
        most += weight * cursor.boundAt(row)
        open = Math.min(open, cursor.boundEnd)
      }
      if (most * SLACK <= heap.least) {
        if (open === END) break
        row = open
        continue
      }
    }
    heap.add(row, Math.fround(scoreOf(row)))
  }
  return heap.sorted()
}

/** The rows at places [offset, end), all of them scored. One number holds the score (24 bits, turned round) and the place; numbers sort without a comparison of ours. */
export function scoredRows({ bits, count, parts, texts }: Scored, offset: number, end: number): Uint32Array {
  const rows = rowsOf(bits, count)
  const scores = Float32Array.from(rows, openScores(parts, texts).scoreOf)
  let highest = 0
  for (let place = 0; place < count; place += 1) highest = Math.max(highest, scores[place] ?? 0)
  const scale = highest > 0 ? 0xffffff / highest : 0
  const keys = Float64Array.from(scores, (score, place) => (0xffffff - Math.round(score * scale)) * PLACES + place)
  return Uint32Array.from(keys.sort().subarray(offset, end), (key) => rows[key % PLACES] ?? 0)
}

/** More rows than any index has. */
const PLACES = 0x10000000

/** Walks over the parts with their weights, and the score of a row that has them all; rows must rise. */
function openScores(parts: readonly Part[], { lengths, meanLength }: Texts) {
  const { base, slope } = normOf(meanLength)
  const terms = parts.map((part) => ({ cursor: part.walk(), weight: weightOf(part.docs, lengths.length) }))
  const scoreOf = (row: number) => {
    const norm = base + slope * (lengths[row] ?? 0)
    let score = 0
    for (const { cursor, weight } of terms) {
      cursor.seek(row)
      score += (weight * cursor.times) / (cursor.times + norm)
    }
    return score
  }
  return { terms, scoreOf }
}

/** The best rows so far, the worst of them on top: most rows are one comparison. Rows come in rising order, so that of equal ones the first stay. */
class Heap {
  /** The score that the next row must be above. */
  least = Number.NEGATIVE_INFINITY
  isFull = false
  private readonly rows: Uint32Array
  private readonly scores: Float32Array
  private count = 0

  constructor(size: number) {
    this.rows = new Uint32Array(size)
    this.scores = new Float32Array(size)
  }

  add(row: number, score: number): void {
    const { rows, scores } = this
    if (!this.isFull) {
      rows[this.count] = row
      scores[this.count] = score
      this.count += 1
      if (this.count < rows.length) return
      this.isFull = true
      for (let at = (rows.length >> 1) - 1; at >= 0; at -= 1) this.sink(at, rows[at] ?? 0, scores[at] ?? 0)
    } else if (score > this.least) this.sink(0, row, score)
    this.least = scores[0] ?? 0
  }

  /** The rows, the best first. */
  sorted(): Uint32Array {
    const { rows, scores } = this
    const places = Uint32Array.from({ length: this.count }, (_, place) => place)
    const by = (a: number, b: number) => (scores[b] ?? 0) - (scores[a] ?? 0) || (rows[a] ?? 0) - (rows[b] ?? 0)
    return places.sort(by).map((place) => rows[place] ?? 0)
  }

  private sink(from: number, row: number, score: number): void {
    const { rows, scores } = this
    const isWorse = (place: number, otherScore: number, otherRow: number) => {
      const here = scores[place] ?? 0
      return here < otherScore || (here === otherScore && (rows[place] ?? 0) > otherRow)
    }
    let at = from
    for (;;) {
      let child = 2 * at + 1
      if (child >= rows.length) break
      if (child + 1 < rows.length && isWorse(child + 1, scores[child] ?? 0, rows[child] ?? 0)) child += 1
      if (!isWorse(child, score, row)) break
      rows[at] = rows[child] ?? 0
      scores[at] = scores[child] ?? 0
      at = child
    }
    rows[at] = row
    scores[at] = score
  }
}
