/** Groups of texts that share a band key: members one after the other, the first of each bucket marked. */
export interface Buckets {
  add(member: number, isFirst: boolean): void
  /** Calls back with each bucket's members; the array is reused. */
  each(visit: (members: Int32Array, length: number) => void): void
}

const mark = 0x80000000

/** Buckets in growing typed arrays: 4 bytes a member. */
export function createBuckets(): Buckets {
  let entries = new Uint32Array(1 << 16)
  let length = 0
  let largest = 0
  let current = 0
  return {
    add(member, isFirst) {
      if (length === entries.length) {
        const longer = new Uint32Array(length * 2)
        longer.set(entries)
        entries = longer
      }
      entries[length++] = isFirst ? (member | mark) >>> 0 : member
      current = isFirst ? 1 : current + 1
      if (current > largest) largest = current
    },
    each(visit) {
      const members = new Int32Array(largest)
      let filled = 0
      for (let index = 0; index < length; index++) {
        const entry = entries[index] ?? 0
        if (entry >= mark && filled > 0) {
          visit(members, filled)
          filled = 0
        }
        members[filled++] = entry & 0x7fffffff
      }
      if (filled > 0) visit(members, filled)
    },
  }
}
