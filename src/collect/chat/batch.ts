/**
 * Writes items together: those that come while a write is under way share the next one. `put` resolves when the item's write has; the latest of two
 * items with one key stands for both.
 */
export function createBatch<Item>(
  write: (items: readonly Item[]) => Promise<void>,
  keyOf: (item: Item) => string,
): (item: Item) => Promise<void> {
  let next: { items: Map<string, Item>; written: Promise<void> } | undefined
  let writing: Promise<void> = Promise.resolve()
  return (item) => {
    if (!next) {
      const batch = { items: new Map<string, Item>(), written: Promise.resolve() }
      // A write that fails is its items' own matter; the next one goes on.
      batch.written = writing
        .catch(() => {})
        .then(() => {
          next = undefined
          return write([...batch.items.values()])
        })
      writing = batch.written
      next = batch
    }
    next.items.set(keyOf(item), item)
    return next.written
  }
}
