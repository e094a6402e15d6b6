/** A set of rows: of row n the bit n & 31 of number n >> 5. */
export type Bits = Uint32Array

/** After the last row. */
export const END = 0xffffffff

/** A set for `rows` rows, none of them in it. */
export const noBits = (rows: number): Bits => new Uint32Array((rows + 31) >>> 5)

/** A set of all of `rows` rows. */
export function allBits(rows: number): Bits {
  const bits = noBits(rows).fill(0xffffffff)
  if (rows & 31) bits[bits.length - 1] = 0xffffffff >>> (32 - (rows & 31))
  return bits
}

/** Whether a row is in a set. */
export const hasBit = (bits: Bits, row: number): boolean => (((bits[row >>> 5] ?? 0) >>> (row & 31)) & 1) === 1

/** Puts a row into a set. */
export function addBit(bits: Bits, row: number): void {
  bits[row >>> 5] = (bits[row >>> 5] ?? 0) | (1 << (row & 31))
}

/** Takes a row out of a set. */
export function dropBit(bits: Bits, row: number): void {
  bits[row >>> 5] = (bits[row >>> 5] ?? 0) & ~(1 << (row & 31))
}

/** Leaves in a set what is in the other one, too. */
export function keepBits(bits: Bits, other: Bits): void {
  for (let at = 0; at < bits.length; at += 1) bits[at] = (bits[at] ?? 0) & (other[at] ?? 0)
}

/** Takes out of a set what is in the other one. */
export function dropBits(bits: Bits, other: Bits): void {
  for (let at = 0; at < bits.length; at += 1) bits[at] = (bits[at] ?? 0) & ~(other[at] ?? 0)
}

/** Adds to a set what is in the other one. */
export function addBits(bits: Bits, other: Bits): void {
  for (let at = 0; at < bits.length; at += 1) bits[at] = (bits[at] ?? 0) | (other[at] ?? 0)
}

/** How many rows are in a set. */
export function countBits(bits: Bits): number {
  let count = 0
  for (let at = 0; at < bits.length; at += 1) count += onesIn(bits[at] ?? 0)
  return count
}

/** The first row from `row` on that is in a set, or END. */
export function nextBit(bits: Bits, row: number): number {
  let at = row >>> 5
  if (at >= bits.length) return END
  let here = (bits[at] ?? 0) & (0xffffffff << (row & 31))
  while (here === 0) {
    at += 1
    if (at >= bits.length) return END
    here = bits[at] ?? 0
  }
  return at * 32 + lowestOf(here)
}

/** The rows of a set at places [offset, offset + length), in rising order; `count` is how many it has. */
export function rowsOf(bits: Bits, count: number, offset = 0, length = count): Uint32Array {
  const rows = new Uint32Array(Math.max(0, Math.min(length, count - offset)))
  let skipped = 0
  let found = 0
  for (let at = 0; found < rows.length; at += 1) {
    let here = bits[at] ?? 0
    const ones = onesIn(here)
    if (skipped + ones <= offset) {
      skipped += ones
      continue
    }
    for (; here !== 0 && found < rows.length; here &= here - 1) {
      if (skipped >= offset) rows[found++] = at * 32 + lowestOf(here)
      else skipped += 1
    }
  }
  return rows
}

/** Ones in 32 bits: of pairs, of fours, of eights, then all together. */
function onesIn(number: number): number {
  let ones = number - ((number >>> 1) & 0x55555555)
  ones = (ones & 0x33333333) + ((ones >>> 2) & 0x33333333)
  return Math.imul((ones + (ones >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

/** The place of the lowest one in 32 bits that are not all zero. */
export const lowestOf = (number: number) => 31 - Math.clz32(number & -number)
