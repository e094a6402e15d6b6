import { z } from 'zod'
import type { SearchIndex } from './index-file.ts'
import type { Selected } from './select.ts'

/** One column's values or ranges with the number of rows of each. `where` is the condition that keeps just those rows. */
export interface FacetCounts {
  column: string
  label: string
  kind: 'value' | 'range' | 'flag'
  values: { value: string | number | boolean; to?: number; count: number; where: string }[]
}

const Count = z.object({ value: z.union([z.string(), z.number()]), n: z.number() })
const MAX_VALUES = 50

/** Counts of every column that one would choose by: few different texts, small whole numbers, flags. */
export function computeFacets(index: SearchIndex, selected: Selected): { facets: FacetCounts[]; total: number; partial: boolean } {
  const [total] = z.array(z.object({ n: z.number() })).parse(index.all(`select count(*) as n from ${selected.from}`, selected.values))
  const facets: FacetCounts[] = []
  for (const [column, own] of index.columns) {
    const kind = kindOf(column)
    if (!kind) continue
    const sql = `select ${own} as value, count(*) as n from ${selected.from} and ${own} is not null group by 1 order by 2 desc, 1 limit ${MAX_VALUES + 1}`
    const counts = z.array(Count).parse(index.all(sql, selected.values))
    if (counts.length === 0) continue
    const values = counts.slice(0, MAX_VALUES).map(({ value, n }) => {
      const told = kind === 'flag' ? value === 1 : value
      const literal = typeof told === 'string' ? `'${told.replaceAll("'", "''")}'` : String(told)
      return {
        value: told,
        ...(kind === 'range' && typeof value === 'number' ? { to: value } : {}),
        count: n,
        where: `"${column.replaceAll('"', '""')}" = ${literal}`,
      }
    })
    if (kind === 'range') values.sort((a, b) => Number(a.value) - Number(b.value))
    facets.push({ column, label: labelOf(column), kind, values })
  }
  return { facets, total: total?.n ?? 0, partial: false }
}

function kindOf(column: string): FacetCounts['kind'] | undefined {
  if (/^(model|language)$/.test(column)) return 'value'
  if (column === 'turn') return 'range'
  return /(^|\.)(flagged|redacted)$|\.categories\./.test(column) ? 'flag' : undefined
}

/** A column's name in words: the last part of `openai_moderation.categories.hate`, without underscores. */
export function labelOf(column: string): string {
  return column.replace(/^.*\.categories\./, '').replace(/[._]/g, ' ')
}
