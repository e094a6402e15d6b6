import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Conversation } from '../../src/conversation.ts'
import { moderationCategories, moderationFields } from '../../src/release/moderation.ts'
import { conversationColumns, toConversationRow } from '../../src/storage/conversations.ts'
import { type Column, type Row, writeParquet } from '../../src/storage/parquet.ts'

/** What kind of work folder a test wants. */
export interface WorkPlan {
  conversations: number
  shards?: number
  /** Labels to write; default: all four. */
  labels?: ('language' | 'tokens' | 'redaction' | 'moderation' | 'quality')[]
  /** What a labeller says of its settings; default: nothing. */
  labelSettings?: Record<string, unknown>
  order?: 'shard' | 'shuffled'
  recipe?: Record<string, unknown>
  /** Changes the invented conversations. */
  change?: (conversation: Conversation, index: number) => unknown
  /** Every n-th conversation is dropped by a rule; 0: none. */
  dropEvery?: number
  /** Messages of each conversation, and characters of each message. */
  messages?: number
  characters?: number
}

const languages = [
  ['English', 'en'],
  ['German', 'de'],
  ['unknown', 'und'],
] as const

const words = 'the river told a quiet story of light and stone while seven birds crossed over grey water toward morning'.split(' ')

/** Writes a finished work folder of invented conversations, as docs/data-format.md says, into a new temporary folder. */
export async function writeWork(plan: WorkPlan): Promise<string> {
  const { shards = 2, labels = ['language', 'tokens', 'redaction', 'moderation'], order = 'shard', dropEvery = 10 } = plan
  const dir = mkdtempSync(join(tmpdir(), 'colloquy-release-'))
  const perShard = Math.ceil(plan.conversations / shards)
  const shardReports: { shard: string; rows: number; selected: number }[] = []
  const selectedAll: { shard: number; row: number }[] = []
  for (let at = 0; at < shards; at++) {
    const count = Math.max(0, Math.min(perShard, plan.conversations - at * perShard))
    const conversations = Array.from({ length: count }, (_, row) => invent(plan, at * perShard + row))
    const shard = String(at).padStart(5, '0')
    await write(join(dir, 'conversations'), shard, conversationColumns, conversations.map(toConversationRow))
    for (const label of labels) {
      const rows = conversations.map(
        (conversation, row): Row => ({ id: conversation.id, ...labelOf(label, conversation, at * perShard + row) }),
      )
      await write(join(dir, 'labels', `${label}@0123456789abcdef`), shard, [{ name: 'id', type: 'string' }, ...labelColumns[label]], rows)
    }
    const kept = conversations.flatMap((_, row) => (dropEvery > 0 && (at * perShard + row) % dropEvery === dropEvery - 1 ? [] : [row]))
    for (const row of kept) selectedAll.push({ shard: at, row })
    shardReports.push({ shard, rows: count, selected: kept.length })
  }
  await writeSelections(dir, order, shardReports, selectedAll)
  writeReports(dir, plan, labels, order, shardReports, selectedAll.length)
  return dir
}

/** Removes folders that a test made. */
export function removeAll(...folders: readonly string[]): void {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
}

async function writeSelections(
  dir: string,
  order: 'shard' | 'shuffled',
  shards: readonly { shard: string; rows: number }[],
  selected: readonly { shard: number; row: number }[],
): Promise<void> {
  // A fixed permutation: multiplication by a number without a common factor.
  const total = selected.length
  const factor = [7919, 104_729, 1_299_709].find((prime) => total % prime !== 0) ?? 1
  const positions = new Map(
    selected.map(({ shard, row }, index) => [`${shard}/${row}`, order === 'shard' ? index : (index * factor) % total]),
  )
  for (const [at, { shard, rows }] of shards.entries()) {
    const out = Array.from({ length: rows }, (_, row): Row => {
      const position = positions.get(`${at}/${row}`)
      return position === undefined
        ? { position: null, model: null }
        : { position: BigInt(position), model: modelOf(at * (shards[0]?.rows ?? 0) + row) }
    })
    const columns: Column[] = [
      { name: 'position', type: 'int64' },
      { name: 'model', type: 'string' },
    ]
    await write(join(dir, 'selection'), shard, columns, out)
  }
}

function writeReports(
  dir: string,
  plan: WorkPlan,
  labels: readonly string[],
  order: string,
  shards: readonly { shard: string; rows: number; selected: number }[],
  selected: number,
): void {
  const input = { lines: plan.conversations + 3, accepted: plan.conversations, superseded: 1, refused: { 'invalid-json': 2 } }
  const ingest = {
    schema: 1,
    inputs: [{ file: '2023-04-24-conv.json', form: 'fastchat', sizeBytes: 1234, sha256: 'ab'.repeat(32), ...input }],
    ...input,
    conversations: plan.conversations,
    battles: 0,
    users: 5,
    shards: shards.map(({ shard, rows }) => ({ shard, rows, sha256: 'cd'.repeat(32) })),
  }
  const curate = {
    schema: 1,
    recipe: { name: 'test', consent: 'assumed', language: 'conversation', columns: [], card: {}, ...plan.recipe },
    recipeSha256: 'ef'.repeat(32),
    order,
    labels: Object.fromEntries(
      labels.map((label) => [
        label,
        {
          folder: `labels/${label}@0123456789abcdef`,
          version: '1',
          fingerprint: '0123456789abcdef',
          quality: label === 'language' ? 'accuracy .87 on 75 languages' : null,
          settings: plan.labelSettings?.[label] ?? {},
        },
      ]),
    ),
    rules: [{ rule: 'network-error', description: 'a message is a server error', dropped: plan.conversations - selected, samples: ['x'] }],
    input: plan.conversations,
    notSampled: 0,
    selected,
    users: 4,
    shards,
  }
  writeFileSync(join(dir, 'ingest.json'), JSON.stringify(ingest))
  writeFileSync(join(dir, 'curate.json'), JSON.stringify(curate))
}

