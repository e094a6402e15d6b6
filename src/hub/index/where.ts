import { HubError } from '../errors.ts'

/** How values are compared. */
export type Comparison = '=' | '<>' | '<' | '<=' | '>' | '>='

/** A condition on a row's fields, read from a `where` clause. `isCaseless` is ilike's. */
export type Condition =
  | { kind: 'and' | 'or'; parts: Condition[] }
  | { kind: 'not'; part: Condition }
  | { kind: 'compare'; column: string; operator: Comparison; value: string | number | boolean }
  | { kind: 'like'; column: string; pattern: string; isCaseless: boolean; isNegated: boolean }
  | { kind: 'in'; column: string; values: (string | number | boolean)[]; isNegated: boolean }
  | { kind: 'null'; column: string; isNegated: boolean }

type Lexeme = { kind: 'column' | 'text' | 'number' | 'word' | 'operator' | 'open' | 'close' | 'dot' | 'comma'; text: string }

const lexemes =
  /\s*(?:"((?:[^"]|"")*)"|'((?:[^']|'')*)'|(-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)|([A-Za-z_]+)|(<=|>=|<>|!=|=|<|>)|(\()|(\))|(\.)|(,))/y
const kinds = ['column', 'text', 'number', 'word', 'operator', 'open', 'close', 'dot', 'comma'] as const

/** Deeper conditions are nobody's question. */
const MAX_LENGTH = 2000

/**
 * Reads a `where` clause: `"column"` or `"a"."b"`, compared by = <> != < <= > >= [not] like, ilike, is [not] null, in (…), with numbers, 'texts', true,
 * false; joined by and, or, not and parentheses.
 * @throws HubError 422 `InvalidParameter` telling what was not understood.
 */
export function readWhere(where: string): Condition {
  const reader = readerOf(split(where))
  const condition = reader.either()
  reader.end()
  return condition
}

/** Reads an `orderby`: `"column" [asc|desc]`. */
export function readOrder(order: string): { column: string; isDescending: boolean } {
  const reader = readerOf(split(order))
  const column = reader.column()
  const isDescending = reader.word('desc')
  if (!isDescending) reader.word('asc')
  reader.end()
  return { column, isDescending }
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

function readerOf(list: readonly Lexeme[]) {
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
    return name
  }
  function value(): string | number | boolean {
    const text = take('text')
    if (text !== undefined) return text
    const number = take('number')
    if (number !== undefined) return Number(number)
    if (word('true')) return true
    if (word('false')) return false
    throw fail("a value: a number, a 'text', true or false")
  }
  function either(): Condition {
    return chain('or', both)
  }
  function both(): Condition {
    return chain('and', single)
  }
  function chain(kind: 'and' | 'or', next: () => Condition): Condition {
    const first = next()
    const parts = [first]
    while (word(kind)) parts.push(next())
    return parts.length === 1 ? first : { kind, parts }
  }
  function single(): Condition {
    depth += 1
    if (depth > 50) throw invalid('its parentheses are nested too deeply')
    try {
      if (word('not')) return { kind: 'not', part: single() }
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
    if (operator !== undefined) {
      return { kind: 'compare', column: name, operator: comparisons[operator] ?? '=', value: value() }
    }
    if (word('is')) {
      const isNegated = word('not')
      if (!word('null')) throw fail('null')
      return { kind: 'null', column: name, isNegated }
    }
    const isNegated = word('not')
    const isCaseless = word('ilike')
    if (isCaseless || word('like')) {
      const pattern = value()
      return { kind: 'like', column: name, pattern: String(pattern), isCaseless, isNegated }
    }
    if (!word('in') || take('open') === undefined) throw fail('a comparison')
    const values = [value()]
    while (take('comma') !== undefined) values.push(value())
    if (take('close') === undefined) throw fail("')'")
    return { kind: 'in', column: name, values, isNegated }
  }
  function end(): void {
    if (at < list.length) throw fail('the end')
  }
  return { either, column, word, end }
}

const comparisons: Record<string, Comparison> = { '=': '=', '<>': '<>', '!=': '<>', '<': '<', '<=': '<=', '>': '>', '>=': '>=' }

const invalid = (what: string) => new HubError(422, 'InvalidParameter', `Parameter 'where' or 'orderby' is invalid: ${what}.`)
