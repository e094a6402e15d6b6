import type { Column, ColumnType } from '../storage/parquet.ts'

const dtypes = {
  string: 'string',
  int32: 'int32',
  int64: 'int64',
  double: 'float64',
  boolean: 'bool',
  timestamp: 'timestamp[ms, tz=UTC]',
} as const satisfies Record<Extract<ColumnType, string>, string>

/**
 * Value of the Parquet key `huggingface`, from which Python `datasets` takes its features. Lists are written `[item]`, which every version of
 * `datasets` reads; `List` came with version 4.
 */
export function toFeaturesMetadata(columns: readonly Column[]): string {
  return JSON.stringify({ info: { features: fieldsOf(columns) } })
}

function fieldsOf(columns: readonly Column[]): Record<string, unknown> {
  return Object.fromEntries(columns.map(({ name, type }) => [name, featureOf(type)]))
}

function featureOf(type: ColumnType): unknown {
  if (typeof type === 'string') return { dtype: dtypes[type], _type: 'Value' }
  return 'list' in type ? [featureOf(type.list)] : fieldsOf(type.struct)
}

/** The same features as the card's YAML has them under `dataset_info`. */
export function toCardFeatures(columns: readonly Column[]): Record<string, unknown>[] {
  return columns.map(({ name, type }) => ({ name, ...cardType(type) }))
}

function cardType(type: ColumnType): Record<string, unknown> {
  if (typeof type === 'string') return { dtype: dtypes[type] }
  if ('struct' in type) return { struct: toCardFeatures(type.struct) }
  if (typeof type.list === 'string') return { list: dtypes[type.list] }
  return { list: 'struct' in type.list ? toCardFeatures(type.list.struct) : cardType(type.list) }
}