function invent({ messages = 4, characters = 120, change }: WorkPlan, index: number): Conversation {
  const conversation: Conversation = {
    id: (index * 2_654_435_761).toString(16).padStart(32, '0'),
    model: `raw-${index % 3}`,
    messages: Array.from({ length: messages }, (_, at) => ({
      role: at % 2 === 0 ? ('user' as const) : ('assistant' as const),
      content: sentence(index * 31 + at, characters),
    })),
    turns: Math.floor(messages / 2),
    startedAt: new Date(Date.UTC(2023, 3, 24, index % 24) + Math.floor(index / 50) * 86_400_000).toISOString(),
    user: (index % 5).toString(16).repeat(64),
    source: { file: '2023-04-24-conv.json', line: index + 1 },
  }
  change?.(conversation, index)
  return conversation
}

function sentence(seed: number, characters: number): string {
  let text = ''
  for (let at = 0; text.length < characters; at++) text += `${words[(seed * 7 + at * at * 3) % words.length]} `
  return text.slice(0, characters).trim()
}

function modelOf(index: number): string {
  return ['vicuna-13b', 'vicuna-13b', 'gpt-4'][index % 3] ?? ''
}

const labelColumns: Record<NonNullable<WorkPlan['labels']>[number], Column[]> = {
  language: [
    { name: 'name', type: 'string' },
    { name: 'code', type: 'string' },
    { name: 'confidence', type: 'double' },
    {
      name: 'messages',
      type: {
        list: {
          struct: [
            { name: 'name', type: 'string' },
            { name: 'code', type: 'string' },
            { name: 'confidence', type: 'double' },
          ],
        },
      },
    },
  ],
  tokens: [
    { name: 'messages', type: { list: 'int32' } },
    { name: 'o200k', type: { list: 'int32' } },
  ],
  redaction: [
    { name: 'redacted', type: 'boolean' },
    {
      name: 'spans',
      type: {
        list: {
          struct: [
            { name: 'message', type: 'int32' },
            { name: 'start', type: 'int32' },
            { name: 'end', type: 'int32' },
            { name: 'kind', type: 'string' },
            { name: 'replacement', type: 'string' },
            { name: 'confidence', type: 'double' },
          ],
        },
      },
    },
  ],
  moderation: [
    { name: 'messages', type: { list: { struct: moderationFields } } },
    { name: 'failed', type: { list: 'int32' } },
  ],
  quality: [
    { name: 'score', type: 'double' },
    { name: 'reasons', type: { list: 'string' } },
  ],
}

function labelOf(label: keyof typeof labelColumns, { messages }: Conversation, index: number): Row {
  const [name, code] = languages[index % 7 === 0 ? 1 : index % 11 === 0 ? 2 : 0]
  const confidence = 0.5
  if (label === 'language') return { name, code, confidence, messages: messages.map(() => ({ name, code, confidence })) }
  if (label === 'tokens') {
    const counts = messages.map(({ content }) => Math.ceil(content.length / 4))
    return { messages: counts, o200k: counts.map((count) => count - 1) }
  }
  if (label === 'redaction') {
    // Every eighth conversation opens with a name of three letters.
    const spans = index % 8 === 0 ? [{ message: 0, start: 0, end: 3, kind: 'PERSON', replacement: 'NAME_1', confidence: 0.9 }] : []
    return { redacted: spans.length > 0, spans }
  }
  if (label === 'quality') return { score: (index % 10) / 10, reasons: ['invented'] }
  // Every ninth conversation is flagged in its last message; in every thirteenth, moderation of the first message failed.
  const failed = index % 13 === 0 ? [0] : []
  const verdicts = messages.map((_, at) => {
    const isFlagged = index % 9 === 0 && at === messages.length - 1
    return {
      categories: Object.fromEntries(moderationCategories.map((category) => [category, isFlagged && category === 'sexual'])),
      category_scores: Object.fromEntries(
        moderationCategories.map((category, place) => [category, ((index * 31 + at * 7 + place) % 1000) / 1000]),
      ),
      flagged: isFlagged,
    }
  })
  return { messages: verdicts, failed }
}

async function write(folder: string, shard: string, columns: readonly Column[], rows: readonly Row[]): Promise<void> {
  mkdirSync(folder, { recursive: true })
  await writeParquet(join(folder, `${shard}.parquet`), columns, rows)
}
