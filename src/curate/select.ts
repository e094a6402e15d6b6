import { dropBeyond, type KeepRule } from './duplicates/keep.ts'
import type { FilterShardReport } from './filter-shard.ts'
import { shuffleLikePython } from './sample.ts'

/** Which rows go into the release, and where. */
export interface Selection {
  order: 'shard' | 'shuffled'
  /** Per shard, for each kept row of its report: 0-based position in the release, or -1. */
  positions: Float64Array[]
  selected: number
  /** Rows that a rule on the whole set dropped, by rule, one list for each time that the recipe names it: index of the shard, and of the row in its report. */
  dropped: Record<string, { shard: number; at: number }[][]>
  /** Rows that the sample or limit left out. */
  notSampled: number
}

/** What selection may do after the row rules. */
export interface SelectOptions {
  /** Keep the earliest N conversations with the same prompts; undefined keeps all. */
  templatedKeep?: number
  /** Keep some of each group of duplicates; rule n reads standing n of the reports. */
  keepRules?: readonly KeepRule[]
  sampling?: { seed: number; size: number }
  limit?: number
}

/** All kept rows in the order of shards, column by column: 24 bytes a row, so that the memory of a selection is 24 MB a million. */
interface Rows {
  shard: Uint32Array
  at: Uint32Array
  startedAt: Float64Array
  promptKey: Float64Array
  isDropped: Uint8Array
}

/**
 * Applies rules on the whole set, then the sample or limit. Depends on the set of conversations alone: shards come in name order, and ties in time are
 * broken by that order, which is the order of ids' hashes.
 */
export function select(
  reports: readonly FilterShardReport[],
  { templatedKeep, keepRules = [], sampling, limit }: SelectOptions,
): Selection {
  const rows = gather(reports)
  const dropped: Selection['dropped'] = templatedKeep === undefined ? {} : { templated: [dropTemplated(rows, templatedKeep)] }
  if (keepRules.length > 0) dropped.duplicates = keepRules.map((rule, index) => dropDuplicates(rows, reports, rule, index))
  const left = Uint32Array.from(rows.shard.keys()).filter((row) => rows.isDropped[row] === 0)
  if (sampling) {
    left.sort((a, b) => byTime(rows, a, b))
    shuffleLikePython(left, sampling.seed)
  }
  const size = Math.min(left.length, limit ?? Number.POSITIVE_INFINITY, sampling?.size ?? Number.POSITIVE_INFINITY)
  const positions = reports.map((report) => new Float64Array(report.rows.length).fill(-1))
  for (let place = 0; place < size; place++) {
    const row = left[place] ?? 0
    const shard = positions[rows.shard[row] ?? 0]
    if (shard) shard[rows.at[row] ?? 0] = place
  }
  return { order: sampling ? 'shuffled' : 'shard', positions, selected: size, dropped, notSampled: left.length - size }
}

function gather(reports: readonly FilterShardReport[]): Rows {
  const total = reports.reduce((sum, { rows }) => sum + rows.length, 0)
  const gathered: Rows = {
    shard: new Uint32Array(total),
    at: new Uint32Array(total),
    startedAt: new Float64Array(total),
    promptKey: new Float64Array(total),
    isDropped: new Uint8Array(total),
  }
  let next = 0
  for (const [shard, report] of reports.entries()) {
    gathered.shard.fill(shard, next, next + report.rows.length)
    // Without a time: after those with one.
    gathered.startedAt.set(
      report.startedAt.map((time) => (Number.isNaN(time) ? Number.POSITIVE_INFINITY : time)),
      next,
    )
    gathered.promptKey.set(report.promptKeys, next)
    for (let at = 0; at < report.rows.length; at++) gathered.at[next++] = at
  }
  return gathered
}

/** Earlier first, then the order of shards and rows. */
function byTime({ startedAt }: Rows, a: number, b: number): number {
  const first = startedAt[a] ?? 0
  const second = startedAt[b] ?? 0
  return first === second ? a - b : first < second ? -1 : 1
}

function dropDuplicates(
  rows: Rows,
  reports: readonly FilterShardReport[],
  { keep }: KeepRule,
  rule: number,
): { shard: number; at: number }[] {
  const groups = new Float64Array(rows.at.length)
  const ranks = new Float64Array(rows.at.length)
  let next = 0
  for (const { standings, rows: kept } of reports) {
    const standing = standings[rule]
    if (standing) {
      groups.set(standing.groups, next)
      ranks.set(standing.ranks, next)
    }
    next += kept.length
  }
  const dropped = dropBeyond({ groups, ranks, keep, isDropped: rows.isDropped })
  return dropped.sort((a, b) => a - b).map((row) => ({ shard: rows.shard[row] ?? 0, at: rows.at[row] ?? 0 }))
}

function dropTemplated(rows: Rows, keep: number): { shard: number; at: number }[] {
  const { promptKey } = rows
  const order = Uint32Array.from(promptKey.keys()).sort((a, b) => (promptKey[a] ?? 0) - (promptKey[b] ?? 0) || byTime(rows, a, b))
  let same = 0
  for (const [index, row] of order.entries()) {
    same = index > 0 && promptKey[row] === promptKey[order[index - 1] ?? 0] ? same + 1 : 0
    if (same >= keep) rows.isDropped[row] = 1
  }
  const dropped: { shard: number; at: number }[] = []
  for (const [row, isDropped] of rows.isDropped.entries()) {
    if (isDropped === 1) dropped.push({ shard: rows.shard[row] ?? 0, at: rows.at[row] ?? 0 })
  }
  return dropped
}
