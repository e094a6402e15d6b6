import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { parseCsv, unescapeHtml } from './data.ts'
import type { Example } from './example.ts'

/** A text that nobody has labelled. */
export interface Unlabelled {
  set: string
  text: string
}

/**
 * Texts of the data folder without labels, for a teacher to label: messages of hh-rlhf, tweets of the Broad Twitter Corpus and WNUT-17, the rest of Davidson's,
 * answers of GPTFuzz. None that is labelled already or begins like a text kept for testing.
 */
export function readUnlabelled(folder: string, examples: readonly Example[]): Unlabelled[] {
  const read = (name: string) => readFileSync(join(folder, name), 'utf8')
  const texts: Unlabelled[] = []
  const add = (set: string, text: string) => texts.push({ set, text: text.trim().slice(0, 2000) })
  for (const line of gunzipSync(readFileSync(join(folder, 'conversations/hh-harmless-test.jsonl.gz')))
    .toString('utf8')
    .trim()
    .split('\n')) {
    const { chosen, rejected } = JSON.parse(line) as { chosen: string; rejected: string }
    for (const said of `${chosen}${rejected}`.split(/\n\n(?:Human|Assistant):/)) add('hh', said)
  }
  for (const name of ['btc-a', 'btc-b', 'btc-e', 'btc-f', 'btc-g', 'btc-h', 'wnut17-train', 'wnut17-dev'])
    if (existsSync(join(folder, `pii/${name}.conll`))) for (const text of readConll(read(`pii/${name}.conll`))) add('social', text)
  for (const row of parseCsv(read('moderation/davidson-2017.csv'))) add('davidson', unescapeHtml(row.tweet ?? ''))
  for (const row of parseCsv(read('moderation/gptfuzz-train.csv'))) if (row.label === '1') add('gptfuzz', row.Response ?? '')
  const seen = new Set(examples.map(({ text }) => keyOf(text)))
  const tested = new Set(examples.filter(({ part }) => part === 'test').map(({ text }) => beginningOf(text)))
  return texts.filter(({ text }) => {
    const key = keyOf(text)
    if (text.length < 8 || seen.has(key) || tested.has(beginningOf(text))) return false
    seen.add(key)
    return true
  })
}

const lettersOf = (text: string) => text.toLowerCase().replace(/[^a-z]+/g, ' ')
const keyOf = (text: string) => createHash('sha256').update(lettersOf(text)).digest('hex')
const beginningOf = (text: string) => lettersOf(text).trim().slice(0, 40)

function readConll(text: string): string[] {
  return text.split(/\n\s*\n/).map((block) =>
    block
      .split('\n')
      .map((row) => row.split(/\s/)[0])
      .join(' '),
  )
}
