import pg from 'pg'
import type { Database, Queries } from './database.ts'

/** Counts and sequence numbers fit a JavaScript number; the driver would give int8 as text. */
const INT8 = 20

/** A PostgreSQL server, through a pool of at most ten connections. */
export async function openPostgres(url: string): Promise<Database> {
  const pool = new pg.Pool({
    connectionString: url,
    max: 10,
    types: {
      getTypeParser: (oid: number, format?: 'text' | 'binary') => (oid === INT8 ? Number : pg.types.getTypeParser(oid, format ?? 'text')),
    },
  })
  // An idle connection that the server ends must not end this process; the next statement opens another.
  pool.on('error', () => {})
  await pool.query('select 1')
  const queries = queriesOf(pool)
  return {
    ...queries,
    record: queries.change,
    changes: () => undefined,
    async transaction(work) {
      const client = await pool.connect()
      try {
        await client.query('begin')
        const result = await work(queriesOf(client))
        await client.query('commit')
        return result
      } catch (error) {
        await client.query('rollback')
        throw error
      } finally {
        client.release()
      }
    },
    close: () => pool.end(),
  }
}

function queriesOf(target: pg.Pool | pg.PoolClient): Queries {
  return {
    async select(row, sql, values = []) {
      const { rows } = await target.query(sql, [...values])
      return rows.map((one) => row.parse(one))
    },
    async change(sql, values = []) {
      const { rowCount } = await target.query(sql, [...values])
      return rowCount ?? 0
    },
    async script(sql) {
      await target.query(sql)
    },
  }
}
