import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { type Example, outputs } from './example.ts'
import { keyOf } from './texts.ts'

/** Place of sexual/minors, which the teacher cannot know: its training text has nothing of the kind (minors.ts). */
const minors = 8
const sexual = 7

/** How much a text counts that only the teacher has labelled, by the set that it is of or made from. */
const weights: Record<string, number> = {
  hh: 2, 'hh-made': 1, 'hh-hand-made': 1.5, 'sentences-made': 1.5, social: 0.3, davidson: 0.25, 'grammar8': 0.4,
} // biome-ignore format: a table
const otherwise = 0.5
/** Share of the teacher in the label of a text that has one already: people's labels of chat and written texts are worth more than those of tweets. */
const shares: Record<string, number> = { 'hh-hand': 0.5, sentences: 0.4, grammar: 0.5, 'grammar-clean': 0.5, convabuse: 0.5 }
const usual = 0.7

/** Labels of the teacher (teach-moderation.py): joined to those of the training texts, where these leave a category open in their place; and its own texts. */
export function withTaught(examples: readonly Example[], folder: string): Example[] {
  const taught = readLines(join(folder, 'taught.jsonl.gz')).map(
    (line) => JSON.parse(line) as { key?: string; set?: string; text?: string; soft: number[] },
  )
  const byKey = new Map(taught.flatMap(({ key, soft }): [string, number[]][] => (key === undefined ? [] : [[key, soft]])))
  const joined = examples.map((example): Example => {
    const soft = example.part === 'train' ? byKey.get(keyOf(example.text)) : undefined
    if (!soft) return example
    const share = shares[example.set] ?? usual
    const targets = example.targets.map((target, k) => {
      const own = soft[k] ?? Number.NaN
      if (k === minors) return target
      return Number.isNaN(target) ? own : target + share * (own - target)
    })
    return { ...example, targets }
  })
  const more = taught.flatMap(({ set = '', text, soft }): Example[] => {
    if (text === undefined) return []
    const targets = Float32Array.from({ length: outputs }, (_, k) => soft[k] ?? Number.NaN)
    targets[minors] = (soft[sexual] ?? 1) < 0.3 ? 0 : Number.NaN
    return [{ text, targets, weight: weights[set] ?? otherwise, set: `taught-${set}`, part: 'train' }]
  })
  return [...joined, ...more]
}

/** The words that the teacher gave vectors for. */
export function readTaughtWords(folder: string): string[] {
  return readLines(join(folder, 'vectors.jsonl.gz')).map((line) => (JSON.parse(line) as [string])[0])
}

function readLines(path: string): string[] {
  return gunzipSync(readFileSync(path)).toString('utf8').trim().split('\n')
}
