import { type Bits, END, hasBit, lowestOf, nextBit, rowsOf } from './bits.ts'
import { normOf, scoreOf, weightOf } from './bm25.ts'
import type { ListCursor } from './postings.list.ts'
import { type Counts, type Cursor, DenseCursor } from './postings.read.ts'
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
  const heap = new Heap(count)
  const [first] = parts
  if (parts.length === 1 && first?.list) {
    addBestOfList(heap, first.list(), weightOf(first.docs, texts.lengths.length), { bits, texts })
    return heap.sorted()
  }
  const terms = termsOf(parts, texts)
  const normAt = normsOf(texts)
  const scoreAt = (row: number) => sumAt(terms, row, normAt(row))
  for (let row = nextBit(bits, 0); row !== END; ) {
    let most = 0
    let end = END - 1
    for (const { cursor, weight } of terms) {
      most += weight * cursor.boundAt(row)
      end = Math.min(end, cursor.boundEnd)
    }
    if (!heap.isFull || most * SLACK > heap.least) addRows(heap, bits, scoreAt, row, end)
    row = nextBit(bits, end + 1)
  }
  return heap.sorted()
}

/** Scores the rows of a set from `first` to `last`: the innermost loop of a search, 10 ns a row. */
function addRows(heap: Heap, bits: Bits, scoreAt: (row: number) => number, first: number, last: number): void {
  const stop = Math.min(bits.length - 1, last >>> 5)
  for (let at = first >>> 5; at <= stop; at += 1) {
    let here = bits[at] ?? 0
    if (at === first >>> 5) here &= 0xffffffff << (first & 31)
    if (at === last >>> 5) here &= 0xffffffff >>> (31 - (last & 31))
    for (; here !== 0; here &= here - 1) {
      const row = at * 32 + lowestOf(here)
      const score = Math.fround(scoreAt(row))
      if (!heap.isFull || score > heap.least) heap.add(row, score)
    }
  }
}

/** The same for a single word, block by block: most rows are one comparison with what is already found. */
function addBestOfList(heap: Heap, cursor: ListCursor, weight: number, { bits, texts }: Pick<Scored, 'bits' | 'texts'>): void {
  const normAt = normsOf(texts)
  cursor.visit(
    (rows, times, size) => {
      for (let at = 0; at < size; at += 1) {
        const often = times[at] ?? 0
        const row = rows[at] ?? 0
        const score = Math.fround(scoreOf(weight, often, normAt(row)))
        if (often === 0 || (heap.isFull && score <= heap.least) || !hasBit(bits, row)) continue
        heap.add(row, score)
      }
    },
    (bound) => heap.isFull && weight * bound * SLACK <= heap.least,
  )
}

/** The rows at places [offset, end), all of them scored. One number holds the score (24 bits, turned round) and the place; numbers sort without a comparison of ours. */
export function scoredRows({ bits, count, parts, texts }: Scored, offset: number, end: number): Uint32Array {
  const rows = rowsOf(bits, count)
  const terms = termsOf(parts, texts)
  const normAt = normsOf(texts)
  const scores = Float32Array.from(rows, (row) => sumAt(terms, row, normAt(row)))
  let highest = 0
  for (let place = 0; place < count; place += 1) highest = Math.max(highest, scores[place] ?? 0)
  const scale = highest > 0 ? 0xffffff / highest : 0
  const keys = Float64Array.from(scores, (score, place) => (0xffffff - Math.round(score * scale)) * PLACES + place)
  return Uint32Array.from(keys.sort().subarray(offset, end), (key) => rows[key % PLACES] ?? 0)
}

/** More rows than any index has. */
const PLACES = 0x10000000

/** How each row's number of words counts. */
function normsOf({ lengths, meanLength }: Texts): (row: number) => number {
  const { base, slope } = normOf(meanLength)
  return (row) => base + slope * (lengths[row] ?? 0)
}

/** A term with its weight and the walk over its rows; `often` has its times in every row, where they are kept. */
interface TermScore {
  cursor: Cursor
  often: Counts | undefined
  weight: number
}

function termsOf(parts: readonly Part[], { lengths }: Texts): TermScore[] {
  return parts.map((part) => {
    const cursor = part.walk()
    return { cursor, often: cursor instanceof DenseCursor ? cursor.counts : undefined, weight: weightOf(part.docs, lengths.length) }
  })
}

/** The score of a row that has all terms; rows must rise. */
function sumAt(terms: readonly TermScore[], row: number, norm: number): number {
  let score = 0
  for (let at = 0; at < terms.length; at += 1) {
    const term = terms[at]
    if (!term) break
    const times = term.often ? (term.often[row] ?? 0) : timesAt(term.cursor, row)
    score += scoreOf(term.weight, times, norm)
  }
  return score
}

function timesAt(cursor: Cursor, row: number): number {
  cursor.seek(row)
  return cursor.times
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
