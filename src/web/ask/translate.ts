import { texts } from '../texts.data.ts'
import { type Field, findField, shortName } from './fields.ts'
import { type Item, readBox } from './items.ts'

/** What the server is asked: words, a condition in its filter language, and whose words. Empty where nothing of the kind is asked. */
export interface Question {
  query: string
  where: string
  role: '' | 'user' | 'assistant'
}

/** Something in the box that cannot be asked, or that is read otherwise than may be meant, in words that name the way out. */
export interface Problem {
  isFatal: boolean
  message: string
}

/** Reads the box against the fields of a split. Fatal problems leave out their item; the page shows them and asks nothing until they are mended. */
export function translateBox(text: string, fields: readonly Field[]): { question: Question; problems: Problem[] } {
  const placed = readBox(text, (name) => findField(fields, name) !== undefined)
  const problems: Problem[] = []
  const words: string[] = []
  const conditions: string[] = []
  let role: Question['role'] = ''
  let hasWanted = false
  const fail = (message: string) => problems.push({ isFatal: true, message })
  for (const { item } of placed) {
    if (item.kind !== 'field') {
      words.push(`${item.isExcluded ? '-' : ''}${item.kind === 'phrase' ? `"${item.text}"` : item.text}`)
      hasWanted ||= !item.isExcluded
      problems.push(...doubtsOf(item, fields))
      continue
    }
    const field = findField(fields, item.field)
    if (!field) continue
    if (field.kind === 'role') {
      const wanted = item.test.op === 'is' ? item.test.values[0] : undefined
      if (item.isExcluded || (wanted !== 'user' && wanted !== 'assistant')) fail(texts.ask.role)
      else role = wanted
    } else if (field.kind === 'tag') {
      const tags = item.test.op === 'is' ? item.test.values.map((value) => tagWord(value)) : [undefined]
      for (const tag of tags) {
        if (!tag) fail(texts.ask.tag(field.values))
        else words.push(`${item.isExcluded ? '-' : ''}${tag}`)
        hasWanted ||= !item.isExcluded
      }
    } else {
      const condition = conditionOf(field, item)
      if (condition.problem !== undefined) fail(condition.problem)
      else conditions.push(item.isExcluded ? `not (${condition.sql})` : condition.sql)
    }
  }
  if (words.length > 0 && !hasWanted) fail(texts.ask.onlyExcluded)
  if (role && words.length === 0) fail(texts.ask.roleAlone)
  return { question: { query: words.join(' '), where: conditions.join(' and '), role }, problems }
}

type Made = { sql: string; problem?: undefined } | { sql?: undefined; problem: string }

function conditionOf(field: Field, { test, field: written }: Item & { kind: 'field' }): Made {
  const column = `"${field.column.replaceAll('"', '""')}"`
  const wrong = (value: string, expected: string): Made => ({ problem: texts.ask.value(written, value, expected) })
  if (field.kind === 'flag' || field.kind === 'flagged') {
    if (test.op !== 'is') return wrong(test.op, texts.ask.yesNo)
    return joined(
      test.values.map((value) => {
        const isYes = /^(yes|true|1)$/i.test(value)
        const isNo = /^(no|false|0)$/i.test(value)
        const flag = field.kind === 'flag' ? column : `"${field.column}.flagged"`
        if (isYes || isNo) return { sql: `${flag} = ${isYes}` }
        const category = field.kind === 'flagged' ? field.values.find((one) => one.toLowerCase() === value.toLowerCase()) : undefined
        if (category) return { sql: `"${field.column}.categories.${category}" = true` }
        return wrong(value, field.kind === 'flag' ? texts.ask.yesNo : field.values.join(', '))
      }),
    )
  }
  if (field.kind === 'number') {
    if (test.op === 'is') {
      const bad = test.values.find((value) => !isNumber(value))
      if (bad !== undefined) return wrong(bad, texts.ask.number(shortName(field)))
      return { sql: test.values.length === 1 ? `${column} = ${test.values[0]}` : `${column} in (${test.values.join(', ')})` }
    }
    const ends = test.op === 'between' ? [test.low, test.high].filter((end) => end !== '') : [test.value]
    const bad = ends.find((value) => !isNumber(value))
    if (bad !== undefined) return wrong(bad, texts.ask.number(shortName(field)))
    if (test.op !== 'between') return { sql: `${column} ${test.op} ${test.value}` }
    return { sql: bounds(column, test.low, test.high).join(' and ') }
  }
  if (field.kind === 'date') return dateCondition(column, test, (value) => wrong(value, texts.ask.date))
  if (test.op === 'is') return joined(test.values.map((value) => ({ sql: textCondition(column, value) })))
  if (test.op === 'between')
    return { sql: bounds(column, test.low && literal(test.low), test.high && literal(test.high)).join(' and ') || `${column} is not null` }
  return { sql: `${column} ${test.op} ${literal(test.value)}` }
}

