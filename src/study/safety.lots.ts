/** Keeps the items with the lowest lots: a fair draw of at most `size` from a stream, the same whatever the order. */
export interface LotKeeper<T> {
  /** `item` is made only when the lot is low enough to be kept. */
  offer(lot: string, item: () => T): void
  /** The kept ones by lot. */
  drawn(): T[]
}

/** Opens a draw of at most `size` items (1–1,000,000). */
export function openLots<T>(size: number): LotKeeper<T> {
  let kept: { lot: string; item: T }[] = []
  let highest: string | undefined
  const byLot = (a: { lot: string }, b: { lot: string }) => (a.lot < b.lot ? -1 : a.lot > b.lot ? 1 : 0)
  const cut = () => {
    kept = kept.sort(byLot).slice(0, size)
    highest = kept.length >= size ? kept.at(-1)?.lot : undefined
  }
  return {
    offer(lot, item) {
      if (highest !== undefined && lot >= highest) return
      kept.push({ lot, item: item() })
      if (kept.length >= 2 * size) cut()
    },
    drawn() {
      cut()
      return kept.map(({ item }) => item)
    },
  }
}
