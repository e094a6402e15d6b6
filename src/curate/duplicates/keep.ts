import { z } from 'zod'
import { InputError } from '../../errors.ts'
import type { Row } from '../../storage/parquet.ts'
import { groupings } from './statements.ts'

/** Keeps at most `keep` conversations of each group of a grouping: those that rank first by time, by length or by vote. */
export interface KeepRule {
  by: string
  keep: number
  prefer: 'first' | 'longest' | 'vote'
}

const names = groupings.map(({ name }) => name)
const keepSchema = z.strictObject({
  rule: z.literal('duplicates'),
  by: z.string().refine((name) => names.includes(name), `takes one of ${names.join(', ')}`),
  keep: z.int().min(1).default(1),
  prefer: z.enum(['first', 'longest', 'vote']).default('first'),
})

/** The rules named `duplicates` of a recipe, in its order. @throws InputError `recipe-invalid` naming the parameter. */
export function parseKeepRules(rules: readonly { rule: string }[]): KeepRule[] {
  return rules
    .filter(({ rule }) => rule === 'duplicates')
    .map((rule) => {
      const parsed = keepSchema.safeParse(rule)
      if (parsed.success) return { by: parsed.data.by, keep: parsed.data.keep, prefer: parsed.data.prefer }
      const [issue] = parsed.error.issues
      throw new InputError('recipe-invalid', `The rule 'duplicates': ${issue?.path.join('.') || 'parameters'}: ${issue?.message}.`)
    })
}

/** Where a conversation stands in its group: the group as a number of 52 bits, -1 for a conversation alone, and its rank, 1 for the one to keep first. */
export interface Standing {
  group: number
  rank: number
}

/** Reads a row of the label `duplicates` as one rule sees it. */
export function readStanding(row: Row, { by, prefer }: KeepRule): Standing {
  const group = groupSchema.safeParse(row[by])
  if (!group.success || group.data.size < 2) return { group: -1, rank: 1 }
  return { group: hash52(group.data.key), rank: group.data[prefer] }
}

const groupSchema = z.object({ key: z.string(), size: z.number(), first: z.number(), longest: z.number(), vote: z.number() })

function hash52(key: string): number {
  let high = 0x811c9dc5
  let low = 0x2545f491
  for (let at = 0; at < key.length; at++) {
    high = Math.imul(high ^ key.charCodeAt(at), 0x01000193)
    low = Math.imul(low ^ key.charCodeAt(at), 0x5bd1e995) ^ (low >>> 13)
  }
  return (high >>> 12) * 2 ** 32 + (low >>> 0)
}

/**
 * Marks in `isDropped` all but the best `keep` of each group, of the rows that are not dropped yet: so a group whose first conversation fell to another
 * rule keeps its next.
 */
export function dropBeyond(options: { groups: Float64Array; ranks: Float64Array; keep: number; isDropped: Uint8Array }): number[] {
  const { groups, ranks, keep, isDropped } = options
  const order = Uint32Array.from(groups.keys()).filter((row) => (groups[row] ?? -1) >= 0 && isDropped[row] === 0)
  order.sort((a, b) => (groups[a] ?? 0) - (groups[b] ?? 0) || (ranks[a] ?? 0) - (ranks[b] ?? 0) || a - b)
  const dropped: number[] = []
  let same = 0
  for (const [index, row] of order.entries()) {
    same = index > 0 && groups[row] === groups[order[index - 1] ?? 0] ? same + 1 : 0
    if (same < keep) continue
    isDropped[row] = 1
    dropped.push(row)
  }
  return dropped
}
