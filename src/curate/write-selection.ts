import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { writeWhole } from '../storage/files.ts'
import { readParquet, writeParquet } from '../storage/parquet.ts'
import type { FilterShardReport } from './filter-shard.ts'
import type { Selection } from './select.ts'

/** Writes `selection/<shard>.parquet`: place in the release and published model name, row for row with the conversations. */
export async function writeSelection(work: string, reports: readonly FilterShardReport[], selection: Selection): Promise<void> {
  const folder = join(work, 'selection')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  for (const [index, { shard, total, rows, models, modelNames }] of reports.entries()) {
    const out = Array.from({ length: total }, (): { position: bigint | null; model: string | null } => ({ position: null, model: null }))
    for (const [at, row] of rows.entries()) {
      const position = selection.positions[index]?.[at] ?? -1
      if (position >= 0) out[row] = { position: BigInt(position), model: modelNames[models[at] ?? 0] ?? null }
    }
    const columns = [
      { name: 'position', type: 'int64' as const },
      { name: 'model', type: 'string' as const },
    ]
    await writeParquet(join(folder, `${shard}.parquet`), columns, out)
  }
}

/** Conversations that a rule on the whole set dropped, by shard and row: their text lies in conversations/. Gives their ids, for each list the first ones. */
export async function writeSetDrops(
  work: string,
  rule: string,
  reports: readonly FilterShardReport[],
  lists: readonly (readonly { shard: number; at: number }[])[],
): Promise<string[][]> {
  const byShard = new Map<number, Map<number | undefined, number>>()
  for (const [list, dropped] of lists.entries()) {
    for (const { shard, at } of dropped) byShard.set(shard, (byShard.get(shard) ?? new Map()).set(reports[shard]?.rows[at], list))
  }
  const lines: string[] = []
  const samples: string[][] = lists.map(() => [])
  for (const [index, report] of reports.entries()) {
    const rows = byShard.get(index)
    if (!rows) continue
    let row = 0
    for await (const group of readParquet(join(work, 'conversations', `${report.shard}.parquet`), ['id'])) {
      for (const { id } of group) {
        const list = rows.get(row)
        if (list !== undefined) {
          lines.push(`${JSON.stringify({ reason: rule, id, shard: report.shard, row })}\n`)
          const own = samples[list]
          if (own && own.length < 5) own.push(String(id))
        }
        row++
      }
    }
  }
  if (lines.length > 0) writeWhole(join(work, 'dropped', `${rule}.jsonl`), lines.join(''))
  return samples
}
