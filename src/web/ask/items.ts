/** What a field is asked: one of some values, an order, a range, that it has any value or none. */
export type Test =
  | { op: 'is'; values: readonly string[] }
  | { op: '<' | '<=' | '>' | '>='; value: string }
  | { op: 'between'; low: string; high: string }

/** One thing asked for in the search box: a word (or beginning*), an exact phrase, or a fact of the conversation. */
export type Item =
  | { kind: 'word'; text: string; isExcluded: boolean }
  | { kind: 'phrase'; text: string; isExcluded: boolean }
  | { kind: 'field'; field: string; test: Test; isExcluded: boolean }

/** Where an item stands in the box, [start, end) in UTF-16 units. */
export interface Placed {
  item: Item
  start: number
  end: number
}

const value = '"(?:[^"]|"")*"?|[^\\s,"]+'
const token = new RegExp(
  `(?<minus>-?)(?:"(?<phrase>[^"]*)"?|(?<field>[\\p{L}_][\\p{L}\\p{N}_./-]*)(?<op>:|>=|<=|=|>|<)(?<values>(?:${value})(?:,(?:${value}))*)|(?<word>\\S+))`,
  'gu',
)

/**
 * Reads the search box: words, "exact phrases", beginnings*, `field:value`, `field:a,b`, `field:2..5`, `field>4`, each with `-` before it for what must not
 * be. Never fails: what `isField` does not know is a word, such as `https://…` and `std::vector`.
 */
export function readBox(text: string, isField: (name: string) => boolean): Placed[] {
  const found: Placed[] = []
  for (const match of text.matchAll(token)) {
    const { minus, phrase, field, op, values = '', word } = match.groups ?? {}
    const isExcluded = minus === '-'
    const place = { start: match.index, end: match.index + match[0].length }
    if (phrase !== undefined) {
      if (phrase.trim() !== '') found.push({ ...place, item: { kind: 'phrase', text: phrase.trim(), isExcluded } })
    } else if (field !== undefined && op !== undefined && isField(field)) {
      found.push({ ...place, item: { kind: 'field', field, test: testOf(op, values), isExcluded } })
    } else {
      const plain = word ?? match[0].slice(isExcluded ? 1 : 0)
      found.push({ ...place, item: { kind: 'word', text: plain, isExcluded } })
    }
  }
  return found
}

/** The box's text of some items; read again, it gives the same items. */
export const printBox = (items: readonly Item[]): string => items.map(printItem).join(' ')

/** Two items that ask the same. */
export const isSame = (a: Item, b: Item): boolean => printItem(a) === printItem(b)

function printItem(item: Item): string {
  const minus = item.isExcluded ? '-' : ''
  if (item.kind === 'word') return minus + item.text
  if (item.kind === 'phrase') return `${minus}"${item.text}"`
  const { field, test } = item
  if (test.op === 'is') return `${minus}${field}:${test.values.map(quote).join(',')}`
  if (test.op === 'between') return `${minus}${field}:${quote(`${test.low}..${test.high}`)}`
  return `${minus}${field}${test.op}${quote(test.value)}`
}

function testOf(op: string, values: string): Test {
  const list = [...values.matchAll(new RegExp(value, 'gu'))].map(([one]) => unquote(one))
  const [first = ''] = list
  if (op === '<' || op === '<=' || op === '>' || op === '>=') return { op, value: first }
  const range = list.length === 1 ? /^([^.]*(?:\.\d+)?)\.\.(.*)$/.exec(first) : null
  if (range && (range[1] || range[2])) return { op: 'between', low: range[1] ?? '', high: range[2] ?? '' }
  return { op: 'is', values: list }
}

const quote = (text: string) => (text === '' || /[\s,"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
const unquote = (text: string) => (text.startsWith('"') ? text.replace(/^"|"$/g, '').replaceAll('""', '"') : text)
