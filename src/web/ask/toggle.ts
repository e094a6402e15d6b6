import { type Field, findField } from './fields.ts'
import { type Item, isSame, printBox, readBox } from './items.ts'

/** The values of a field that the box asks for, as a facet shows them marked. */
export function chosenValues(text: string, fields: readonly Field[], field: Field): string[] {
  return itemsOf(text, fields).flatMap((item) =>
    item.kind === 'field' && findField(fields, item.field) === field && item.test.op === 'is' && !item.isExcluded ? item.test.values : [],
  )
}

/** The box with a value of a field added to those asked for (`model:a,b`), or taken away where it is among them already. */
export function toggleValue(text: string, fields: readonly Field[], given: { field: Field; name: string; value: string }): string {
  const items = itemsOf(text, fields)
  const isOwn = (item: Item) =>
    item.kind === 'field' && findField(fields, item.field) === given.field && item.test.op === 'is' && !item.isExcluded
  const before = chosenValues(text, fields, given.field)
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
