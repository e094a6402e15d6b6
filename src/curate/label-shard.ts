import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Conversation } from '../conversation.ts'
import { readConversations } from '../storage/conversations.ts'
import { createParquet, type Row, workLayout } from '../storage/parquet.ts'
import { digestOf, type EarlierRows, openEarlier, writeDigests } from './earlier.ts'
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
  /** How many shards the work folder has. */
  shards: number
  labellers: readonly LabellerSpec[]
}

/** What one shard's labelling did. `milliseconds` by label, as measured in this thread; `reused` rows by label were there already. */
export interface LabelShardReport {
  shard: string
  rows: number
  reused: Record<string, number>
  milliseconds: Record<string, number>
}

/**
 * Worker task: reads a shard once and writes one sidecar per labeller, each under its final name only when whole. Rows that an earlier run made for
 * conversations that are still the same are taken over.
 */
export async function labelShard(input: LabelShardInput): Promise<LabelShardReport> {
  const { work, shard, shards } = input
  const ready = await Promise.all(input.labellers.map(keepLabeller))
  const sidecars = await Promise.all(
    ready.map(async (labeller) => {
      const folder = join(work, sidecarFolder(labeller))
      mkdirSync(folder, { recursive: true })
      const columns = [{ name: 'id', type: 'string' as const }, ...labeller.columns]
      const metadata = { conversations: input.shardSha256, shards: String(shards) }
      const file = await createParquet(join(folder, `${shard}.parquet`), columns, { ...workLayout, metadata })
      return { labeller, folder, file, earlier: await openEarlier(folder, shard, shards) }
    }),
  )
  const report: LabelShardReport = { shard, rows: 0, reused: {}, milliseconds: {} }
  const digests: Buffer[] = []
  try {
    for await (const conversations of readConversations(join(work, 'conversations', `${shard}.parquet`))) {
      report.rows += conversations.length
      const batch = conversations.map((conversation) => ({ conversation, digest: digestOf(conversation) }))
      digests.push(...batch.map(({ digest }) => digest))
      for (const { labeller, file, earlier } of sidecars) {
        const startedAt = performance.now()
        const { rows, reused } = await labelBatch(labeller, batch, earlier)
        file.write(rows)
        report.reused[labeller.name] = (report.reused[labeller.name] ?? 0) + reused
        report.milliseconds[labeller.name] = (report.milliseconds[labeller.name] ?? 0) + performance.now() - startedAt
      }
    }
  } catch (error) {
    for (const { file } of sidecars) file.abandon()
    throw error
  }
  for (const { folder, file } of sidecars) {
    writeDigests(folder, shard, { shardSha256: input.shardSha256, digests })
    file.close()
  }
  return report
}

/** Folder of a labeller's sidecars inside the work folder. */
export function sidecarFolder({ name, fingerprint }: Pick<Labeller<unknown>, 'name' | 'fingerprint'>): string {
  return join('labels', `${name}@${fingerprint}`)
}

async function labelBatch(
  labeller: Labeller<unknown>,
  batch: readonly { conversation: Conversation; digest: Buffer }[],
  earlier: EarlierRows,
): Promise<{ rows: Row[]; reused: number }> {
  const kept: (Row | undefined)[] = []
  for (const { conversation, digest } of batch) {
    const row = await earlier.take(conversation.id, digest)
    kept.push(row && (labeller.isFinal?.(row) ?? true) ? row : undefined)
  }
  const rows: Row[] = []
  const width = labeller.concurrency ?? 1
  for (let at = 0; at < batch.length; at += width) {
    const made = batch.slice(at, at + width).map(async ({ conversation }, index) => ({
      id: conversation.id,
      ...(kept[at + index] ?? labeller.toRow(await labeller.label(conversation))),
    }))
    rows.push(...(await Promise.all(made)))
  }
  return { rows, reused: kept.filter((row) => row !== undefined).length }
}
