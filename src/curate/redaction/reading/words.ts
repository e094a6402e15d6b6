import { readFileSync } from 'node:fs'

/** What is known of a word's company: its Brown cluster in English, German and Spanish (0: none), and two bits each on its capitals. */
export interface WordFacts {
  /** Paths in the tree of clusters, nearest the root first from the lowest bit on. */
  clusters: [english: number, german: number, spanish: number]
  /** By two bits from the lowest on, English, German, Spanish: 0 unknown, 1 mostly lower case, 2 both, 3 mostly with a capital. */
  habits: number
  /** Numbers from 1 of its clusters of meaning and spelling, of 64, 256 and 1,024; 0: none. */
  senses: [broad: number, middle: number, narrow: number]
}

/** A hashed table of words and their clusters. */
export interface Words {
  /** Place of the word with this hash, 0 for an unknown one, whose facts are all 0. */
  placeOf(hash: number): number
  readonly english: Uint16Array
  readonly german: Uint16Array
  readonly spanish: Uint16Array
  readonly habits: Uint8Array
  readonly broad: Uint8Array
  readonly middle: Uint16Array
  readonly narrow: Uint16Array
}

/** Bytes a word. */
const width = 16

/** Packs as `unpackWords` reads: the count, hashes ascending (uint32), three clusters (uint16 each), habits (uint8), and the senses (uint8, twice uint16), column by column, little-endian. */
export function packWords(words: ReadonlyMap<number, WordFacts>): Uint8Array {
  const entries = [...words].filter(([hash]) => hash !== 0).sort((a, b) => a[0] - b[0])
  const count = entries.length
  const out = Buffer.alloc(4 + count * width)
  out.writeUInt32LE(count, 0)
  for (const [index, [hash, { clusters, habits, senses }]] of entries.entries()) {
    out.writeUInt32LE(hash, 4 + index * 4)
    for (const [place, cluster] of clusters.entries()) out.writeUInt16LE(cluster, 4 + count * (4 + place * 2) + index * 2)
    out.writeUInt8(habits, 4 + count * 10 + index)
    out.writeUInt8(senses[0], 4 + count * 11 + index)
    out.writeUInt16LE(senses[1], 4 + count * 12 + index * 2)
    out.writeUInt16LE(senses[2], 4 + count * 14 + index * 2)
  }
  return out
}

/** Reads what `packWords` wrote. Place 0 is nobody's; the words follow in order of their hashes. */
export function unpackWords(bytes: Uint8Array): Words {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const count = view.getUint32(0, true)
  let size = 1
  while (size < count * 2) size *= 2
  const mask = size - 1
  const keys = new Uint32Array(size)
  const places = new Uint32Array(size)
  const column = (from: number) => {
    const values = new Uint16Array(count + 1)
    for (let index = 0; index < count; index++) values[index + 1] = view.getUint16(from + index * 2, true)
    return values
  }
  for (let index = 0; index < count; index++) {
    const hash = view.getUint32(4 + index * 4, true)
    let at = hash & mask
    while (keys[at] !== 0) at = (at + 1) & mask
    keys[at] = hash
    places[at] = index + 1
  }
  const byteColumn = (from: number) => {
    const values = new Uint8Array(count + 1)
    values.set(bytes.subarray(from, from + count), 1)
    return values
  }
  return {
    placeOf(hash) {
      for (let at = hash & mask; keys[at] !== 0; at = (at + 1) & mask) if (keys[at] === hash) return places[at] ?? 0
      return 0
    },
    english: column(4 + count * 4),
    german: column(4 + count * 6),
    spanish: column(4 + count * 8),
    habits: byteColumn(4 + count * 10),
    broad: byteColumn(4 + count * 11),
    middle: column(4 + count * 12),
    narrow: column(4 + count * 14),
  }
}

/** The words in the package's assets, with their bytes for the fingerprint. */
export function loadWords(): { words: Words; bytes: Uint8Array } {
  const bytes = readFileSync(new URL('../../../../assets/redaction-words.bin', import.meta.url))
  return { words: unpackWords(bytes), bytes }
}
