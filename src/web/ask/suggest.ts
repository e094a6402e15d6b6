import { type Field, findField, shortName } from './fields.ts'

/** A way to go on with the box: what is put in the place of [start, end), and what is said of it. */
export interface Suggestion {
  insert: string
  start: number
  end: number
  label: string
  detail: string
}

/** Values of a field that occur, most frequent first, with their counts where these are known. */
export type ValuesOf = (field: Field) => readonly { value: string; count?: number }[]

const MOST = 8

/**
 * What may follow at the caret: fields by the beginning of their name, values of a field by the beginning of theirs.
 */
export function suggest(given: { text: string; caret: number; fields: readonly Field[]; valuesOf: ValuesOf }): Suggestion[] {
  const { text, caret, fields, valuesOf } = given
  const before = /(?:^|\s)(-?)(\S*)$/.exec(text.slice(0, caret))
  const part = before?.[2] ?? ''
  if (!before || part.startsWith('"')) return []
  const start = caret - part.length
  const asked = /^([\p{L}_][\p{L}\p{N}_./-]*)(:)((?:[^,]*,)*)([^,]*)$/u.exec(part)
  if (!asked) {
    if (part === '') return []
    const lower = part.toLowerCase()
    return fields
      .filter((field) => shortName(field).toLowerCase().startsWith(lower) || field.name.toLowerCase().startsWith(lower))
      .slice(0, MOST)
      .map((field) => {
        const name = shortName(field)
        const isNumber = field.kind === 'number'
        return { insert: `${name}${isNumber ? '>' : ':'}`, start, end: caret, label: name, detail: field.kind }
      })
  }
  const field = findField(fields, asked[1] ?? '')
  if (!field) return []
  const beginning = (asked[4] ?? '').replace(/^"/, '').toLowerCase()
  return valuesOf(field)
    .filter(({ value }) => value.toLowerCase().includes(beginning))
    .sort((a, b) => Number(b.value.toLowerCase().startsWith(beginning)) - Number(a.value.toLowerCase().startsWith(beginning)))
    .slice(0, MOST)
    .map(({ value, count }) => ({
      insert: `${asked[1]}:${asked[3]}${/[\s,"]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value} `,
      start,
      end: caret,
      label: value,
      detail: count === undefined ? '' : count.toLocaleString('en'),
    }))
}
