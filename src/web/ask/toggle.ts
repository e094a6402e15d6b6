import { type Field, findField } from './fields.ts'
import { type Item, isSame, printBox, readBox } from './items.ts'

/** The values and ranges (`2..5`) of a field that the box asks for, as a facet shows them marked. */
export function chosenValues(text: string, fields: readonly Field[], field: Field): string[] {
  return itemsOf(text, fields).flatMap((item) => {
    if (item.kind !== 'field' || item.isExcluded || findField(fields, item.field) !== field) return []
    if (item.test.op === 'is') return item.test.values
    return item.test.op === 'between' ? [`${item.test.low}..${item.test.high}`] : []
  })
}

/**
 * The box with a value of a field added to those asked for (`model:a,b`), or taken away where it is among them already. A range (`2..5`) takes the place of
 * what was asked of the field.
 */
export function toggleValue(text: string, fields: readonly Field[], given: { field: Field; name: string; value: string }): string {
  const range = given.field.kind === 'text' ? null : /^(-?[\d.]+?)\.\.(-?[\d.]+)$/.exec(given.value)
  if (range) {
    const test = { op: 'between', low: range[1] ?? '', high: range[2] ?? '' } as const
    return toggleItem(text, fields, { kind: 'field', field: given.name, test, isExcluded: false })
  }
  const items = itemsOf(text, fields)
  const isOwn = (item: Item) =>
    item.kind === 'field' && findField(fields, item.field) === given.field && item.test.op === 'is' && !item.isExcluded
  const before = items.flatMap((item) => (item.kind === 'field' && isOwn(item) && item.test.op === 'is' ? item.test.values : []))
  const isThere = before.some((value) => value.toLowerCase() === given.value.toLowerCase())
  const values = isThere ? before.filter((value) => value.toLowerCase() !== given.value.toLowerCase()) : [...before, given.value]
  const place = items.findIndex(isOwn)
  const rest = items.filter((item) => !isOwn(item))
  const made: Item[] = values.length === 0 ? [] : [{ kind: 'field', field: given.name, test: { op: 'is', values }, isExcluded: false }]
  const at = place < 0 ? rest.length : Math.min(place, rest.length)
  return printBox([...rest.slice(0, at), ...made, ...rest.slice(at)])
}

/** The box with one item more, in place of what it asked of the same field; without it where the box has it already. */
export function toggleItem(text: string, fields: readonly Field[], wanted: Item): string {
  const items = itemsOf(text, fields)
  if (items.some((item) => isSame(item, wanted))) return printBox(items.filter((item) => !isSame(item, wanted)))
  const isRival = (item: Item) =>
    item.kind === 'field' &&
    wanted.kind === 'field' &&
    item.isExcluded === wanted.isExcluded &&
    findField(fields, item.field) === findField(fields, wanted.field)
  return printBox([...items.filter((item) => !isRival(item)), wanted])
}

/** The items of a box. */
export const itemsOf = (text: string, fields: readonly Field[]): Item[] =>
  readBox(text, (name) => findField(fields, name) !== undefined).map(({ item }) => item)
