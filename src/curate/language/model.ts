import { readFileSync } from 'node:fs'
import { brotliDecompressSync } from 'node:zlib'
import { z } from 'zod'
import { emptyGram, extendGram, longestGram, wordEnd, wordStart } from './grams.ts'

/** Stored grams of one script and what each says for each language. */
export interface GramTable {
  /** ISO codes, in the order of the sums that `score` adds to. */
  codes: readonly string[]
  /**
   * Adds the evidence of one word's grams to `sums[0 … codes.length − 1]`, in steps of the model. `units` holds lower-case UTF-16 units from 1 to
   * `length`; places 0 and `length + 1` are for the marks of start and end.
   */
  score(units: Uint16Array, length: number, sums: Int32Array): void
}

/** The trained weights. */
export interface LanguageModel {
  /** Log-odds (natural) of one step. */
  step: number
  tables: ReadonlyMap<string, GramTable>
}

const headShape = z.object({
  step: z.number(),
  parts: z.array(z.object({ script: z.string(), codes: z.array(z.string()), streams: z.array(z.number()).length(4) })),
})

/** Reads the asset that scripts/train-language.ts writes (its form: scripts/train-language/pack.ts). */
export function readModel(file: URL): LanguageModel {
  const bytes = brotliDecompressSync(readFileSync(file))
  const headLength = bytes.readUInt32LE(0)
  const head = headShape.parse(JSON.parse(bytes.toString('utf8', 4, 4 + headLength)))
  let at = 4 + headLength
  const tables = new Map<string, GramTable>()
  for (const { script, codes, streams } of head.parts) {
    const [gaps, sizes, languages, levels] = streams.map((length) => {
      at += length
      return bytes.subarray(at - length, at)
    })
    if (gaps && sizes && languages && levels) tables.set(script, openTable(codes, readNumbers(gaps), readNumbers(sizes), languages, levels))
  }
  return { step: head.step, tables }
}

function openTable(codes: readonly string[], gaps: Uint32Array, sizes: Uint32Array, languages: Uint8Array, levels: Uint8Array): GramTable {
  let slots = 1024
  while (slots < gaps.length * 2) slots *= 2
  const mask = slots - 1
  const keys = new Int32Array(slots)
  // Where a slot's entries start, plus 1; 0 is an empty slot.
  const places = new Int32Array(slots)
  // An entry is language and weight in one int16, so that a gram's entries lie together; a gram's last is followed by a stop.
  const entries = new Int16Array(levels.length + gaps.length + 1)
  let hash = 0
  let from = 0
  let to = 0
  for (let gram = 0; gram < gaps.length; gram++) {
    hash = (hash + (gaps[gram] ?? 0)) | 0
    let slot = hash & mask
    while (places[slot] !== 0) slot = (slot + 1) & mask
    keys[slot] = hash
    places[slot] = to + 1
    for (let left = sizes[gram] ?? 0; left > 0; left--) {
      entries[to++] = (((levels[from] ?? 0) << 24) >> 16) | (languages[from] ?? 0)
      from++
    }
    entries[to++] = stop
  }
  const placeOf = (gramHash: number): number => {
    for (let slot = gramHash & mask; ; slot = (slot + 1) & mask) {
      const place = places[slot] ?? 0
      if (place === 0 || keys[slot] === gramHash) return place
    }
  }
  const addEntries = (place: number, sums: Int16Array | Int32Array, from: number) => {
    for (let at = place, entry = entries[place - 1] ?? 0; entry !== stop; entry = entries[at++] ?? 0) {
      const to = from + (entry & 255)
      sums[to] = (sums[to] ?? 0) + (entry >> 8)
    }
  }
  // The first three grams from a place in a word hold nine tenths of its entries; their sums are kept by the third one's hash.
  const size = codes.length
  const heads = new Int32Array(headSlots)
  const headRows = new Int16Array(headSlots * size)
  // 1: all three grams are stored, so longer ones may be; 2: not so; 0: an empty slot.
  const headState = new Uint8Array(headSlots)
  return {
    codes,
    score(units, length, sums) {
      units[0] = wordStart
      units[length + 1] = wordEnd
      for (let first = 0; first <= length + 1; first++) {
        const end = Math.min(length + 2, first + longestGram)
        const one = extendGram(emptyGram, units[first] ?? 0)
        const two = first + 1 < end ? extendGram(one, units[first + 1] ?? 0) : 0
        const three = first + 2 < end ? extendGram(two, units[first + 2] ?? 0) : two ^ one
        const head = (three ^ (three >>> 14)) & (headSlots - 1)
        const row = head * size
        if (headState[head] === 0 || heads[head] !== three) {
          headRows.fill(0, row, row + size)
          heads[head] = three
          headState[head] = 2
          const placeOne = placeOf(one)
          const placeTwo = placeOne !== 0 && first + 1 < end ? placeOf(two) : 0
          const placeThree = placeTwo !== 0 && first + 2 < end ? placeOf(three) : 0
          if (placeOne !== 0) addEntries(placeOne, headRows, row)
          if (placeTwo !== 0) addEntries(placeTwo, headRows, row)
          if (placeThree !== 0) {
            addEntries(placeThree, headRows, row)
            headState[head] = 1
          }
        }
        for (let language = 0; language < size; language++) sums[language] = (sums[language] ?? 0) + (headRows[row + language] ?? 0)
        if (headState[head] !== 1) continue
        let gramHash = three
        for (let next = first + 3; next < end; next++) {
          gramHash = extendGram(gramHash, units[next] ?? 0)
          const place = placeOf(gramHash)
          // Every beginning of a stored gram is stored: what goes on from here is not.
          if (place === 0) break
          addEntries(place, sums, 0)
        }
      }
    },
  }
}

const headSlots = 1 << 14

// Weight −128 is never written, so this is no entry.
const stop = -32768

/** Numbers of a LEB128 stream. */
function readNumbers(bytes: Uint8Array): Uint32Array {
  const numbers = new Uint32Array(bytes.length)
  let count = 0
  let value = 0
  let scale = 1
  for (const byte of bytes) {
    value += (byte & 127) * scale
    scale *= 128
    if (byte >= 128) continue
    numbers[count++] = value
    value = 0
    scale = 1
  }
  return numbers.slice(0, count)
}
