import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { InputError } from '../errors.ts'
import type { Log } from '../log.ts'
import { toJson, writeWhole } from '../storage/files.ts'
import { type LabelEntry, type ShardEntry, toEntry } from './label-all.ts'
import { sidecarFolder } from './label-shard.ts'
import { fingerprintOf, type SetLabeller } from './labeller.ts'

const aboutSchema = z.object({ inputs: z.string() })

/** What a set labeller may take: threads, and memory beside that of this process. */
export interface SetLimits {
  jobs: number
  memoryMiB: number
}

/**
 * Runs the labellers that need the whole set, one after the other. One that has run on the same conversations and labels is left alone; a stopped one
 * starts anew, since it gets its mark (`labeller.json`) last.
 * @throws InputError `label-needed` when a label that it reads is not among the recipe's.
 */
export async function labelSet(options: {
  work: string
  shards: readonly ShardEntry[]
  labels: Readonly<Record<string, LabelEntry>>
  labellers: readonly SetLabeller[]
  limits: SetLimits
  log: Log
}): Promise<Record<string, LabelEntry>> {
  const { work, shards, log } = options
  const made: Record<string, LabelEntry> = {}
  for (const labeller of options.labellers) {
    const known = { ...options.labels, ...made }
    const folders = Object.fromEntries(labeller.needs.map((name) => [name, join(work, folderOf(known, name, labeller.name))]))
    const inputs = fingerprintOf(
      shards.map(({ shard, sha256 }) => [shard, sha256]),
      labeller.needs.map((name) => known[name]?.fingerprint),
    )
    const out = join(work, sidecarFolder(labeller))
    if (!isMade(join(out, 'labeller.json'), inputs)) {
      const startedAt = performance.now()
      const temp = join(work, 'temp', labeller.name)
      for (const folder of [out, temp]) {
        rmSync(folder, { recursive: true, force: true })
        mkdirSync(folder, { recursive: true })
      }
      const names = shards.map(({ shard }) => shard)
      await labeller.run({ conversations: join(work, 'conversations'), shards: names, folders, out, temp, ...options.limits, log })
      rmSync(temp, { recursive: true, force: true })
      const { folder: _, ...about } = toEntry(labeller)
      writeWhole(join(out, 'labeller.json'), toJson({ name: labeller.name, ...about, inputs }))
      log.info('curate.labelled', { label: labeller.name, ms: Math.round(performance.now() - startedAt) })
    }
    made[labeller.name] = toEntry(labeller)
  }
  return made
}

function folderOf(labels: Readonly<Record<string, LabelEntry>>, name: string, needer: string): string {
  const folder = labels[name]?.folder
  if (folder) return folder
  throw new InputError(
    'label-needed',
    `The label '${needer}' is made from the label '${name}'. Add '${name}' to the recipe's labels, before it.`,
  )
}

function isMade(path: string, inputs: string): boolean {
  if (!existsSync(path)) return false
  const about = aboutSchema.safeParse(JSON.parse(readFileSync(path, 'utf8')))
  return about.success && about.data.inputs === inputs
}
