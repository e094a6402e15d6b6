import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { hashWord } from '../../src/curate/moderation/hash.ts'
import type { Lexicon } from '../../src/curate/moderation/lexicon.ts'
import { createScanner } from '../../src/curate/moderation/scan.ts'
import { addKnown, type Vocabulary } from '../../src/curate/moderation/vocabulary.ts'
import type { Example } from './example.ts'

/** Words that training saw, by how often. */
export interface Seen {
  vocabulary: Vocabulary
  /** Words in small letters, with their number. */
  words: ReadonlyMap<string, number>
}

/**
 * The words of the training text, and the vocabulary by which the classifier tells that it can read a text: words seen three times or more that are no
 * commoner in text of other languages (tweets of five, half of the word pairs of 53) than in the training text.
 */
export function learnWords(folder: string, examples: readonly Example[], parts: { lexicon: Lexicon; bucketBits: number }): Seen {
  const vocabulary: Vocabulary = { bits: new Uint8Array(2 ** 16) }
  const ours = examples.filter(({ part, set }) => part !== 'test' && set !== 'eld-tweets' && set !== 'catqa-vi').map(({ text }) => text)
  const words = new Map<string, number>()
  for (const text of ours)
    for (const [word] of text
      .toLowerCase()
      .replaceAll('’', "'")
      .matchAll(/[a-z][a-z']*/g))
      words.set(word, (words.get(word) ?? 0) + 1)
  const inLatin = new Set([...words.keys()].map(hashWord))
  const own = countWords(ours, { ...parts, vocabulary })
  const foreign = countWords(
    [...examples.filter(({ part, set }) => part === 'train' && set === 'eld-tweets').map(({ text }) => text), ...readPairs(folder)],
    { ...parts, vocabulary },
  )
  const ratio = foreign.total / own.total
  for (const [hash, times] of own.counts)
    if (times >= 3 && inLatin.has(hash) && times * ratio >= (foreign.counts.get(hash) ?? 0)) addKnown(vocabulary, hash)
  return { vocabulary, words }
}

/** Every other word pair that is not English. */
function readPairs(folder: string): string[] {
  const lines = readFileSync(join(folder, 'language/eld-word-pairs.txt'), 'utf8').trim().split('\n')
  return lines.filter((line, at) => at % 2 === 0 && !line.startsWith('en\t')).map((line) => line.split('\t')[1] ?? '')
}

function countWords(texts: readonly string[], parts: { lexicon: Lexicon; bucketBits: number; vocabulary: Vocabulary }) {
  const counts = new Map<number, number>()
  let total = 0
  const scan = createScanner({
    ...parts,
    onWord: (hash) => {
      counts.set(hash, (counts.get(hash) ?? 0) + 1)
      total += 1
    },
  })
  for (const text of texts) scan(text, () => {})
  return { counts, total }
}
