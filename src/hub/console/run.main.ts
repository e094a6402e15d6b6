import { statSync } from 'node:fs'
import { setPriority } from 'node:os'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { quote, quoteList } from '../../engine/sql.ts'
import { AppError } from '../../errors.ts'
import { HubError } from '../errors.ts'
import { quoteName } from '../index/extract.ts'
import { jsonValue } from '../index/parquet.ts'
import { tablesOf } from './check.ts'
import { Order, type Told } from './messages.ts'

// The program that runs one statement of a reader's and ends. It starts without an environment; before the statement runs, the files of its tables
// are the only ones that DuckDB may open, and no setting can be changed any more.
const MIB = 1024 * 1024
const WATCH_MS = 100
/** Beyond DuckDB's own limit: this program, and what DuckDB allots without counting it. */
const OVERHEAD_MIB = 512
const MAX_FILE = 2048 * MIB

let sql = ''
let connection: DuckDBConnection | undefined

const tell = (told: Told) => new Promise<void>((resolve) => process.send?.(told, () => resolve()))

async function connect(): Promise<DuckDBConnection> {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: '2',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  })
  return instance.connect()
}

async function parse(given: string): Promise<void> {
  sql = given
  connection = await connect()
  const reader = await connection.runAndReadAll('select json_serialize_sql($1::varchar)', [sql])
  await tell({ told: 'tables', tables: tablesOf(String(reader.getRows()[0]?.[0])) })
}

async function run({ views, limits, out }: Extract<Order, { step: 'run' }>): Promise<void> {
  const own = connection ?? (await connect())
  watchMemory(limits.memoryMiB + OVERHEAD_MIB)
  await own.run(`set memory_limit = '${limits.memoryMiB}MiB'`)
  await own.run("set temp_directory = ''")
  await own.run(`set allowed_paths = ${quoteList([...views.flatMap(({ paths }) => paths), ...(out ? [out.path] : [])])}`)
  for (const { name, paths } of views) await own.run(`create view ${quoteName(name)} as select * from read_parquet(${quoteList(paths)})`)
  await own.run('set enable_external_access = false')
  await own.run('set lock_configuration = true')
  const started = performance.now()
  if (out) {
    watchFile(out.path)
    const format = out.format === 'jsonl' ? 'format json' : out.format === 'csv' ? 'format csv, header' : 'format parquet, codec zstd'
    // The parser found one SELECT; the line break ends a comment that it may end with.
    const result = await own.run(`copy (${sql.replace(/[;\s]+$/, '')}\n) to ${quote(out.path)} (${format})`)
    await tell({ told: 'written', rows: result.rowsChanged, ms: Math.round(performance.now() - started) })
    return
  }
  const result = await own.stream(sql)
  const columns = result.columnNames().map((name, index) => ({ name, type: String(result.columnType(index)) }))
  const rows: unknown[][] = []
  let bytes = 0
  let truncated = false
  for await (const chunk of result.yieldRowsJs()) {
    for (const row of chunk) {
      const values = row.map(jsonValue)
      bytes += JSON.stringify(values).length
      truncated = rows.length >= limits.rows || bytes > limits.bytes
      if (truncated) break
      rows.push(values)
    }
    if (truncated) break
  }
  await tell({ told: 'rows', columns, rows, truncated, ms: Math.round(performance.now() - started) })
}

/** Rows of a split by their numbers, into a Parquet file with the same columns. The numbers are lines of a file; all of it is ours. */
async function subset({ paths, numbers, out, temp }: Extract<Order, { step: 'subset' }>): Promise<void> {
  connection = await connect()
  await connection.run("set memory_limit = '512MiB'")
  await connection.run('set threads = 1')
  await connection.run(`set temp_directory = ${quote(temp)}`)
  const rows = `select *, row_number() over () - 1 as "$row" from read_parquet(${quoteList(paths)})`
  const wanted = `select column0 from read_csv(${quote(numbers)}, header = false, columns = {'column0': 'BIGINT'})`
  const started = performance.now()
  const result = await connection.run(
    `copy (select * exclude ("$row") from (${rows}) where "$row" in (${wanted}) order by "$row") to ${quote(out)} (format parquet, codec zstd, row_group_size 2000)`,
  )
  await tell({ told: 'written', rows: result.rowsChanged, ms: Math.round(performance.now() - started) })
}

/** DuckDB runs in threads of its own, so that this watch goes on beside it. */
function watchMemory(limitMiB: number): void {
  setInterval(() => {
    if (process.memoryUsage.rss() > limitMiB * MIB)
      void fail(new HubError(422, 'SqlTooLarge', 'The query needs more memory than it may have. Ask for fewer rows or columns.'))
  }, WATCH_MS)
}

function watchFile(path: string): void {
  setInterval(() => {
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0
    if (size > MAX_FILE) void fail(new HubError(422, 'SqlTooLarge', 'The result is larger than 2 GiB. Ask for fewer rows or columns.'))
  }, WATCH_MS)
}

async function fail(error: unknown): Promise<void> {
  if (error instanceof AppError) await tell({ told: 'error', status: error.status, code: error.code, message: error.message })
  else {
    const text = error instanceof Error ? error.message : 'unknown'
    const isMemory = /out of memory/i.test(text)
    const message = isMemory ? 'The query needs more memory than it may have. Ask for fewer rows or columns.' : withoutPaths(text)
    await tell({ told: 'error', status: 422, code: isMemory ? 'SqlTooLarge' : 'SqlInvalid', message })
  }
  process.exit(1)
}

/** DuckDB names files in some of its messages; where the hub keeps them is nobody's business. */
const withoutPaths = (text: string) => text.replace(/(?:[A-Za-z]:)?[\\/](?:[^\s'"`\\/]+[\\/])+[^\s'"`]*/g, '…').slice(0, 2000)

process.once('disconnect', () => process.exit(1))
process.on('message', async (message) => {
  try {
    const order = Order.parse(message)
    if (order.step === 'parse') {
      setPriority(5)
      await parse(order.sql)
      return
    }
    if (order.step === 'run') await run(order)
    else await subset(order)
    process.exit(0)
  } catch (error) {
    await fail(error)
  }
})
