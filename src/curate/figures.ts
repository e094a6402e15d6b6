import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { openSql, quoteList } from '../engine/sql.ts'
import { judgeFigures, labelFigures } from './figures.sql.ts'
import type { LabelEntry } from './label-all.ts'

/** One figure of a label over the selected conversations, for card and manifest: a count, a mean, or null where nothing was selected. */
export interface LabelFigure {
  label: string
  figure: string
  value: number | null
}

/** What the labels say of the selected conversations: each of the figures in figures.sql.ts whose label was computed. */
export async function computeFigures(call: {
  work: string
  shards: readonly string[]
  labels: Readonly<Record<string, LabelEntry>>
  jobs: number
  memoryMiB: number
}): Promise<LabelFigure[]> {
  const { work, shards, labels } = call
  const wanted = Object.entries(labelFigures).flatMap(([label, expressions]) => {
    const isJudged = label === 'quality' && Boolean(labels[label]?.settings.judge)
    return labels[label] ? [[label, isJudged ? { ...expressions, ...judgeFigures } : expressions] as const] : []
  })
  if (wanted.length === 0 || shards.length === 0) return []
  const temp = join(work, 'temp', 'figures')
  mkdirSync(temp, { recursive: true })
  const sql = await openSql({ jobs: call.jobs, memoryMiB: call.memoryMiB, temp })
  try {
    const filesIn = (folder: string) => quoteList(shards.map((shard) => join(work, folder, `${shard}.parquet`)))
    const figures: LabelFigure[] = []
    for (const [label, expressions] of wanted) {
      const columns = Object.values(expressions).map((expression, index) => `CAST(${expression} AS DOUBLE) AS f${index}`)
      const [row = {}] = await sql.rows(
        `SELECT ${columns.join(', ')} FROM read_parquet(${filesIn(labels[label]?.folder ?? '')}) ` +
          `POSITIONAL JOIN read_parquet(${filesIn('selection')}) WHERE position IS NOT NULL`,
      )
      for (const [index, figure] of Object.keys(expressions).entries()) {
        const value = row[`f${index}`]
        figures.push({ label, figure, value: typeof value === 'number' ? Math.round(value * 1000) / 1000 : null })
      }
    }
    return figures
  } finally {
    sql.close()
    rmSync(temp, { recursive: true, force: true })
  }
}
