import { createHash } from 'node:crypto'
import { type CleanedWhere, type CustomAdapter, createAdapterFactory } from 'better-auth/adapters'
import { z } from 'zod'
import type { Queries, SqlValue } from '../../storage/database.ts'

const Row = z.record(z.string(), z.unknown())
type Row = z.infer<typeof Row>

/**
 * better-auth's storage over the hub's database: one dialect for PGlite and PostgreSQL, tables and columns as our migrations made them. Secrets of
 * sessions are stored as their SHA-256: whoever reads the database cannot take over a session. `onlyProven`: accounts are found by an address only
 * where it is proven; where no mail is sent, others are what somebody typed.
 */
export function authAdapter(queries: Queries, { onlyProven }: { onlyProven: boolean }) {
  return createAdapterFactory({
    config: {
      adapterId: 'colloquy',
      supportsNumericIds: false,
      supportsJSON: false,
      supportsDates: true,
      supportsBooleans: true,
      transaction: false,
    },
    adapter: ({ getFieldName }) => adapterOf(queries, getFieldName, onlyProven),
  })
}

function adapterOf(queries: Queries, columnOf: (given: { model: string; field: string }) => string, onlyProven: boolean): CustomAdapter {
  const select = async (sql: string, values: readonly SqlValue[]) => queries.select(Row, sql, values)
  const first = async (sql: string, values: readonly SqlValue[], given: readonly Stored[]) => {
    const [row] = await select(sql, values)
    return row ? withPlainToken(row, given) : null
  }
  return {
    async create({ model, data }) {
      const stored = columnsOf(model, data)
      const names = stored.map(({ column }) => name(column)).join(', ')
      const places = stored.map((_, index) => `$${index + 1}`).join(', ')
      const sql = `insert into ${name(model)} (${names}) values (${places}) returning *`
      return as(await first(sql, valuesOf(stored), stored))
    },
    async update({ model, where, update }) {
      const stored = columnsOf(model, Row.parse(update))
      const condition = conditionOf(model, where, stored.length)
      const sets = stored.map(({ column }, index) => `${name(column)} = $${index + 1}`).join(', ')
      const sql = `update ${name(model)} set ${sets} where ${condition.sql} returning *`
      return as(await first(sql, [...valuesOf(stored), ...condition.values], [...stored, ...condition.tokens]))
    },
    async updateMany({ model, where, update }) {
      const stored = columnsOf(model, Row.parse(update))
      const condition = conditionOf(model, where, stored.length)
      const sets = stored.map(({ column }, index) => `${name(column)} = $${index + 1}`).join(', ')
      return queries.change(`update ${name(model)} set ${sets} where ${condition.sql}`, [...valuesOf(stored), ...condition.values])
    },
    async findOne({ model, where }) {
      const condition = conditionOf(model, where, 0)
      const proven = onlyProven && model === 'users' && where.some(({ field }) => field === 'email') ? 'and email_verified' : ''
      // Of accounts that name one address the one that has proven it, else the first.
      const order = model === 'users' ? 'order by email_verified desc, created_at, id' : ''
      const sql = `select * from ${name(model)} where ${condition.sql} ${proven} ${order} limit 1`
      return as(await first(sql, condition.values, condition.tokens))
    },
    async findMany({ model, where, limit, sortBy, offset }) {
      const condition = conditionOf(model, where ?? [], 0)
      const order = sortBy
        ? `order by ${name(columnOf({ model, field: sortBy.field }))} ${sortBy.direction === 'desc' ? 'desc' : 'asc'}`
        : ''
      const sql = `select * from ${name(model)} where ${condition.sql} ${order} limit ${Number(limit)} offset ${Number(offset ?? 0)}`
      return as(await select(sql, condition.values))
    },
    async delete({ model, where }) {
      const condition = conditionOf(model, where, 0)
      await queries.change(`delete from ${name(model)} where ${condition.sql}`, condition.values)
    },
    async deleteMany({ model, where }) {
      const condition = conditionOf(model, where, 0)
      return queries.change(`delete from ${name(model)} where ${condition.sql}`, condition.values)
    },
    // One statement finds and removes, so that a link that works once works once, whoever comes at the same time.
    async consumeOne({ model, where }) {
      const condition = conditionOf(model, where, 0)
      const one = `select id from ${name(model)} where ${condition.sql} limit 1 for update`
      return as(await first(`delete from ${name(model)} where id in (${one}) returning *`, condition.values, condition.tokens))
    },
    async count({ model, where }) {
      const condition = conditionOf(model, where ?? [], 0)
      const [row] = await queries.select(Count, `select count(*) as n from ${name(model)} where ${condition.sql}`, condition.values)
      return row?.n ?? 0
    },
  }
}

