/** A row of a split as JSON carries it. */
export type JsonRow = Record<string, unknown>

/** A value that rows are filtered, counted and sorted by. */
export type Field = string | number | boolean | null

/** Name of the hidden field that tells rows of the same first prompt. Names that begin so are for the index alone. */
export const PROMPT = '$prompt'

/** Texts are compared and sorted by as many characters; what is longer is for the search. */
const MAX_TEXT = 500

/**
 * What rows can be filtered by: scalar columns as they are, `x.length` of lists, `x.sum` of lists of numbers, and `x.y` of structs; of lists of structs
 * the largest value of each numeric or boolean leaf, so that `openai_moderation.flagged` is true where any message is flagged and
 * `openai_moderation.category_scores.hate` is the highest score in the conversation.
 */
export function fieldsOf(row: JsonRow): Map<string, Field> {
  const fields = new Map<string, Field>()
  for (const [name, value] of Object.entries(row)) addField(fields, name, value)
  return fields
}

function addField(fields: Map<string, Field>, name: string, value: unknown): void {
  if (value === null || value === undefined) return
  if (typeof value === 'boolean' || typeof value === 'number') fields.set(name, value)
  else if (typeof value === 'string') fields.set(name, cutText(value))
  else if (Array.isArray(value)) {
    fields.set(`${name}.length`, value.length)
    let sum = 0
    let numbers = 0
    for (const item of value) {
      if (typeof item === 'number') {
        sum += item
        numbers += 1
      } else if (typeof item === 'object' && item !== null && !Array.isArray(item)) addLargest(fields, name, item)
    }
    if (numbers > 0) fields.set(`${name}.sum`, sum)
  } else if (typeof value === 'object') {
    for (const [key, inner] of Object.entries(value)) addField(fields, join(name, key), inner)
  }
}

function addLargest(fields: Map<string, Field>, name: string, item: object): void {
  for (const [key, value] of Object.entries(item)) {
    const path = join(name, key)
    if (typeof value === 'boolean') {
      if (value || !fields.has(path)) fields.set(path, value)
    } else if (typeof value === 'number') {
      const before = fields.get(path)
      if (typeof before !== 'number' || value > before) fields.set(path, value)
    } else if (typeof value === 'object' && value !== null && !Array.isArray(value)) addLargest(fields, path, value)
  }
}

/** Paths by their parts: every row has the same ones, and joining strings anew costs more than all else here. */
const joins = new Map<string, Map<string, string>>()
const MAX_JOINS = 10_000

function join(name: string, key: string): string {
  let own = joins.get(name)
  if (!own) {
    if (joins.size > MAX_JOINS) joins.clear()
    own = new Map()
    joins.set(name, own)
  }
  let path = own.get(key)
  if (path === undefined) {
    if (own.size > MAX_JOINS) own.clear()
    path = `${name}.${key}`
    own.set(key, path)
  }
  return path
}

function cutText(text: string): string {
  // Half of a surrogate pair would not survive being stored; U+0000 parts stored texts.
  const cut = text.length <= MAX_TEXT ? text : text.slice(0, /[\ud800-\udbff]/.test(text[MAX_TEXT - 1] ?? '') ? MAX_TEXT - 1 : MAX_TEXT)
  return cut.includes('\0') ? cut.replaceAll('\0', '\ufffd') : cut
}

/** A text of a row with its column, its place in its list (−1 outside lists) and its speaker. */
export interface RowText {
  column: string
  index: number
  role: string
  content: string
}

/** The texts of a row: messages of its conversation columns with their roles, and other texts as `other`. */
export function messagesOf(row: JsonRow): RowText[] {
  return Object.entries(row).flatMap(([column, value]) => {
    if (typeof value === 'string') return [{ column, index: -1, role: 'other', content: value }]
    if (!Array.isArray(value)) return []
    return value.flatMap((item: unknown, index) => {
      if (typeof item === 'string') return [{ column, index, role: 'other', content: item }]
      if (typeof item !== 'object' || item === null || !('content' in item) || typeof item.content !== 'string') return []
      return [{ column, index, role: 'role' in item && typeof item.role === 'string' ? item.role : 'other', content: item.content }]
    })
  })
}

/** The first thing that the person said, with spaces, case and compatible forms made even; empty where nobody said anything. */
export function promptOf(texts: readonly RowText[]): string {
  const first = texts.find(({ role }) => role === 'user')
  return (first?.content ?? '').normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim()
}