/** A text without regard to case, `*` for anything, as far as the server's language can say it: `_` and `%` are its wildcards, so they are compared exactly. */
function textCondition(column: string, value: string): string {
  if (value === '') return `(${column} is null or ${column} = '')`
  if (value === '*') return `${column} is not null`
  if (/[%_]/.test(value)) return `${column} = ${literal(value)}`
  return `${column} ilike ${literal(value.replaceAll('*', '%'))}`
}

/** Days, months and years: `2023-08` is the whole of August. Times are compared as ISO 8601 texts, which sort as times do. */
function dateCondition(column: string, test: (Item & { kind: 'field' })['test'], wrong: (value: string) => Made): Made {
  const spans: [from: string, until: string][] = []
  const values = test.op === 'is' ? test.values : test.op === 'between' ? [test.low, test.high] : [test.value]
  for (const value of values) {
    const span = value === '' && test.op === 'between' ? (['', ''] satisfies [string, string]) : spanOf(value)
    if (!span) return wrong(value)
    spans.push(span)
  }
  const [first = ['', ''], second = ['', '']] = spans
  if (test.op === 'is')
    return joined(spans.map(([from, until]) => ({ sql: `${column} >= ${literal(from)} and ${column} < ${literal(until)}` })))
  if (test.op === 'between') {
    const parts = [first[0] && `${column} >= ${literal(first[0])}`, second[1] && `${column} < ${literal(second[1])}`]
    return { sql: parts.filter((part) => part !== '').join(' and ') }
  }
  if (test.op === '<') return { sql: `${column} < ${literal(first[0])}` }
  if (test.op === '>=') return { sql: `${column} >= ${literal(first[0])}` }
  return { sql: test.op === '>' ? `${column} >= ${literal(first[1])}` : `${column} < ${literal(first[1])}` }
}

/** The first day of a day, month or year, and the first one after it. */
function spanOf(text: string): [string, string] | undefined {
  const match = /^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?$/.exec(text)
  if (!match) return undefined
  const year = Number(match[1])
  const month = Number(match[2] ?? '1')
  const day = Number(match[3] ?? '1')
  const start = new Date(Date.UTC(year, month - 1, day))
  if (start.getUTCMonth() !== month - 1 || start.getUTCDate() !== day) return undefined
  const end = match[3] ? Date.UTC(year, month - 1, day + 1) : match[2] ? Date.UTC(year, month, 1) : Date.UTC(year + 1, 0, 1)
  return [start.toISOString().slice(0, 10), new Date(end).toISOString().slice(0, 10)]
}

function joined(parts: readonly Made[]): Made {
  const problem = parts.find((part) => part.problem !== undefined)
  if (problem) return problem
  const [only] = parts
  return only && parts.length === 1 ? only : { sql: `(${parts.map(({ sql }) => sql).join(' or ')})` }
}

/** What a word may have been meant as: a misspelled field, or OR. */
function doubtsOf(item: Item, fields: readonly Field[]): Problem[] {
  if (item.kind !== 'word') return []
  if (item.text === 'OR' || item.text === 'AND' || item.text === 'NOT') return [{ isFatal: false, message: texts.ask.joiner(item.text) }]
  const name = /^([\p{L}_.]+)(?::(?![:/])|[<>]=?)(?=.)/u.exec(item.text)?.[1]
  if (!name) return []
  const names = fields.flatMap((field) => [field.name, shortName(field)])
  const near = names.find((one) => distance(one.toLowerCase(), name.toLowerCase()) <= (name.length > 4 ? 2 : 1))
  if (near) return [{ isFatal: true, message: texts.ask.near(item.text, name, near) }]
  const short = fields.filter(({ name }) => !name.includes('.')).map(shortName)
  return [{ isFatal: false, message: texts.ask.noField(item.text, name, [...new Set(short)]) }]
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= b.length; j += 1)
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)))
    row = next
  }
  return row[b.length] ?? 0
}

/** Tags count from 1 in every conversation, so a kind occurs where its first tag does. */
function tagWord(value: string): string | undefined {
  const upper = value.toUpperCase()
  return /^[A-Z]+_\d+$/.test(upper) ? upper : /^[A-Z]+$/.test(upper) ? `${upper}_1` : undefined
}

const bounds = (column: string, low: string, high: string) =>
  [low && `${column} >= ${low}`, high && `${column} <= ${high}`].filter((part) => part !== '')
const isNumber = (text: string) => /^-?\d+(\.\d+)?$/.test(text)
const literal = (text: string) => `'${text.replaceAll("'", "''")}'`
