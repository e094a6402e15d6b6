import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Conversation } from '../../conversation.ts'
import type { Log } from '../../log.ts'
import { conversationColumns, toConversationRow } from '../../storage/conversations.ts'
import { createParquet, type Row, readParquet } from '../../storage/parquet.ts'
import { createDuplicateLabeller } from './group.ts'
import { signShard } from './sign.ts'
import { groupings } from './statements.ts'

/** A record of known truth: its text, and the ids of its duplicates where known. */
export interface DuplicateCase {
  id: string
  messages: Conversation['messages']
  duplicates?: readonly string[]
}

/** How many groups the records fall into, and, where the truth is known, how well near-duplicate groups meet it. */
export interface DuplicateFigures {
  records: number
  /** Number of different groups, by grouping. */
  groups: Record<string, number>
  truth?: {
    truePositives: number
    falsePositives: number
    trueNegatives: number
    falseNegatives: number
    precisionDuplicates: number
    recallDuplicates: number
    precisionOthers: number
    recallOthers: number
    macroF1: number
    /** Mean of both precisions, which text-dedup's tables call macro F1. */
    macroPrecision: number
    /** Share of records whose duplicates are exactly the known ones. */
    accuracy: number
  }
}

/**
 * Groups records as curate does and compares with their truth, as the benchmark of text-dedup on the CORE set counts: a record with known duplicates is found when all of
 * them are in its group; one without is right when it is alone.
 * @see https://github.com/ChenghaoMou/text-dedup/blob/main/benchmarks/utils.py
 */
export async function evaluateDuplicates(cases: AsyncIterable<DuplicateCase>, log: Log): Promise<DuplicateFigures> {
  const work = mkdtempSync(join(tmpdir(), 'colloquy-duplicates-'))
  try {
    const folders = { conversations: join(work, 'c'), signatures: join(work, 's'), out: join(work, 'd'), temp: join(work, 't') }
    for (const folder of Object.values(folders)) mkdirSync(folder)
    const truth = new Map<string, readonly string[]>()
    const file = await createParquet(join(folders.conversations, '00000.parquet'), conversationColumns)
    let records = 0
    for await (const { id, messages, duplicates } of cases) {
      records++
      if (duplicates) truth.set(id, duplicates)
      file.write([toConversationRow({ id, model: '', messages, turns: 0, source: { file: '', line: records } })])
    }
    file.close()
    await signShard({ from: join(folders.conversations, '00000.parquet'), to: join(folders.signatures, '00000.parquet') })
    await createDuplicateLabeller().run({
      ...folders,
      shards: ['00000'],
      folders: { signatures: folders.signatures },
      jobs: 2,
      memoryMiB: 2048,
      log,
    })
    const keys = new Map<string, Set<string>>(groupings.map(({ name }) => [name, new Set()]))
    const near = new Map<string, string>()
    for await (const batch of readParquet(join(folders.out, '00000.parquet'))) {
      for (const row of batch) {
        for (const [name, seen] of keys) {
          const key = keyOf(row, name)
          if (key) seen.add(key)
        }
        near.set(String(row.id), keyOf(row, 'near_prompts') ?? '')
      }
    }
    const groups = Object.fromEntries([...keys].map(([name, seen]) => [name, seen.size]))
    return { records, groups, ...(truth.size > 0 ? { truth: compareWithTruth(truth, near) } : {}) }
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

function keyOf(row: Row, name: string): string | undefined {
  const group = row[name]
  return typeof group === 'object' && group !== null && 'key' in group ? String(group.key) : undefined
}

function compareWithTruth(
  truth: ReadonlyMap<string, readonly string[]>,
  near: ReadonlyMap<string, string>,
): NonNullable<DuplicateFigures['truth']> {
  const members = new Map<string, string[]>()
  for (const [id, key] of near) {
    const list = members.get(key) ?? []
    list.push(id)
    members.set(key, list)
  }
  let [truePositives, falsePositives, trueNegatives, falseNegatives, same] = [0, 0, 0, 0, 0]
  for (const [id, known] of truth) {
    const found = new Set(members.get(near.get(id) ?? ''))
    found.delete(id)
    const holdsAll = known.every((other) => found.has(other))
    if (holdsAll && found.size === known.length) same++
    if (found.size === 0) known.length === 0 ? trueNegatives++ : falseNegatives++
    else known.length > 0 && holdsAll ? truePositives++ : falsePositives++
  }
  const precisionDuplicates = share(truePositives, falsePositives)
  const recallDuplicates = share(truePositives, falseNegatives)
  const precisionOthers = share(trueNegatives, falseNegatives)
  const recallOthers = share(trueNegatives, falsePositives)
  return {
    truePositives,
    falsePositives,
    trueNegatives,
    falseNegatives,
    precisionDuplicates,
    recallDuplicates,
    precisionOthers,
    recallOthers,
    macroF1: (mean(precisionDuplicates, recallDuplicates) + mean(precisionOthers, recallOthers)) / 2,
    macroPrecision: (precisionDuplicates + precisionOthers) / 2,
    accuracy: same / truth.size,
  }
}

function share(right: number, wrong: number): number {
  return right + wrong === 0 ? 0 : right / (right + wrong)
}

function mean(precision: number, recall: number): number {
  return precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall)
}

/** How planted groups of one kind were met: pairs of planted members in one group of the label, and pairs from different planted groups in one. */
export interface PlantedFigures {
  kind: string
  grouping: string
  groups: number
  pairs: number
  joined: number
  mixed: number
}

/** A conversation of an answer key of synthetic logs. */
export interface Planted {
  id: string
  kind: string
  group: string
}

const groupingOf: Readonly<Record<string, string>> = {
  exact: 'exact_conversation',
  prompts: 'normal_prompts',
  near: 'near_prompts',
  template: 'template',
}

/** Compares the label `duplicates` of a work folder with planted groups. */
export async function comparePlanted(planted: AsyncIterable<Planted>, labels: string): Promise<PlantedFigures[]> {
  const truth = new Map<string, Planted>()
  for await (const one of planted) truth.set(one.id, one)
  const cells = new Map<string, Map<string, Map<string, number>>>()
  for (const file of readdirSync(labels).sort()) {
    if (!file.endsWith('.parquet')) continue
    for await (const batch of readParquet(join(labels, file))) {
      for (const row of batch) {
        const one = truth.get(String(row.id))
        const grouping = one && groupingOf[one.kind]
        if (!one || !grouping) continue
        const kinds = cells.get(one.kind) ?? new Map<string, Map<string, number>>()
        cells.set(one.kind, kinds)
        const counts = kinds.get(one.group) ?? new Map<string, number>()
        kinds.set(one.group, counts)
        const key = keyOf(row, grouping) ?? `alone ${one.id}`
        counts.set(key, (counts.get(key) ?? 0) + 1)
      }
    }
  }
  return [...cells].sort().map(([kind, groups]) => {
    const pairs = (count: number) => (count * (count - 1)) / 2
    const sum = (counts: Iterable<number>) => [...counts].reduce((total, count) => total + count, 0)
    const totals = new Map<string, number>()
    for (const counts of groups.values()) for (const [key, count] of counts) totals.set(key, (totals.get(key) ?? 0) + count)
    const joined = sum([...groups.values()].map((counts) => sum([...counts.values()].map(pairs))))
    return {
      kind,
      grouping: groupingOf[kind] ?? '',
      groups: groups.size,
      pairs: sum([...groups.values()].map((counts) => pairs(sum(counts.values())))),
      joined,
      mixed: sum([...totals.values()].map(pairs)) - joined,
    }
  })
}
