import { DuckDBArrayType, DuckDBInstance, DuckDBListType, DuckDBStructType, type DuckDBType, DuckDBTypeId } from '@duckdb/node-api'
import { quote, quoteList } from '../../engine/sql.ts'

/** Rows of Parquet files, from a row on, as JSON texts: whole numbers beyond 2^53 as texts, times as ISO 8601, bytes as base64, NaN as null. */
export async function* extractRows(paths: readonly string[], from: number, temp: string): AsyncIterable<string[]> {
  // One thread keeps the rows' order without holding them back, and leaves the machine to those who read.
  const instance = await DuckDBInstance.create(':memory:', {
    threads: '1',
    memory_limit: '512MiB',
    temp_directory: temp,
    autoinstall_known_extensions: 'false',
  })
  const connection = await instance.connect()
  try {
    const source = `read_parquet(${quoteList(paths)})`
    const described = await connection.run(`select * from ${source} limit 0`)
    const fields = described.columnNames().map((name, index) => {
      const column = `t.${quoteName(name)}`
      return `${quote(name)}: ${jsonExpression(column, described.columnType(index), 0) ?? column}`
    })
    const result = await connection.stream(`select to_json({${fields.join(', ')}})::varchar from ${source} t offset ${from}`)
    for await (const chunk of result) {
      const [rows = []] = chunk.getColumns()
      yield rows.map(String)
    }
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

/** A name as SQL takes it. */
export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`

const wholes = new Set([DuckDBTypeId.BIGINT, DuckDBTypeId.UBIGINT, DuckDBTypeId.HUGEINT, DuckDBTypeId.UHUGEINT])
const times = new Set([
  DuckDBTypeId.TIMESTAMP,
  DuckDBTypeId.TIMESTAMP_MS,
  DuckDBTypeId.TIMESTAMP_NS,
  DuckDBTypeId.TIMESTAMP_S,
  DuckDBTypeId.TIMESTAMP_TZ,
])

/** How a value of a type becomes JSON; undefined where DuckDB's own way is right. */
function jsonExpression(value: string, type: DuckDBType, depth: number): string | undefined {
  if (wholes.has(type.typeId))
    return `case when ${value} between -9007199254740991 and 9007199254740991 then to_json(${value}) else to_json(${value}::varchar) end`
  if (times.has(type.typeId)) return `strftime(make_timestamp(epoch_us(${value})), '%Y-%m-%dT%H:%M:%S.%gZ')`
  if (type.typeId === DuckDBTypeId.BLOB) return `base64(${value})`
  if (type.typeId === DuckDBTypeId.FLOAT || type.typeId === DuckDBTypeId.DOUBLE) return `case when isfinite(${value}) then ${value} end`
  if (type instanceof DuckDBListType || type instanceof DuckDBArrayType) {
    const item = `e${depth}`
    const inner = jsonExpression(item, type.valueType, depth + 1)
    return inner && `list_transform(${value}, lambda ${item}: ${inner})`
  }
  if (type instanceof DuckDBStructType) {
    const parts = type.entryNames.map((name, index) => {
      const part = `struct_extract(${value}, ${quote(name)})`
      const inner = type.entryTypes[index] && jsonExpression(part, type.entryTypes[index], depth)
      return { name, part, inner }
    })
    if (parts.every(({ inner }) => inner === undefined)) return undefined
    return `case when ${value} is not null then {${parts.map(({ name, part, inner }) => `${quote(name)}: ${inner ?? part}`).join(', ')}} end`
  }
  return undefined
}
