import { DuckDBInstance, type DuckDBValue, type JS } from '@duckdb/node-api'

/** What a SQL engine may take: threads (1–64), memory in MiB (from 128), and a folder that it may spill to. */
export interface SqlLimits {
  jobs: number
  memoryMiB: number
  temp: string
  /** What it may take at most, in MiB: a statement that wants more than `memoryMiB` gets twice as much, again and again up to here. As given, otherwise. */
  mostMiB?: number
  /** Is told the new limit each time that it is raised. */
  onRaise?: (memoryMiB: number) => void
}

/** A SQL engine for whole-set work. Statements are plain SQL over Parquet files, so that another engine can run them, too. */
export interface Sql {
  run(statement: string, values?: Record<string, DuckDBValue>): Promise<void>
  /** Runs chains of statements that do not depend on each other, as many at one time as there are jobs: a statement over few rows keeps one thread busy. */
  runChains(chains: readonly (readonly string[])[]): Promise<void>
  /** All rows of a small result, as plain JavaScript values. */
  rows(statement: string, values?: Record<string, DuckDBValue>): Promise<Record<string, JS>[]>
  /** A large result, batch by batch; each batch holds its columns in the order of the SELECT. Columns of integers come as numbers or bigints. */
  columns(statement: string): AsyncIterable<DuckDBValue[][]>
  close(): void
}

/** Opens DuckDB in memory, spilling to `temp` beyond its memory. It reads and writes local files only, and loads no extension from the network. */
export async function openSql({ jobs, memoryMiB, temp, mostMiB = memoryMiB, onRaise }: SqlLimits): Promise<Sql> {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(jobs),
    memory_limit: `${memoryMiB}MiB`,
    temp_directory: temp,
    autoinstall_known_extensions: 'false',
  })
  const connection = await instance.connect()
  let limit = memoryMiB
  /** Asks again with more memory while that is what fails; a statement that fails has done nothing. */
  const withMemory = async <T>(ask: () => Promise<T>): Promise<T> => {
    for (;;) {
      const had = limit
      try {
        return await ask()
      } catch (error) {
        if (!(error instanceof Error && error.message.startsWith('Out of Memory')) || had >= mostMiB) throw error
        // Statements side by side may fail together: one raise is for all of them.
        if (limit > had) continue
        limit = Math.min(2 * limit, mostMiB)
        await connection.run(`SET memory_limit = '${limit}MiB'`)
        onRaise?.(limit)
      }
    }
  }
  return {
    async run(statement, values) {
      await withMemory(() => connection.run(statement, values))
    },
    async runChains(chains) {
      const waiting = [...chains]
      const work = async () => {
        const own = await instance.connect()
        try {
          for (let chain = waiting.shift(); chain; chain = waiting.shift())
            for (const statement of chain) await withMemory(() => own.run(statement))
        } finally {
          waiting.length = 0
          own.closeSync()
        }
      }
      const ended = await Promise.allSettled(Array.from({ length: jobs }, work))
      for (const end of ended) if (end.status === 'rejected') throw end.reason
    },
    async rows(statement, values) {
      return await withMemory(async () => (await connection.run(statement, values)).getRowObjectsJS())
    },
    async *columns(statement) {
      // What takes memory, such as sorting, is done before the first batch.
      const { result, first } = await withMemory(async () => {
        const result = await connection.stream(statement)
        return { result, first: await result.fetchChunk() }
      })
      for (let chunk = first; chunk && chunk.rowCount > 0; chunk = await result.fetchChunk()) yield chunk.getColumns()
    },
    close() {
      connection.closeSync()
      instance.closeSync()
    },
  }
}

/** A string as an SQL literal: for paths in `read_parquet` and `COPY`, where parameters are not allowed. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/** An SQL literal list of strings: `['a', 'b']`. */
export function quoteList(texts: readonly string[]): string {
  return `[${texts.map(quote).join(', ')}]`
}
