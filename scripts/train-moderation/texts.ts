import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Example } from './example.ts'
import type { Unlabelled } from './unlabelled.ts'

/** What the teacher reads of a text, in characters. */
const longest = 1500

/** A text's key in what the teacher reads and writes. */
export function keyOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}

/** Writes texts and words for teach-moderation.py. */
export function writeTexts(
  folder: string,
  examples: readonly Example[],
  unlabelled: readonly Unlabelled[],
  words: readonly string[],
): void {
  const lines = [
    ...examples.map(({ text, set, part, weight, targets }) => ({
      key: keyOf(text),
      text: text.slice(0, longest),
      set,
      part,
      weight,
      targets: [...targets].map((target) => (Number.isNaN(target) ? null : Math.round(target * 1000) / 1000)),
    })),
    ...unlabelled.map(({ set, text }) => ({ key: keyOf(text), text: text.slice(0, longest), set, part: 'unlabelled', weight: 1 })),
  ].map((line) => JSON.stringify(line))
  writeFileSync(join(folder, 'texts.jsonl.gz'), gzipSync(lines.join('\n')))
  writeFileSync(join(folder, 'words.json'), JSON.stringify(words))
}
