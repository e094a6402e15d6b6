import { join } from 'node:path'
import type { Pool } from '../engine/pool.ts'
import { RetryableError } from '../errors.ts'
import { toJson, writeWhole } from '../storage/files.ts'
import { clearAside, isLabelled, setAside } from './earlier.ts'
import { type LabelShardInput, type LabelShardReport, labelShardTask, sidecarFolder } from './label-shard.ts'
import type { Labeller } from './labeller.ts'
import { createLabeller, type LabellerSpec } from './registry.ts'

/** A shard of conversations as ingest lists it. */
export interface ShardEntry {
  shard: string
  rows: number
  sha256: string
}

/** What a label is called, where it lies, and what card and manifest say of it. */
export interface LabelEntry {
  folder: string
  version: string
  fingerprint: string
  settings: Record<string, unknown>
  quality: string | null
}

/** How far labelling is: rows with all their labels, of all rows. */
export type OnRows = (done: number, total: number) => void

/**
 * Makes every label of every shard exist, shards in parallel. Labels that are there for the same conversations are left alone, shard by shard where a
 * shard is the same, and row by row where it has changed: a day that is added to the logs costs the labels of that day.
 * @throws ShardError naming the shard; the finished ones are kept.
 */
export async function labelAll(options: {
  work: string
  shards: readonly ShardEntry[]
  specs: readonly LabellerSpec[]
  pool: Pool
  onRows: OnRows
  signal?: AbortSignal
}): Promise<{ labels: Record<string, LabelEntry>; milliseconds: Record<string, number>; reused: Record<string, number> }> {
  const { work, shards, specs, pool } = options
  const labellers = await Promise.all(specs.map(createLabeller))
  const total = shards.reduce((sum, { rows }) => sum + rows, 0)
  const milliseconds: Record<string, number> = {}
  const reused: Record<string, number> = {}
  let done = 0
  const folders = labellers.map((labeller) => join(work, sidecarFolder(labeller)))
  for (const folder of folders) await setAside(folder, shards)
  for (const labeller of labellers) writeAbout(work, labeller)
  await Promise.all(
    shards.map(async ({ shard, rows, sha256 }) => {
      const missing: LabellerSpec[] = []
      for (const [index, labeller] of labellers.entries()) {
        const spec = specs[index]
        if (spec && !(await isLabelled(join(work, sidecarFolder(labeller)), { shard, sha256 }))) missing.push(spec)
      }
      if (missing.length > 0 && !options.signal?.aborted) {
        const input: LabelShardInput = { work, shard, shardSha256: sha256, shards: shards.length, labellers: missing }
        const report = await pool.run<LabelShardInput, LabelShardReport>(labelShardTask, shard, input)
        for (const [name, ms] of Object.entries(report.milliseconds)) milliseconds[name] = (milliseconds[name] ?? 0) + ms
        for (const [name, count] of Object.entries(report.reused)) reused[name] = (reused[name] ?? 0) + count
      }
      done += rows
      options.onRows(done, total)
    }),
  )
  if (options.signal?.aborted) {
    throw new RetryableError(
      'interrupted',
      'Stopped before all labels were made. Run the same command again to go on; finished shards are kept.',
    )
  }
  for (const folder of folders) clearAside(folder)
  for (const labeller of labellers) await labeller.close?.()
  return { labels: Object.fromEntries(labellers.map((labeller) => [labeller.name, toEntry(labeller)])), milliseconds, reused }
}

/** What card and manifest say of a labeller, and where its sidecars lie. */
export function toEntry(labeller: Pick<Labeller<unknown>, 'name' | 'version' | 'fingerprint' | 'about'>): LabelEntry {
  const { version, fingerprint, about } = labeller
  return { folder: sidecarFolder(labeller), version, fingerprint, settings: about?.settings ?? {}, quality: about?.quality ?? null }
}

function writeAbout(work: string, labeller: Labeller<unknown>): void {
  const { folder, ...about } = toEntry(labeller)
  writeWhole(join(work, folder, 'labeller.json'), toJson({ name: labeller.name, ...about }))
}
