import { z } from 'zod'
import { HubError } from '../errors.ts'

/** Functions that make rows out of nothing but their arguments. Every other one reads files, settings or the catalogue. */
const tableFunctions = new Set(['range', 'generate_series', 'unnest', 'json_each', 'json_tree', 'repeat', 'repeat_row'])
/** Scalar functions that tell of the server or change something. */
const refused =
  /^(getenv|current_setting|getvariable|query|query_table|write_log|nextval|currval|set_config|pg_.*|has_.*_privilege|in_search_path|current_(database|schema|schemas|catalog|user|role)|session_user|user|txid_current|json_(de)?serialize_.*|json_execute_.*|icu_sort_key_.*|read_.*|.*_scan|duckdb_.*|pragma_.*|sleep.*)$/

const Serialized = z.union([
  z.object({ error: z.literal(true), error_message: z.string() }),
  z.object({ error: z.literal(false), statements: z.array(z.unknown()) }),
])

/**
 * Reads what DuckDB's own parser made of a statement (`json_serialize_sql`) and gives the tables that it names.
 * @throws HubError 422 `SqlInvalid` where it cannot be read, 403 `SqlNotAllowed` for anything but one SELECT of tables, and for functions that reach
 * files, settings or the catalogue.
 */
export function tablesOf(serialized: string): string[] {
  const parsed = Serialized.parse(JSON.parse(serialized))
  if (parsed.error) {
    if (/only select statements/i.test(parsed.error_message)) throw notAllowed('Only SELECT can be run here (and PIVOT not yet).')
    throw new HubError(422, 'SqlInvalid', parsed.error_message.slice(0, 2000))
  }
  if (parsed.statements.length !== 1) throw notAllowed('One statement at a time.')
  const named = new Set<string>()
  const own = new Set<string>()
  walk(parsed.statements, (node) => {
    // Names given by WITH; a table of the same name beside it is asked for all the same, and refused if it may not be read.
    if ('cte_map' in node) for (const { key } of Ctes.parse(node.cte_map).map) own.add(key.toLowerCase())
    if (node.type === 'RECURSIVE_CTE_NODE' && typeof node.cte_name === 'string') own.add(node.cte_name.toLowerCase())
    if (node.type === 'BASE_TABLE') {
      const { schema_name, catalog_name, table_name } = BaseTable.parse(node)
      if (schema_name !== '' || catalog_name !== '') throw notAllowed(`Name tables as "namespace/name", without a schema: "${table_name}".`)
      named.add(table_name)
    }
    if (node.type === 'SHOW_REF' && typeof node.table_name === 'string' && node.table_name !== '')
      throw notAllowed('SHOW is not allowed; the list of tables is beside.')
    if (node.type === 'TABLE_FUNCTION') {
      const { function_name } = Call.parse(node.function)
      if (!tableFunctions.has(function_name.toLowerCase())) throw notAllowed(`The function ${function_name} is not allowed here.`)
    } else if (node.class === 'FUNCTION') {
      const { function_name } = Call.parse(node)
      if (refused.test(function_name.toLowerCase())) throw notAllowed(`The function ${function_name} is not allowed here.`)
    }
  })
  return [...named].filter((name) => !own.has(name.toLowerCase()))
}

const Ctes = z.object({ map: z.array(z.object({ key: z.string() })) })
const BaseTable = z.object({ schema_name: z.string(), catalog_name: z.string(), table_name: z.string() })
const Call = z.object({ function_name: z.string() })
const Node = z.record(z.string(), z.unknown())

/** Shows every object of a tree, without recursion: a statement can be nested deeply. */
function walk(tree: unknown, see: (node: Record<string, unknown>) => void): void {
  const waiting: unknown[] = [tree]
  while (waiting.length > 0) {
    const node = waiting.pop()
    if (Array.isArray(node)) for (const one of node) waiting.push(one)
    else if (typeof node === 'object' && node !== null) {
      const known = Node.parse(node)
      see(known)
      for (const one of Object.values(known)) waiting.push(one)
    }
  }
}

const notAllowed = (message: string) => new HubError(403, 'SqlNotAllowed', message)
