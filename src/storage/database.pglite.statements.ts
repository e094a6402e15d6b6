import { type PGlite, parse, protocol, type Results } from '@electric-sql/pglite'
import type { SqlValue } from './database.ts'

/** Statements of PGlite's, each prepared once and sent in one message: a row by its key takes .24 ms of processor time that way, .75 by PGlite's `query`. */
export interface Statements {
  /** Runs one statement. The caller sends one at a time. @throws the database's error, with `code` its SQLSTATE. */
  run(sql: string, values: readonly SqlValue[]): Promise<Results>
  /** Runs several statements without parameters. They may change tables, so that what was prepared is prepared anew. */
  script(sql: string): Promise<void>
}

/** More different statements than the server has; each holds about 20 KB. */
const KEPT = 500
const { serialize } = protocol

interface Prepared {
  name: string
  types: readonly number[]
  /** What the rows look like, as the server told it; absent where there are none. */
  shape: Messages
}
type Messages = Awaited<ReturnType<PGlite['execProtocol']>>['messages']

/** Opens the statements of a database. */
export function openStatements(pglite: PGlite): Statements {
  const prepared = new Map<string, Prepared>()
  let count = 0

  const send = async (...messages: readonly Uint8Array[]) =>
    (await pglite.execProtocol(Buffer.concat([...messages, serialize.sync()]))).messages

  const forget = async (sql: string, name: string) => {
    prepared.delete(sql)
    await send(serialize.close({ type: 'S', name }))
  }

  const prepare = async (sql: string): Promise<Prepared> => {
    const known = prepared.get(sql)
    if (known) return known
    for (const [first, { name }] of prepared) {
      if (prepared.size < KEPT) break
      await forget(first, name)
    }
    count += 1
    const name = `colloquy${count}`
    const told = await send(serialize.parse({ name, text: sql }), serialize.describe({ type: 'S', name }))
    const shape = told.filter((message) => message.name === 'rowDescription')
    const made = { name, types: parse.parseDescribeStatementResults(told), shape }
    prepared.set(sql, made)
    return made
  }

  return {
    async run(sql, values) {
      const { name, types, shape } = await prepare(sql)
      const texts = values.map((value, at) => (value === null ? null : (pglite.serializers[types[at] ?? 0]?.(value) ?? String(value))))
      const told = await send(serialize.bind({ statement: name, values: texts }), serialize.execute())
      const [result] = parse.parseResults([...shape, ...told], pglite.parsers)
      return result ?? { rows: [], fields: [] }
    },
    async script(sql) {
      for (const [known, { name }] of prepared) await forget(known, name)
      await pglite.exec(sql)
    },
  }
}
