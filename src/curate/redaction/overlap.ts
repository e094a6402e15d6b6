import { append } from '../../append.ts'

/** A stretch of a text, [start, end). */
export interface Range {
  start: number
  end: number
}

/** Of ranges that are sorted and do not overlap, the place of the first that ends behind a position. */
export function firstBehind(sorted: readonly Range[], at: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sorted[middle]?.end ?? 0) <= at) low = middle + 1
    else high = middle
  }
  return low
}

/** Whether a range overlaps one of these, which are sorted and do not overlap each other. */
export function overlapsAny(sorted: readonly Range[], { start, end }: Range): boolean {
  const next = sorted[firstBehind(sorted, start)]
  return next !== undefined && next.start < end
}

/**
 * Keeps the first of overlapping ranges in the order given; gives the kept ones sorted by position. Ranges that no other touches cost nothing more
 * than the sorting: only among those that hang together is each compared with those kept before it.
 */
export function withoutOverlaps<R extends Range>(ordered: readonly R[]): R[] {
  const byPlace = ordered.map((range, order) => ({ range, order })).sort((a, b) => a.range.start - b.range.start || a.order - b.order)
  const kept: R[] = []
  let cluster: { range: R; order: number }[] = []
  let end = -1
  const close = () => {
    const inOrder = cluster.sort((a, b) => a.order - b.order).map(({ range }) => range)
    append(kept, pick(inOrder))
    cluster = []
  }
  for (const one of byPlace) {
    if (one.range.start >= end) close()
    cluster.push(one)
    end = Math.max(end, one.range.end)
  }
  close()
  return kept
}

function pick<R extends Range>(ordered: readonly R[]): R[] {
  const kept: R[] = []
  for (const range of ordered) {
    const at = firstBehind(kept, range.start)
    const next = kept[at]
    if (!next || next.start >= range.end) kept.splice(at, 0, range)
  }
  return kept
}
