import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Conversation } from '../conversation.ts'
import { readConversations } from '../storage/conversations.ts'
import { createParquet, type Row, workLayout } from '../storage/parquet.ts'
import type { Labeller } from './labeller.ts'
import { keepLabeller, type LabellerSpec } from './registry.ts'

/** labelShard, for the pool. */
export const labelShardTask = { module: import.meta.url, task: 'labelShard' }

/** One shard and the labels that it still lacks. */
export interface LabelShardInput {
  work: string
  shard: string
  /** sha256 of the shard's Parquet, kept in the sidecar so that labels of other conversations are never taken for these. */
  shardSha256: string
  labellers: readonly LabellerSpec[]
}

/** What one shard's labelling did. `milliseconds` by label, as measured in this thread. */
export interface LabelShardReport {
  shard: string
  rows: number
  milliseconds: Record<string, number>
}

/** Worker task: reads a shard once and writes one sidecar per labeller, each under its final name only when whole. */
export async function labelShard({ work, shard, shardSha256, labellers }: LabelShardInput): Promise<LabelShardReport> {
  const ready = await Promise.all(labellers.map(keepLabeller))
  const files = await Promise.all(
    ready.map((labeller) => {
      const folder = join(work, sidecarFolder(labeller))
      mkdirSync(folder, { recursive: true })
      const columns = [{ name: 'id', type: 'string' as const }, ...labeller.columns]
      return createParquet(join(folder, `${shard}.parquet`), columns, { ...workLayout, metadata: { conversations: shardSha256 } })
    }),
  )
  const milliseconds: Record<string, number> = {}
  let rows = 0
  try {
    for await (const conversations of readConversations(join(work, 'conversations', `${shard}.parquet`))) {
      rows += conversations.length
      for (const [index, labeller] of ready.entries()) {
        const startedAt = performance.now()
        files[index]?.write(await labelAll(labeller, conversations))
        milliseconds[labeller.name] = (milliseconds[labeller.name] ?? 0) + performance.now() - startedAt
      }
    }
  } catch (error) {
    for (const file of files) file.abandon()
    throw error
  }
  for (const file of files) file.close()
  return { shard, rows, milliseconds }
}

/** Folder of a labeller's sidecars inside the work folder. */
export function sidecarFolder({ name, fingerprint }: Pick<Labeller<unknown>, 'name' | 'fingerprint'>): string {
  return join('labels', `${name}@${fingerprint}`)
}

async function labelAll(labeller: Labeller<unknown>, conversations: readonly Conversation[]): Promise<Row[]> {
  const rows: Row[] = []
  const add = async (conversation: Conversation) => ({ id: conversation.id, ...labeller.toRow(await labeller.label(conversation)) })
  const width = labeller.concurrency ?? 1
  for (let at = 0; at < conversations.length; at += width) {
    rows.push(...(await Promise.all(conversations.slice(at, at + width).map(add))))
  }
  return rows
}
