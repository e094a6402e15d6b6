/** Words seen in training, two bits each by hash: one in some three hundred other words is taken for one of them. */
export interface Vocabulary {
  bits: Uint8Array
}

/** Whether the word of this hash was in the training text. */
export function isKnown({ bits }: Vocabulary, hash: number): boolean {
  const other = spread(hash)
  return isSet(bits, hash) && isSet(bits, other)
}

/** Notes a word. */
export function addKnown({ bits }: Vocabulary, hash: number): void {
  for (const place of [hash, spread(hash)]) {
    const at = (place >>> 3) & (bits.length - 1)
    bits[at] = (bits[at] ?? 0) | (1 << (place & 7))
  }
}

function isSet(bits: Uint8Array, place: number): boolean {
  return ((bits[(place >>> 3) & (bits.length - 1)] ?? 0) & (1 << (place & 7))) !== 0
}

/** The place of a word's second bit. */
function spread(hash: number): number {
  return Math.imul(hash, 0x9e3779b1) >>> 7
}
