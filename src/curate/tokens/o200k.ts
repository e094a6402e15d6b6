import { createCountCache, LONGEST_KEPT } from './cache.ts'
import { createMergeCounter } from './merge.ts'
import { endOfPiece } from './o200k.split.ts'

/** A token of gpt-tokenizer's table: its text, or its bytes where they are no text. */
type RawToken = string | readonly number[]

/**
 * Counts o200k tokens as `gpt-tokenizer` does with no special tokens allowed or forbidden: text such as `<|endoftext|>` is plain text
 * (`encode_ordinary` of tiktoken). A lone surrogate counts as the replacement character.
 *
 * Each piece that the pre-tokeniser cuts is looked up whole, then among the pieces counted before, and only then merged from its bytes.
 */
export function createO200kCounter(tokens: readonly RawToken[]): (text: string) => number {
  const { ranks, texts } = readRanks(tokens)
  const byteRanks = Int32Array.from({ length: 256 }, (_, byte) => ranks.get(String.fromCharCode(byte)) ?? 0)
  const cache = createCountCache()
  const countMerged = createMergeCounter({
    rankOf: (left, right) => ranks.get(`${texts[left]}${texts[right]}`) ?? -1,
    resultOf: (rank) => rank,
  })
  const countUnknown = (piece: string): number => {
    const bytes = Buffer.from(piece, 'utf8')
    if (piece.length <= LONGEST_TOKEN && ranks.has(bytes.toString('latin1'))) return 1
    return countMerged(Int32Array.from(bytes, (byte) => byteRanks[byte] ?? 0))
  }
  return (text) => {
    let total = 0
    for (let start = 0; start < text.length; ) {
      const end = endOfPiece(text, start)
      if (end - start === 1 && text.charCodeAt(start) < 0x80) total += 1
      else if (end - start > LONGEST_KEPT) total += countUnknown(text.slice(start, end))
      else {
        let count = cache.get(text, start, end)
        if (count < 0) {
          count = countUnknown(text.slice(start, end))
          cache.keep(count)
        }
        total += count
      }
      start = end
    }
    return total
  }
}

/** Bytes of the longest token. */
const LONGEST_TOKEN = 128

/** Ranks by bytes, written as a string of one unit a byte. */
function readRanks(tokens: readonly RawToken[]): { ranks: ReadonlyMap<string, number>; texts: readonly string[] } {
  const ranks = new Map<string, number>()
  const texts: string[] = []
  for (const [rank, token] of tokens.entries()) {
    const bytes = typeof token === 'string' ? Buffer.from(token, 'utf8') : Buffer.from(token)
    const text = bytes.toString('latin1')
    texts.push(text)
    // gpt-tokenizer never finds a token that starts with a byte order mark: it compares decoded text, and decoding takes the mark away.
    if (!text.startsWith('\xef\xbb\xbf')) ranks.set(text, rank)
  }
  return { ranks, texts }
}
