import { z } from 'zod'
import type { Commit } from '../datasets/revisions.ts'
import { HubError } from '../errors.ts'
import { type DatasetCall, type Route, viewerRoute } from '../routes.ts'
import { Choice, facts, OfSplit, oneSplit, PAGE, Page, pageOf, parseRole, reply, required } from './call.ts'
import { messagesOf } from './facets.ts'
import { openIndex } from './index-file.ts'
import type { Split } from './layout.ts'
import { highlight, type Query } from './query.ts'
import { countRows, type JsonRow, readFeatures, readRows } from './rows.ts'
import { orderOf, selectRows } from './select.ts'

/** A first page larger than this has fewer rows, at least ten; cells are never cut. */
const FIRST_ROWS_BYTES = 1_000_000

/** Pages of rows: from an offset, with words, meeting a condition. */
export const pageRoutes: Route[] = [
  viewerRoute(facts('/first-rows', 'The first rows of a split: 100, or as many as 1 MB holds', OfSplit), async (call) => {
    const { split, commit } = await oneSplit(call)
    const rows = await readRows(call.hub, split, 0, PAGE)
    const cut = cutRows(rows)
    const features = await readFeatures(call.hub, split)
    return reply(call, { dataset: call.dataset.fullName, config: split.config, split: split.split, features, ...cut }, commit)
  }),
  viewerRoute(facts('/rows', 'Rows from an offset', OfSplit.extend(Page)), async (call) => {
    const { split, commit } = await oneSplit(call)
    const { offset, length } = pageOf(call)
    const rows = (await readRows(call.hub, split, offset, length)).map((row, index) => ({
      row_idx: offset + index,
      row,
      truncated_cells: [],
    }))
    return replyRows(call, commit, split, rows, await countRows(call.hub, split))
  }),
  viewerRoute(
    facts('/search', 'Rows that contain words, phrases, beginnings; best first', Choice.extend({ ...Page, query: z.string() })),
    async (call) => {
      required(call, 'query')
      return replySelection(call)
    },
  ),
  viewerRoute(
    facts('/filter', 'Rows that meet a condition, in an order', Choice.extend({ ...Page, orderby: z.string().optional() })),
    async (call) => {
      const { where, query, orderby } = call.context.req.query()
      if (!where && !query && !orderby)
        throw new HubError(422, 'MissingRequiredParameter', "Parameter 'where', 'query' or 'orderby' is required")
      return replySelection(call)
    },
  ),
]

async function replySelection(call: DatasetCall): Promise<Response> {
  const { split, commit } = await oneSplit(call)
  const { offset, length } = pageOf(call)
  const { where, query, orderby } = call.context.req.query()
  const role = parseRole(call)
  const index = await openIndex(call.hub, split)
  const selected = selectRows(index, { where, query, role })
  const sql = `select row_idx from ${selected.from} order by ${orderOf(index, selected, orderby)} limit ? offset ?`
  const hits = Hits.parse(index.all(sql, [...selected.values, length, offset]))
  const [total] = Totals.parse(index.all(`select count(*) as n from ${selected.from}`, selected.values))
  const rows = await readHits(call, split, hits)
  const { query: words } = selected
  return replyRows(call, commit, split, words ? rows.map((row) => ({ ...row, matches: matchesIn(row.row, words) })) : rows, total?.n ?? 0)
}

const Hits = z.array(z.object({ row_idx: z.number() }))
const Totals = z.array(z.object({ n: z.number() }))

/** Rows by their places. */
export async function readHits(
  { hub }: DatasetCall,
  split: Split,
  hits: readonly { row_idx: number }[],
): Promise<{ row_idx: number; row: JsonRow; truncated_cells: string[] }[]> {
  return Promise.all(
    hits.map(async ({ row_idx }) => ({ row_idx, row: (await readRows(hub, split, row_idx, 1))[0] ?? {}, truncated_cells: [] })),
  )
}

/** Which message, and where in it. `turn` counts from 0, a user message and its answer being one. */
function matchesIn(
  row: JsonRow,
  query: Query,
): { column: string; message: number; turn: number; role: string; spans: [number, number][] }[] {
  return messagesOf(row).flatMap(({ column, index, role, content }) => {
    const spans = highlight(content, query)
    return spans.length === 0 ? [] : [{ column, message: index, turn: Math.floor(index / 2), role, spans }]
  })
}

function cutRows(rows: readonly JsonRow[]): { rows: { row_idx: number; row: JsonRow; truncated_cells: string[] }[]; truncated: boolean } {
  const found: { row_idx: number; row: JsonRow; truncated_cells: string[] }[] = []
  let bytes = 0
  for (const [row_idx, row] of rows.entries()) {
    bytes += JSON.stringify(row).length
    if (bytes > FIRST_ROWS_BYTES && found.length >= 10) return { rows: found, truncated: true }
    found.push({ row_idx, row, truncated_cells: [] })
  }
  return { rows: found, truncated: false }
}

/** Answers with rows in the dataset-viewer API's form. */
export async function replyRows(
  call: DatasetCall,
  commit: Commit,
  split: Split,
  rows: readonly { row_idx: number; row: JsonRow }[],
  total: number,
): Promise<Response> {
  const features = await readFeatures(call.hub, split)
  return reply(call, { features, rows, num_rows_total: total, num_rows_per_page: PAGE, partial: false }, commit)
}
