import { createParquet } from '../src/storage/parquet.ts'

/** Numbers that are the same in every run. */
export function numbers(seed: number): (limit: number) => number {
  let state = seed
  return (limit) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return (state >>> 8) % limit
  }
}

/** Words by rank: the first is in most conversations, the last in few; as in real text, the n-th about 1/n as often as the first. */
export function wordOf(next: (limit: number) => number, words: number): number {
  return Math.floor(words ** (next(1_000_000) / 1_000_000)) - 1
}

/** Scripts of one conversation in ten each; of the rest, words in Latin letters. A word of a script is a run of its letters, without spaces between in the first two. */
export const scripts: { name: string; letters: [number, number]; glue: string }[] = [
  { name: 'Chinese', letters: [0x4e00, 600], glue: '' },
  { name: 'Thai', letters: [0x0e01, 44], glue: '' },
  { name: 'Russian', letters: [0x0430, 32], glue: ' ' },
  { name: 'Arabic', letters: [0x0628, 18], glue: ' ' },
  { name: 'Hindi', letters: [0x0915, 36], glue: ' ' },
]

/** The n-th word of a script. */
export function wordIn(script: number, rank: number): string {
  const found = scripts[script]
  if (!found) return `word${rank}`
  const [first, count] = found.letters
  const letter = (n: number) => String.fromCodePoint(first + (n % count))
  return letter(rank * 7) + letter(rank * 13 + 5) + (rank > 300 ? letter(rank * 31 + 11) : '')
}

/** What a conversation's rows look like in this measurement. */
export interface BenchRow {
  conversation_id: string
  model: string
  conversation: { content: string; role: string }[]
  turn: bigint
  language: string
  openai_moderation: { category_scores: { hate: number }; flagged: boolean }[]
  redacted: boolean
}

/** About 400 words a conversation, in one to three turns. */
export function* makeRows(count: number): Iterable<BenchRow> {
  const next = numbers(42)
  for (let n = 0; n < count; n += 1) {
    const script = next(10)
    const words = (length: number) =>
      Array.from({ length }, () => wordIn(script, wordOf(next, script < scripts.length ? 2000 : 50_000))).join(scripts[script]?.glue ?? ' ')
    const turns = 1 + next(3)
    yield {
      conversation_id: (n * 2_654_435_761).toString(16).padStart(32, '0'),
      model: `model-${wordOf(next, 25)}`,
      conversation: Array.from({ length: turns * 2 }, (_, index) => ({
        role: index % 2 ? 'assistant' : 'user',
        content: words(index % 2 ? 160 : 40),
      })),
      turn: BigInt(turns),
      language: scripts[script]?.name ?? 'English',
      openai_moderation: Array.from({ length: turns * 2 }, () => {
        const hate = next(10_000) / 10_000
        return { category_scores: { hate }, flagged: hate > 0.97 }
      }),
      redacted: next(4) === 0,
    }
  }
}

/** Writes the rows as a Parquet file. */
export async function writeRows(path: string, count: number): Promise<void> {
  const columns = [
    { name: 'conversation_id', type: 'string' as const },
    { name: 'model', type: 'string' as const },
    {
      name: 'conversation',
      type: {
        list: {
          struct: [
            { name: 'content', type: 'string' as const },
            { name: 'role', type: 'string' as const },
          ],
        },
      },
    },
    { name: 'turn', type: 'int64' as const },
    { name: 'language', type: 'string' as const },
    {
      name: 'openai_moderation',
      type: {
        list: {
          struct: [
            { name: 'category_scores', type: { struct: [{ name: 'hate', type: 'double' as const }] } },
            { name: 'flagged', type: 'boolean' as const },
          ],
        },
      },
    },
    { name: 'redacted', type: 'boolean' as const },
  ]
  const file = await createParquet(path, columns, { rowGroupRows: 1000, codec: 'ZSTD' })
  for (const row of makeRows(count)) file.write([{ ...row }])
  file.close()
}
