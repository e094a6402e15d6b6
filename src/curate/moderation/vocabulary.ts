/** Words seen in training, as bits by hash. */
export interface Vocabulary {
  bits: Uint8Array
}

/** Whether the word of this hash was in the training text. */
export function isKnown({ bits }: Vocabulary, hash: number): boolean {
  return ((bits[(hash >>> 3) & (bits.length - 1)] ?? 0) & (1 << (hash & 7))) !== 0
}

/** Notes a word. */
export function addKnown({ bits }: Vocabulary, hash: number): void {
  const at = (hash >>> 3) & (bits.length - 1)
  bits[at] = (bits[at] ?? 0) | (1 << (hash & 7))
}
