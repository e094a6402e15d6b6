import { HubError } from '../errors.ts'

/** A condition in SQL with its parameters; columns are the index's own names, so no word of the reader's reaches the SQL. */
export interface Condition {
  sql: string
  values: (string | number)[]
}

type Lexeme = { kind: 'column' | 'text' | 'number' | 'word' | 'operator' | 'open' | 'close' | 'dot' | 'comma'; text: string }

const lexemes =
  /\s*(?:"((?:[^"]|"")*)"|'((?:[^']|'')*)'|(-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)|([A-Za-z_]+)|(<=|>=|<>|!=|=|<|>)|(\()|(\))|(\.)|(,))/y
const kinds = ['column', 'text', 'number', 'word', 'operator', 'open', 'close', 'dot', 'comma'] as const

/** Deeper conditions are nobody's question. */
const MAX_LENGTH = 2000

/**
 * Reads a `where` clause: `"column"` or `"a"."b"`, compared by = <> != < <= > >= [not] like, ilike, is [not] null, in (…), with numbers, 'texts', true,
 * false; joined by and, or, not and parentheses. `columnOf` gives the index's name of a column, or undefined.
 * @throws HubError 422 `InvalidParameter` telling what was not understood.
 */
export function readWhere(where: string, columnOf: (name: string) => string | undefined): Condition {
  const reader = readerOf(split(where), columnOf)
  const condition = reader.either()
  reader.end()
  return condition
}

/** Reads an `orderby`: `"column" [asc|desc]`. */
export function readOrder(order: string, columnOf: (name: string) => string | undefined): string {
  const reader = readerOf(split(order), columnOf)
  const column = reader.column()
  const isDescending = reader.word('desc')
  if (!isDescending) reader.word('asc')
  reader.end()
  return `${column} ${isDescending ? 'desc' : 'asc'}`
}

function split(text: string): Lexeme[] {
  if (text.length > MAX_LENGTH) throw invalid(`a clause is longer than ${MAX_LENGTH} characters`)
  const found: Lexeme[] = []
  const trimmed = text.trimEnd()
  for (lexemes.lastIndex = 0; lexemes.lastIndex < trimmed.length; ) {
    const at = lexemes.lastIndex
    const match = lexemes.exec(trimmed)
    if (!match) throw invalid(`cannot be read at character ${at + 1}`)
    const index = match.slice(1).findIndex((part) => part !== undefined)
    const quote = index === 0 ? '"' : "'"
    found.push({ kind: kinds[index] ?? 'word', text: (match[index + 1] ?? '').replaceAll(quote + quote, quote) })
  }
  return found
}

function readerOf(list: readonly Lexeme[], columnOf: (name: string) => string | undefined) {
  let at = 0
  let depth = 0
  const take = (kind: Lexeme['kind']) => (list[at]?.kind === kind ? list[at++]?.text : undefined)
  const word = (text: string): boolean => {
    if (list[at]?.kind !== 'word' || list[at]?.text.toLowerCase() !== text) return false
    at += 1
    return true
  }
  const fail = (expected: string) => invalid(`expected ${expected} ${list[at] ? `at '${list[at]?.text.slice(0, 50)}'` : 'at its end'}`)

  function column(): string {
    let name = take('column')
    if (name === undefined) throw fail('a column in double quotes')
    while (take('dot') !== undefined) {
      const inner = take('column')
      if (inner === undefined) throw fail('a column in double quotes')
      name += `.${inner}`
    }
    const known = columnOf(name)
    if (!known) throw invalid(`there is no column "${name.slice(0, 100)}"`)
    return known
  }
  function value(): string | number {
    const text = take('text')
    if (text !== undefined) return text
    const number = take('number')
    if (number !== undefined) return Number(number)
    if (word('true')) return 1
    if (word('false')) return 0
    throw fail("a value: a number, a 'text', true or false")
  }
  function either(): Condition {
    return chain('or', both)
  }
  function both(): Condition {
    return chain('and', single)
  }
  function chain(joiner: 'and' | 'or', next: () => Condition): Condition {
    const parts = [next()]
    while (word(joiner)) parts.push(next())
    return { sql: `(${parts.map(({ sql }) => sql).join(` ${joiner} `)})`, values: parts.flatMap(({ values }) => values) }
  }
  function single(): Condition {
    depth += 1
    if (depth > 50) throw invalid('its parentheses are nested too deeply')
    try {
      if (word('not')) {
        const inner = single()
        return { sql: `not ${inner.sql}`, values: inner.values }
      }
      if (take('open') !== undefined) {
        const inner = either()
        if (take('close') === undefined) throw fail("')'")
        return inner
      }
      return comparison(column())
    } finally {
      depth -= 1
    }
  }
  function comparison(name: string): Condition {
    const operator = take('operator')
    if (operator !== undefined) return { sql: `(${name} ${operator} ?)`, values: [value()] }
    if (word('is')) {
      const negated = word('not')
      if (!word('null')) throw fail('null')
      return { sql: `(${name} is ${negated ? 'not ' : ''}null)`, values: [] }
    }
    const negated = word('not') ? 'not ' : ''
    if (word('like') || word('ilike')) return { sql: `(${name} ${negated}like ?)`, values: [value()] }
    if (!word('in') || take('open') === undefined) throw fail('a comparison')
    const values = [value()]
    while (take('comma') !== undefined) values.push(value())
    if (take('close') === undefined) throw fail("')'")
    return { sql: `(${name} ${negated}in (${values.map(() => '?').join(', ')}))`, values }
  }
  function end(): void {
    if (at < list.length) throw fail('the end')
  }
  return { either, column, word, end }
}

const invalid = (what: string) => new HubError(422, 'InvalidParameter', `Parameter 'where' or 'orderby' is invalid: ${what}.`)
