import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { NotFoundError } from '../../errors.ts'
import { readConversations } from '../../storage/conversations.ts'
import { readParquet } from '../../storage/parquet.ts'
import type { BenchmarkItem } from './benchmark.ts'

/** An item and the part of a message that holds it, side by side. */
export interface Evidence {
  item: string
  kind: string
  score: number
  conversation: string
  message: number
  itemText: string
  messageText: string
}

/** What of one benchmark was found. Counts of conversations by kind overlap where one holds items in several ways. */
export interface BenchmarkReport {
  benchmark: string
  /** Items known to the report; 0 where the benchmark's file was not given. */
  items: number
  itemsHit: number
  conversations: number
  byKind: Record<string, number>
  evidence: Evidence[]
}

const hitSchema = z.object({
  benchmark: z.string(),
  item: z.string(),
  kind: z.string(),
  message: z.number(),
  start: z.number(),
  end: z.number(),
  score: z.number(),
})

/**
 * Reports the label `contamination` of a work folder by benchmark, with the first `most` pieces of evidence of each, in the order of the conversations. Memory grows with the hits
 * that are shown, not with the conversations.
 * @throws NotFoundError `contamination-missing` when the work folder has no such label
 */
export async function reportContamination(options: {
  work: string
  items: readonly BenchmarkItem[]
  most: number
}): Promise<BenchmarkReport[]> {
  const { work, items, most } = options
  const labels = findLabels(work)
  const texts = new Map(items.map(({ benchmark, item, text }) => [`${benchmark}\n${item}`, text]))
  const sizes = new Map<string, number>()
  for (const { benchmark } of items) sizes.set(benchmark, (sizes.get(benchmark) ?? 0) + 1)
  const reports = new Map<string, { hit: Set<string>; conversations: number; byKind: Record<string, number>; evidence: Evidence[] }>()
  for (const file of readdirSync(labels).sort()) {
    if (!file.endsWith('.parquet')) continue
    const rows = rowsOf(join(labels, file))
    for await (const batch of readConversations(join(work, 'conversations', file))) {
      for (const { id, messages } of batch) {
        const hits = z.array(hitSchema).safeParse((await rows.next()).value?.hits).data ?? []
        for (const benchmark of new Set(hits.map((hit) => hit.benchmark))) {
          const report = reports.get(benchmark) ?? { hit: new Set<string>(), conversations: 0, byKind: {}, evidence: [] }
          reports.set(benchmark, report)
          report.conversations++
          const own = hits.filter((hit) => hit.benchmark === benchmark)
          for (const kind of new Set(own.map((hit) => hit.kind))) report.byKind[kind] = (report.byKind[kind] ?? 0) + 1
          for (const { item, kind, score, message, start, end } of own) {
            report.hit.add(item)
            if (report.evidence.length >= most) continue
            const messageText = messages[message]?.content.slice(start, end) ?? ''
            report.evidence.push({
              item,
              kind,
              score,
              conversation: id,
              message,
              itemText: texts.get(`${benchmark}\n${item}`) ?? '',
              messageText,
            })
          }
        }
      }
    }
  }
  return [...new Set([...sizes.keys(), ...reports.keys()])].sort().map((benchmark) => {
    const { hit, conversations, byKind, evidence } = reports.get(benchmark) ?? {
      hit: new Set(),
      conversations: 0,
      byKind: {},
      evidence: [],
    }
    return { benchmark, items: sizes.get(benchmark) ?? 0, itemsHit: hit.size, conversations, byKind, evidence }
  })
}

async function* rowsOf(path: string): AsyncGenerator<Record<string, unknown>, undefined> {
  for await (const batch of readParquet(path, ['hits'])) yield* batch
  return undefined
}

function findLabels(work: string): string {
  const folder = join(work, 'labels')
  const [found] = existsSync(folder) ? readdirSync(folder).filter((name) => name.startsWith('contamination@')) : []
  if (found) return join(folder, found)
  throw new NotFoundError(
    'contamination-missing',
    `${work} has no label 'contamination'. Add it to the recipe's labels, name benchmarks in its settings, and run 'colloquy curate'.`,
  )
}
