/**
 * Disjoint sets of the numbers 0 … size-1, which threads may join at the same time where the memory is shared. A set's root is its smallest member, so that the
 * result does not depend on the order of joins.
 */
export interface Union {
  find(member: number): number
  join(one: number, two: number): void
}

/** Parents of sets of one member each: 4 bytes a member, in memory that threads can share. */
export function createParents(size: number): Int32Array {
  const parents = new Int32Array(new SharedArrayBuffer(4 * size))
  for (let index = 0; index < size; index++) parents[index] = index
  return parents
}

/**
 * Union–find with path halving over one array of parents. A root is linked by compare-and-exchange, and tried again where another thread was first;
 * halving writes ancestors over ancestors, whoever writes last.
 * @see Anderson, Woll: Wait-free Parallel Algorithms for the Union-Find Problem, STOC 1991
 */
export function openUnion(parents: Int32Array): Union {
  const find = (member: number): number => {
    let at = member
    for (;;) {
      const parent = parents[at] ?? at
      if (parent === at) return at
      const grand = parents[parent] ?? parent
      parents[at] = grand
      at = grand
    }
  }
  return {
    find,
    join(one, two) {
      for (;;) {
        const first = find(one)
        const second = find(two)
        if (first === second) return
        const root = Math.max(first, second)
        if (Atomics.compareExchange(parents, root, root, Math.min(first, second)) === root) return
      }
    },
  }
}
