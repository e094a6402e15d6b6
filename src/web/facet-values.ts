import type { ColumnStatistics } from './api.ts'
import type { Field } from './ask/fields.ts'

/** The values of a field that occur, most frequent first: from a column's statistics where it has few values, else those known from the columns. */
export function valuesFrom(statistics: readonly ColumnStatistics[]): (field: Field) => { value: string; count?: number }[] {
  return (field) => {
    const frequencies = statistics.find(({ column_name }) => column_name === field.column)?.column_statistics.frequencies
    if (field.kind === 'text' && frequencies)
      return Object.entries(frequencies)
        .sort((a, b) => b[1] - a[1])
        .map(([value, count]) => ({ value, count }))
    return field.values.map((value) => ({ value }))
  }
}
