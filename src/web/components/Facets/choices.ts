import type { Facet } from '../../api.data.shapes.ts'
import type { Field } from '../../ask/fields.ts'
import { texts } from '../../texts.data.ts'

/** One group of values to choose from, in the words of the search box. */
export interface Choices {
  field: Field
  label: string
  values: { value: string; count: number }[]
}

/**
 * The server's facets as groups of the box's fields: values and ranges as they are, flags as yes and no, and all flags of moderation's categories together
 * as values of `flagged`. Facets that the box has no field for are left out.
 */
export function choicesOf(facets: readonly Facet[], fields: readonly Field[]): Choices[] {
  const groups: Choices[] = []
  const flagged = fields.find(({ kind }) => kind === 'flagged')
  const moderation: Choices | undefined = flagged && { field: flagged, label: texts.facets.flags, values: [] }
  for (const { column, label, kind, values } of facets) {
    const category = moderation && flagged && categoryOf(column, flagged.column)
    if (moderation && category !== undefined) {
      for (const { value, count } of values) {
        if (category === '') moderation.values.unshift({ value: value === true ? 'yes' : 'no', count })
        else if (value === true) moderation.values.push({ value: category, count })
      }
      continue
    }
    const field = fields.find((one) => one.column === column && one.kind !== 'flagged')
    if (!field || isBeside(column, facets)) continue
    const names: Readonly<Record<string, string>> = texts.facets.names
    const own = Object.hasOwn(names, column) ? (names[column] ?? label) : label
    groups.push({
      field,
      label: own,
      values: values.map(({ value, to, count }) => ({ value: kind === 'flag' ? (value ? 'yes' : 'no') : rangeText(value, to), count })),
    })
  }
  const order = ['yes', 'no']
  moderation?.values.sort((a, b) => rank(order, a.value) - rank(order, b.value) || b.count - a.count)
  if (moderation && moderation.values.length > 0) groups.push(moderation)
  const wanted = ['model', 'language', 'turn', 'topic']
  return groups.filter(({ values }) => values.length > 0).sort((a, b) => rank(wanted, a.field.name) - rank(wanted, b.field.name))
}

/** Whether a facet says again what another one says: lengths of lists are the number of messages, a code is its language. */
function isBeside(column: string, facets: readonly Facet[]): boolean {
  const has = (name: string) => facets.some((one) => one.column === name)
  if (column === 'language_code') return has('language')
  return column.endsWith('.length') && (has('turn') || !/^(conversation|messages|conversations)\.length$/.test(column))
}

function categoryOf(column: string, moderation: string): string | undefined {
  if (column === `${moderation}.flagged`) return ''
  const prefix = `${moderation}.categories.`
  return column.startsWith(prefix) ? column.slice(prefix.length) : undefined
}

function rangeText(value: string | number | boolean, to: number | undefined): string {
  return to === undefined || to === value ? String(value) : `${value}..${to}`
}

const rank = (order: readonly string[], value: string) => (order.includes(value) ? order.indexOf(value) : order.length)
