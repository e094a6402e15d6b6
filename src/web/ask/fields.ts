import type { Feature } from '../api.shapes.ts'

/** Something that the search box can ask about by name. `column` is the server's name of what is compared. */
export interface Field {
  name: string
  kind: 'text' | 'number' | 'flag' | 'date' | 'flagged' | 'role' | 'tag'
  column: string
  /** What may stand behind the name, where that is known from the columns alone. */
  values: readonly string[]
}

/** Other words for a field, as people write them. */
const otherNames: Readonly<Record<string, string>> = {
  lang: 'language',
  turns: 'turn',
  id: 'conversation_id',
  date: 'started_at',
  day: 'started_at',
}

/** The fields of a split, from its columns: the well-known ones by their short names first, then every column that has plain values. */
export function fieldsOf(features: readonly Feature[]): Field[] {
  const found: Field[] = []
  const has = (name: string) => features.some((feature) => feature.name === name)
  const messages = ['conversation', 'messages', 'conversations'].find(has)
  const moderation = features.find(({ name }) => name === 'openai_moderation')
  for (const { name, type } of features) found.push(...leavesOf(name, type))
  if (!has('turn') && messages) found.push({ name: 'turn', kind: 'number', column: `${messages}.length`, values: [] })
  if (messages) {
    found.push({ name: 'messages', kind: 'number', column: `${messages}.length`, values: [] })
    found.push({ name: 'role', kind: 'role', column: '', values: ['user', 'assistant'] })
    found.push({ name: 'tag', kind: 'tag', column: '', values: tagKinds })
  }
  if (moderation) {
    const categories = keysAt(moderation.type, 'categories')
    found.push({ name: 'flagged', kind: 'flagged', column: moderation.name, values: ['yes', 'no', ...categories] })
    for (const one of keysAt(moderation.type, 'category_scores'))
      found.push({ name: `score.${one}`, kind: 'number', column: `${moderation.name}.category_scores.${one}`, values: [] })
  }
  return found.filter(({ name }, index) => found.findIndex((other) => other.name === name) === index)
}

/** The field of a name, short or long, whatever its case. */
export function findField(fields: readonly Field[], name: string): Field | undefined {
  const lower = name.toLowerCase()
  const long = Object.hasOwn(otherNames, lower) ? otherNames[lower] : lower
  return fields.find((field) => field.name.toLowerCase() === lower) ?? fields.find((field) => field.name.toLowerCase() === long)
}

/** The name that people write for a field. */
export function shortName({ name }: Field): string {
  const short: Readonly<Record<string, string>> = { language: 'lang', turn: 'turns', conversation_id: 'id', started_at: 'date' }
  return Object.hasOwn(short, name) ? (short[name] ?? name) : name
}

/** Words of the replacement tags of redaction, as they stand in texts: `NAME_1`. */
export const tagKinds: readonly string[] = [
  'NAME',
  'EMAIL',
  'PHONE',
  'ADDRESS',
  'CARD',
  'IBAN',
  'ID',
  'PASSPORT',
  'LICENCE',
  'PLATE',
  'BIRTHDATE',
  'IP',
  'MAC',
  'URL',
  'HANDLE',
  'WALLET',
  'COORDINATES',
  'SECRET',
]

function leavesOf(name: string, type: unknown): Field[] {
  if (typeof type !== 'object' || type === null) return []
  if ('dtype' in type && typeof type.dtype === 'string') {
    const kind = kindOf(type.dtype)
    return kind ? [{ name, kind, column: name, values: kind === 'flag' ? ['yes', 'no'] : [] }] : []
  }
  if ('_type' in type) return [{ name: `${name}.length`, kind: 'number', column: `${name}.length`, values: [] }]
  return Object.entries(type).flatMap(([key, inner]) => leavesOf(`${name}.${key}`, inner))
}

function kindOf(dtype: string): Field['kind'] | undefined {
  if (dtype === 'string') return 'text'
  if (dtype === 'bool') return 'flag'
  if (dtype.startsWith('timestamp') || dtype.startsWith('date')) return 'date'
  return /^(u?int|float)/.test(dtype) ? 'number' : undefined
}

/** The keys of a struct inside a list of structs. */
function keysAt(type: unknown, key: string): string[] {
  if (typeof type !== 'object' || type === null || !('feature' in type)) return []
  const { feature } = type
  if (typeof feature !== 'object' || feature === null) return []
  const inner: unknown = Object.entries(feature).find(([name]) => name === key)?.[1]
  return typeof inner === 'object' && inner !== null ? Object.keys(inner).filter((name) => name !== '_type' && name !== 'dtype') : []
}
