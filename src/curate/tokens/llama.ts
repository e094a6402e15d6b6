import type { LlamaTokenizer } from 'llama-tokenizer-js'
import { createCountCache, LONGEST_KEPT } from './cache.ts'
import { createMergeCounter } from './merge.ts'

const FIRST_PIECE = 259
const LONE = 0xffff

/** What of the vocabulary decides where a text may be cut without changing its tokens. */
interface Alphabet {
  /** By UTF-16 unit: 0 not in the vocabulary (its UTF-8 bytes are its tokens), `LONE` a token that never merges, else 1 and up. */
  kinds: Uint16Array
  /** By `left kind × width + right kind`: 1 when some piece of the vocabulary holds the two next to each other. */
  joins: Uint8Array
  width: number
  /** Token of each UTF-16 unit that is in the vocabulary. */
  ids: Uint16Array
  /** Characters beyond the basic plane that are tokens; none of them merges. */
  astral: ReadonlySet<number>
}

/**
 * Counts Llama-2 tokens as `llama-tokenizer-js` does without BOS and with the preceding space, which is `LlamaTokenizer` of Hugging Face
 * with `add_special_tokens=False`: an empty text is 0, a leading space is added always, text such as `</s>` is plain text.
 *
 * Byte-pair merges only ever make pieces of the vocabulary, so no merge reaches over two neighbours that stand next to each other in no
 * piece. The text is cut there (before the space of every word among others), and each cut piece is counted once and remembered.
 */
export function createLlamaCounter(tokenizer: LlamaTokenizer): (text: string) => number {
  const alphabet = readAlphabet(tokenizer)
  const { kinds, joins, width, ids } = alphabet
  const countMerged = createMergeCounter(readMerges(tokenizer))
  const cache = createCountCache()

  const countPiece = (text: string, start: number, end: number): number => {
    if (end - start === 1) return 1
    if (end - start > LONGEST_KEPT) return countMerged(unitsOf(text, start, end, ids))
    const known = cache.get(text, start, end)
    if (known >= 0) return known
    const count = countMerged(unitsOf(text, start, end, ids))
    cache.keep(count)
    return count
  }

  return (text) => {
    if (text === '') return 0
    const spaced = ` ${text}`
    let total = 0
    let start = 0
    let before = 0
    for (let at = 0; at < spaced.length; at++) {
      const unit = spaced.charCodeAt(at)
      const kind = kinds[unit] ?? 0
      if (kind !== 0 && kind !== LONE) {
        if (before !== 0 && joins[before * width + kind] === 0) {
          total += countPiece(spaced, start, at)
          start = at
        } else if (before === 0) start = at
        before = kind
        continue
      }
      if (before !== 0) total += countPiece(spaced, start, at)
      before = 0
      if (kind === LONE) total += 1
      else {
        const code = spaced.codePointAt(at) ?? unit
        total += alphabet.astral.has(code) ? 1 : utf8Length(code)
        if (code > 0xffff) at++
      }
    }
    return before === 0 ? total : total + countPiece(spaced, start, spaced.length)
  }
}

function unitsOf(text: string, start: number, end: number, ids: Uint16Array): Uint16Array {
  const units = new Uint16Array(end - start)
  for (let at = start; at < end; at++) units[at - start] = ids[text.charCodeAt(at)] ?? 0
  return units
}

/** Bytes of a code point in UTF-8; a lone surrogate counts as the replacement character, as TextEncoder writes it. */
function utf8Length(code: number): number {
  if (code < 0x80) return 1
  if (code < 0x800) return 2
  return code < 0x10000 ? 3 : 4
}

function readAlphabet(tokenizer: LlamaTokenizer): Alphabet {
  const kinds = new Uint16Array(65536)
  const ids = new Uint16Array(65536)
  const astral = new Set<number>()
  const pairs: [number, number][] = []
  let width = 1
  for (const [id, piece] of tokenizer.vocabById.entries()) {
    if (id < FIRST_PIECE) continue
    const codes = Array.from(piece, (character) => character.codePointAt(0) ?? 0)
    const [only = 0] = codes
    if (codes.length === 1 && only > 0xffff) astral.add(only)
    else if (codes.length === 1) {
      ids[only] = id
      kinds[only] ||= LONE
    } else
      for (const [index, code] of codes.entries()) {
        if (kinds[code] === 0 || kinds[code] === LONE) kinds[code] = width++
        if (index > 0) pairs.push([codes[index - 1] ?? 0, code])
      }
  }
  const joins = new Uint8Array(width * width)
  for (const [left, right] of pairs) joins[(kinds[left] ?? 0) * width + (kinds[right] ?? 0)] = 1
  // The vocabulary writes a space as ▁; in a text both are the same character.
  kinds[0x20] = kinds[0x2581] ?? 0
  ids[0x20] = ids[0x2581] ?? 0
  return { kinds, joins, width, ids, astral }
}

function readMerges(tokenizer: LlamaTokenizer) {
  const tokens = tokenizer.vocabById.length
  const ranks = new Map<number, number>()
  const results: number[] = []
  for (const merge of tokenizer.merges.keys()) {
    const [left = '', right = ''] = merge.split(' ')
    const key = (tokenizer.vocabByString.get(left) ?? 0) * tokens + (tokenizer.vocabByString.get(right) ?? 0)
    ranks.set(key, results.length)
    results.push(tokenizer.vocabByString.get(left + right) ?? 0)
  }
  return {
    rankOf: (left: number, right: number) => ranks.get(left * tokens + right) ?? -1,
    resultOf: (rank: number) => results[rank] ?? 0,
  }
}