const Count = z.object({ n: z.number() })

interface Stored {
  column: string
  value: SqlValue
  /** The secret itself, of a column that holds its hash. */
  plain?: string
}

/** The database makes the first itself; the second is a network address, which is not kept. */
const unstored = new Set(['users.username', 'sessions.ip_address'])

/** What is written: values that SQL knows, secrets hashed. */
function columnsOf(model: string, data: Readonly<Row>): Stored[] {
  return Object.entries(data)
    .filter(([column, value]) => value !== undefined && !unstored.has(`${model}.${column}`))
    .map(([column, value]) => store(model, column, value))
}

function store(model: string, column: string, value: unknown): Stored {
  const known = Value.parse(value)
  if (model !== 'sessions' || column !== 'token' || typeof known !== 'string') return { column, value: known }
  return { column, value: createHash('sha256').update(known).digest('hex'), plain: known }
}

const Value = z.union([z.string(), z.number(), z.boolean(), z.date(), z.null(), z.array(z.string()), z.array(z.number())])

const valuesOf = (stored: readonly Stored[]): SqlValue[] => stored.map(({ value }) => value)

/** The caller knows the secret that it asked for or has just made; in what it gets back it stands as such. */
function withPlainToken(row: Row, given: readonly Stored[]): Row {
  const plain = given.find((one) => one.plain !== undefined && one.value === row.token)?.plain
  return plain === undefined ? row : { ...row, token: plain }
}

const operators: Readonly<Record<string, string | undefined>> = { eq: '=', ne: '<>', lt: '<', lte: '<=', gt: '>', gte: '>=' }

function conditionOf(model: string, where: readonly CleanedWhere[], offset: number): { sql: string; values: SqlValue[]; tokens: Stored[] } {
  const stored: Stored[] = []
  const parts = where.map(({ field, value, operator, mode }) => {
    const column = mode === 'insensitive' ? `lower(${name(field)})` : name(field)
    if (value === null) return `${column} is ${operator === 'ne' ? 'not ' : ''}null`
    const given = mode === 'insensitive' && typeof value === 'string' ? value.toLowerCase() : value
    const place = `$${offset + stored.length + 1}`
    const plain = operators[operator ?? 'eq']
    if (plain) {
      stored.push(store(model, field, given))
      return `${column} ${plain} ${place}`
    }
    if (operator === 'in' || operator === 'not_in') {
      const list = Array.isArray(given) ? given.map((one) => store(model, field, one).value) : [store(model, field, given).value]
      stored.push({ column: field, value: z.union([z.array(z.string()), z.array(z.number())]).parse(list) })
      return operator === 'in' ? `${column} = any(${place})` : `${column} <> all(${place})`
    }
    const text = String(given)
    stored.push({ column: field, value: text })
    if (operator === 'contains') return `position(${place} in ${column}) > 0`
    return operator === 'starts_with' ? `left(${column}, length(${place})) = ${place}` : `right(${column}, length(${place})) = ${place}`
  })
  const sql = parts.reduce(
    (all, part, index) => (index === 0 ? part : `(${all} ${where[index]?.connector === 'OR' ? 'or' : 'and'} ${part})`),
    '',
  )
  return { sql: sql === '' ? 'true' : sql, values: valuesOf(stored), tokens: stored }
}

/** Names come from our own schema; anything else must not become SQL. */
function name(text: string): string {
  if (!/^[a-z_]+$/.test(text)) throw new Error(`'${text}' is no name of a table or column`)
  return `"${text}"`
}

/** better-auth promises its own shapes for rows of its own schema. */
function as<T>(value: unknown): T {
  return value as T
}
