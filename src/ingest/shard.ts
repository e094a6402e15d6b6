import { writeFile } from 'node:fs/promises'
import { type Battle, type Conversation, countTurns } from '../conversation.ts'
import { conversationColumns, toConversationRow } from '../storage/conversations.ts'
import { hashFile } from '../storage/files.ts'
import { createParquet, type Row } from '../storage/parquet.ts'
import { type Merged, mergeShard } from './merge.ts'
import { unpackChat, unpackSide } from './payload.ts'
import { createQuarantine } from './quarantine.ts'
import { type Found, readSpill, type Segment } from './spill.ts'
import { sortUsers } from './users.ts'
import { dropWithdrawn, type Withdrawn } from './withdrawn.ts'

/** writeShard, for the pool. */
export const shardTask = { module: import.meta.url, task: 'writeShard' }

/** A spill to read. */
export interface SpillRef {
  path: string
  segments: Segment[]
}

/** One shard of the second pass: a run of buckets of every spill, and the files to write. */
export interface ShardInput {
  buckets: { start: number; end: number }
  spills: SpillRef[]
  labels: string[]
  conversations: string
  imported: string
  quarantine: string
  battles: string
  users: string
  withdrawn: Withdrawn
}

/** What a shard holds and what it decided, by place of the lines' file. */
export interface ShardReport {
  rows: number
  sha256: string
  battles: number
  superseded: [file: number, lines: number][]
  orphans: [file: number, lines: number][]
  withdrawn: [file: number, lines: number][]
  /** Distinct users by first byte of their hash: 256 counts, for reading the users' file in parts. */
  users: number[]
}

const importedColumns = [
  { name: 'id', type: 'string' },
  { name: 'fields', type: 'string' },
] as const

/** Rows made at a time: their texts are in memory twice while they are. */
const batchRows = 500

/** Settles one shard and writes it: a worker's task. Memory is bounded by the shard's spilled bytes (see docs/ingest.md). */
export async function writeShard(input: ShardInput): Promise<ShardReport> {
  const { fates, ...merged } = mergeShard(spilled(input))
  const { conversations, battles, lines } = dropWithdrawn(input.withdrawn, merged)
  const users = new Set<string>()
  await writeConversations(input, conversations, users)
  const rows = battles.map(({ found, content }) => JSON.stringify(toBattle(found, content, input.labels)))
  await writeFile(input.battles, rows.map((row) => `${row}\n`).join(''))
  const { bytes, counts } = sortUsers(users)
  await writeFile(input.users, bytes)
  return {
    rows: conversations.length,
    sha256: await hashFile(input.conversations),
    battles: battles.length,
    superseded: [...fates.superseded],
    orphans: [...quarantineOrphans(input, fates.orphans)],
    withdrawn: [...lines],
    users: counts,
  }
}

function* spilled({ spills, buckets }: ShardInput): Iterable<Found> {
  for (const { path, segments } of spills) yield* readSpill(path, segments, buckets)
}

async function writeConversations(input: ShardInput, conversations: readonly Merged[], users: Set<string>): Promise<void> {
  const file = await createParquet(input.conversations, conversationColumns)
  const imported: Row[] = []
  for (let start = 0; start < conversations.length; start += batchRows) {
    const rows = conversations.slice(start, start + batchRows).map((merged) => {
      const { conversation, fields } = toConversation(merged, input.labels)
      if (conversation.user !== undefined) users.add(conversation.user)
      if (fields) imported.push({ id: conversation.id, fields: JSON.stringify(fields) })
      return toConversationRow(conversation)
    })
    file.write(rows)
  }
  file.close()
  if (imported.length === 0) return
  const beside = await createParquet(input.imported, importedColumns)
  beside.write(imported)
  beside.close()
}

function toConversation(merged: Merged, labels: readonly string[]): { conversation: Conversation; fields?: object } {
  const found = merged.chat ?? merged.side
  if (!found) throw new Error('a conversation without a line')
  const packed = merged.chat ? found.payload() : unpackSide(found.payload()).chat
  const { model, messages, startedAt, user, consent, outcome, imported } = unpackChat(packed)
  const said = { ...outcome, ...merged.outcome }
  const conversation: Conversation = {
    id: merged.id,
    model,
    messages,
    turns: countTurns(messages),
    source: { file: labels[found.file] ?? '', line: found.line },
    ...(startedAt === undefined ? {} : { startedAt: new Date(Math.round(startedAt)).toISOString() }),
    ...(user === undefined ? {} : { user }),
    ...(consent === undefined ? {} : { consent }),
    ...(Object.keys(said).length === 0 ? {} : { outcome: said }),
    ...(merged.battle === undefined ? {} : { battle: merged.battle }),
  }
  return imported ? { conversation, fields: imported } : { conversation }
}

function toBattle(found: Found, content: ReturnType<typeof mergeShard>['battles'][number]['content'], labels: readonly string[]): Battle {
  const { votedAt, ...rest } = content
  return {
    id: found.id,
    ...rest,
    ...(votedAt === undefined ? {} : { votedAt: new Date(Math.round(votedAt)).toISOString() }),
    source: { file: labels[found.file] ?? '', line: found.line },
  }
}

/** Votes whose conversation is in no input, by file; written to the shard's own quarantine file. */
function quarantineOrphans(input: ShardInput, orphans: ReturnType<typeof mergeShard>['fates']['orphans']): Map<number, number> {
  const quarantine = createQuarantine(input.quarantine)
  const counts = new Map<number, number>()
  for (const { vote, content } of orphans) {
    counts.set(vote.file, (counts.get(vote.file) ?? 0) + 1)
    quarantine.add({
      file: input.labels[vote.file] ?? '',
      line: vote.line,
      offset: content.offset,
      sizeBytes: content.sizeBytes,
      reason: 'vote-without-conversation',
      record: { conversation: vote.id, outcome: content.outcome },
    })
  }
  quarantine.close()
  return counts
}
