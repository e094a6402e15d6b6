/** Disjoint sets of the numbers 0 … size-1. A set's root is its smallest member, so that the result does not depend on the order of joins. */
export interface Union {
  find(member: number): number
  join(one: number, two: number): void
}

/** Union–find with path halving over one Int32Array: 4 bytes a member. */
export function createUnion(size: number): Union {
  const parents = new Int32Array(size)
  for (let index = 0; index < size; index++) parents[index] = index
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
      const first = find(one)
      const second = find(two)
      if (first < second) parents[second] = first
      else parents[first] = second
    },
  }
}
