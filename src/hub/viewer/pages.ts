import type { Commit } from '../datasets/revisions.ts'
import { HubError } from '../errors.ts'
import type { Source } from '../index/indexes.ts'
import type { PageTask, RowsAnswer } from '../index/tasks.ts'
import { type DatasetCall, type Route, viewerRoute } from '../routes.ts'
import { Choice, facts, OfSplit, oneSplit, PAGE, Page, pageOf, replyBytes, required, selectionOf } from './call.ts'

/** A first page larger than this has fewer rows, at least ten; cells are never cut. */
const FIRST_ROWS_BYTES = 1_000_000

const everything = { role: 'any' as const }

/** Pages of rows: from an offset, with words, meeting a condition. */
export const pageRoutes: Route[] = [
  viewerRoute(facts('/first-rows', 'The first rows of a split: 100, or as many as 1 MB holds', OfSplit), async (call) => {
    const { split, source, commit } = await oneSplit(call)
    const { features } = await call.hub.indexes.facts(source)
    const head = headOf({ dataset: call.dataset.fullName, config: split.config, split: split.split, features })
    const found = await readPage(call, source, { offset: 0, length: PAGE, maxBytes: FIRST_ROWS_BYTES, room: roomOf(head) })
    return replyBytes(call, wrap(head, found.rows, { truncated: found.isCut }), commit)
  }),
  viewerRoute(facts('/rows', 'Rows from an offset', OfSplit.extend(Page)), async (call) => {
    const { source, commit } = await oneSplit(call)
    const head = await headOfRows(call, source)
    return replyPage(call, commit, head, await readPage(call, source, { ...pageOf(call), room: roomOf(head) }))
  }),
  viewerRoute(
    facts('/search', 'Rows that contain words, phrases, beginnings; best first', Choice.extend({ ...Page, query: Choice.shape.dataset })),
    async (call) => {
      required(call, 'query')
      return replySelection(call, undefined)
    },
  ),
  viewerRoute(
    facts('/filter', 'Rows that meet a condition, in an order', Choice.extend({ ...Page, orderby: Choice.shape.where })),
    async (call) => {
      const { where, query, orderby } = call.context.req.query()
      if (!where && !query && !orderby)
        throw new HubError(422, 'MissingRequiredParameter', "Parameter 'where', 'query' or 'orderby' is required")
      return replySelection(call, orderby)
    },
  ),
]

async function replySelection(call: DatasetCall, orderby: string | undefined): Promise<Response> {
  const { source, commit } = await oneSplit(call)
  const { offset, length } = pageOf(call)
  const folder = await call.hub.indexes.folder(source)
  const selection = selectionOf(call)
  const head = await headOfRows(call, source)
  const page = { folder, selection, offset, length, room: roomOf(head), ...(orderby ? { orderby } : {}) }
  return replyPage(call, commit, head, await call.hub.indexes.readers.ask('page', page))
}

/** Rows from an offset: from the index, or from the files while it is being built. */
export async function readPage(
  { hub }: DatasetCall,
  source: Source,
  page: Pick<PageTask, 'offset' | 'length' | 'maxBytes' | 'room'>,
): Promise<RowsAnswer> {
  const folder = hub.indexes.ready(source)
  if (folder) return hub.indexes.readers.ask('page', { folder, selection: everything, ...page })
  const [files, { rows: total }] = await Promise.all([source.find(), hub.indexes.facts(source)])
  return { ...(await hub.indexes.strangers.ask('parquetRows', { files, ...page })), total }
}

/** Answers with rows in the dataset-viewer API's form. */
export async function replyRows(
  call: DatasetCall,
  commit: Commit,
  source: Source,
  found: Pick<RowsAnswer, 'rows' | 'total'>,
): Promise<Response> {
  return replyPage(call, commit, await headOfRows(call, source), found)
}

function replyPage(call: DatasetCall, commit: Commit, head: Buffer, found: Pick<RowsAnswer, 'rows' | 'total'>): Promise<Response> {
  const tail = { num_rows_total: found.total, num_rows_per_page: PAGE, partial: false }
  return replyBytes(call, wrap(head, found.rows, tail), commit)
}

const heads = new WeakMap<object, Buffer>()

/** What stands before the rows of a split: made once, as long as its facts are kept. */
async function headOfRows({ hub }: DatasetCall, source: Source): Promise<Buffer> {
  const { features } = await hub.indexes.facts(source)
  const head = heads.get(features) ?? headOf({ features })
  heads.set(features, head)
  return head
}

/** What stands before the rows. */
const headOf = (head: Record<string, unknown>) => Buffer.from(`${JSON.stringify(head).slice(0, -1)},"rows":`)

/** Room for a head, and for any tail. */
const roomOf = (head: Buffer) => ({ before: head.length, after: 128 })

/** One JSON object of a head, the text of the rows, and a tail; in the rows' own memory, where they have room around. */
function wrap(head: Buffer, rows: Uint8Array<ArrayBuffer>, tail: Record<string, unknown>): Uint8Array<ArrayBuffer> {
  const end = Buffer.from(`,${JSON.stringify(tail).slice(1)}`)
  const start = rows.byteOffset - head.length
  const length = head.length + rows.length + end.length
  if (start < 0 || start + length > rows.buffer.byteLength) return Buffer.concat([head, rows, end])
  const all = new Uint8Array(rows.buffer, start, length)
  all.set(head)
  all.set(end, head.length + rows.length)
  return all
}
