import { z } from 'zod'
import { cardOf, findWithdrawal, readText } from '../datasets/content.ts'
import { encodePath } from '../datasets/paths.ts'
import { type Commit, resolveRevision } from '../datasets/revisions.ts'
import { findEntry } from '../datasets/trees.ts'
import { entryNotFound, entryWithdrawn, HubError } from '../errors.ts'
import { serveContent } from '../protocol/serve-content.ts'
import { headerText } from '../reply.ts'
import { type DatasetCall, datasetRoute, type Route, viewerRoute } from '../routes.ts'
import { messagesOf } from './facets.ts'
import { openIndex } from './index-file.ts'
import { findSplits, type Split } from './layout.ts'
import { highlight, type Query, readQuery } from './query.ts'
import { countRows, type JsonRow, readFeatures, readFooter, readRows } from './rows.ts'
import { computeStatistics } from './statistics.ts'
import { readOrder, readWhere } from './where.ts'

const base = '/api/viewer'
const PAGE = 100
/** A first page larger than this has fewer rows, at least ten; cells are never cut. */
const FIRST_ROWS_BYTES = 1_000_000

const Of = z.object({ dataset: z.string(), config: z.string().optional(), split: z.string().optional(), revision: z.string().optional() })
const Rows = Of.extend({ config: z.string(), split: z.string(), offset: z.number().optional(), length: z.number().optional() })
const Search = Rows.extend({ query: z.string(), role: z.enum(['any', 'user', 'assistant']).optional() })
const Filter = Rows.extend({ where: z.string().optional(), orderby: z.string().optional() })

const done = { pending: [], failed: [], partial: false }
const facts = (path: string, summary: string, query: z.ZodObject) => ({
  method: 'GET' as const,
  path: `${base}${path}`,
  summary,
  query,
  right: 'release' as const,
})

/** The dataset-viewer API. It is also reached on the host name `datasets-server.<host>`, without the prefix. */
export const viewerRoutes: Route[] = [
  viewerRoute(facts('/is-valid', 'What can be asked of a dataset', Of), async (call) => {
    const { splits } = await splitsOf(call)
    const has = splits.length > 0
    return reply(call, { preview: has, viewer: has, search: has, filter: has, statistics: has })
  }),
  viewerRoute(facts('/splits', 'Configurations and splits', Of), async (call) => {
    const { splits, commit } = await splitsOf(call)
    return reply(
      call,
      { splits: splits.map(({ config, split }) => ({ dataset: call.dataset.fullName, config, split })), pending: [], failed: [] },
      commit,
    )
  }),
  viewerRoute(facts('/first-rows', 'The first rows of a split: 100, or as many as 1 MB holds', Rows), async (call) => {
    const { split, commit } = await oneSplit(call)
    const rows = await readRows(call.hub, split, 0, PAGE)
    const cut = cutRows(rows)
    const features = await readFeatures(call.hub, split)
    return reply(call, { dataset: call.dataset.fullName, config: split.config, split: split.split, features, ...cut }, commit)
  }),
  viewerRoute(facts('/rows', 'Rows from an offset', Rows), async (call) => {
    const { split, commit } = await oneSplit(call)
    const { offset, length } = pageOf(call)
    const rows = (await readRows(call.hub, split, offset, length)).map((row, index) => ({
      row_idx: offset + index,
      row,
      truncated_cells: [],
    }))
    return replyRows(call, commit, split, rows, await countRows(call.hub, split))
  }),
  viewerRoute(facts('/search', 'Rows that contain words, phrases, beginnings; best first', Search), async (call) => {
    const { split, commit } = await oneSplit(call)
    const { offset, length } = pageOf(call)
    const query = readQuery(required(call, 'query'), parseRole(call))
    const index = await openIndex(call.hub, split)
    const hits = Hits.parse(
      index.all('select rowid - 1 as row_idx from texts where texts match ? order by rank, rowid limit ? offset ?', [
        query.match,
        length,
        offset,
      ]),
    )
    const [total] = Totals.parse(index.all('select count(*) as n from texts where texts match ?', [query.match]))
    const rows = await readHits(call, split, hits)
    return replyRows(
      call,
      commit,
      split,
      rows.map((row) => ({ ...row, matches: matchesIn(row.row, query) })),
      total?.n ?? 0,
    )
  }),
  viewerRoute(facts('/filter', 'Rows that meet a condition, in an order', Filter), async (call) => {
    const { split, commit } = await oneSplit(call)
    const { offset, length } = pageOf(call)
    const index = await openIndex(call.hub, split)
    const columnOf = (name: string) => index.columns.get(name)
    const { where, orderby } = call.context.req.query()
    if (!where && !orderby) throw new HubError(422, 'MissingRequiredParameter', "Parameter 'where' or 'orderby' is required")
    const condition = where ? readWhere(where, columnOf) : { sql: 'true', values: [] }
    const order = orderby ? `${readOrder(orderby, columnOf)}, row_idx` : 'row_idx'
    const hits = Hits.parse(
      index.all(`select row_idx from facets where ${condition.sql} order by ${order} limit ? offset ?`, [
        ...condition.values,
        length,
        offset,
      ]),
    )
    const [total] = Totals.parse(index.all(`select count(*) as n from facets where ${condition.sql}`, condition.values))
    return replyRows(call, commit, split, await readHits(call, split, hits), total?.n ?? 0)
  }),
  viewerRoute(facts('/statistics', 'Figures of each column', Rows), async (call) => {
    const { split, commit } = await oneSplit(call)
    return reply(
      call,
      { num_examples: await countRows(call.hub, split), statistics: await computeStatistics(call.hub, split), partial: false },
      commit,
    )
  }),
  viewerRoute(facts('/parquet', 'Addresses of the Parquet files', Of), async (call) => {
    const { splits, commit } = await splitsOf(call)
    const files = splits.flatMap(({ config, split, files }) =>
      files.map(({ path, entry }) => ({
        dataset: call.dataset.fullName,
        config,
        split,
        url: `${call.origin}/datasets/${call.dataset.fullName}/resolve/${commit.id}/${encodePath(path)}`,
        filename: path.slice(path.lastIndexOf('/') + 1),
        size: entry.sizeBytes,
      })),
    )
    return reply(call, { parquet_files: files, ...done }, commit)
  }),
  viewerRoute(facts('/size', 'Rows, columns and bytes', Of), async (call) => {
    const { splits, commit } = await splitsOf(call)
    const sizes = await Promise.all(splits.map((split) => sizeOf(call, split)))
    const sum = (list: typeof sizes) => ({
      num_bytes_parquet_files: list.reduce((total, one) => total + one.num_bytes_parquet_files, 0),
      num_bytes_memory: list.reduce((total, one) => total + one.num_bytes_memory, 0),
      num_rows: list.reduce((total, one) => total + one.num_rows, 0),
      estimated_num_rows: null,
    })
    const configs = [...new Set(splits.map(({ config }) => config))].map((config) => {
      const own = sizes.filter((one) => one.config === config)
      return { dataset: call.dataset.fullName, config, num_columns: own[0]?.num_columns ?? 0, ...sum(own) }
    })
    const dataset = { dataset: call.dataset.fullName, num_bytes_original_files: sum(sizes).num_bytes_parquet_files, ...sum(sizes) }
    return reply(call, { size: { dataset, configs, splits: sizes }, ...done }, commit)
  }),
  viewerRoute(facts('/info', 'Features, splits and the card’s head', Of), async (call) => {
    const { splits, commit } = await splitsOf(call)
    const card = await cardOf(call.hub, call.dataset, commit)
    const infos: Record<string, unknown> = {}
    for (const config of new Set(splits.map((split) => split.config))) {
      const own = splits.filter((split) => split.config === config)
      const sizes = await Promise.all(own.map((split) => sizeOf(call, split)))
      const [first] = own
      const features = first ? await readFeatures(call.hub, first) : []
      const bytes = sizes.reduce((total, one) => total + one.num_bytes_parquet_files, 0)
      infos[config] = {
        description: '',
        citation: '',
        homepage: '',
        license: String(card.data.license ?? ''),
        features: Object.fromEntries(features.map(({ name, type }) => [name, type])),
        builder_name: 'parquet',
        config_name: config,
        splits: Object.fromEntries(
          sizes.map((one) => [
            one.split,
            { name: one.split, num_bytes: one.num_bytes_memory, num_examples: one.num_rows, dataset_name: call.dataset.name },
          ]),
        ),
        download_size: bytes,
        dataset_size: sizes.reduce((total, one) => total + one.num_bytes_memory, 0),
      }
    }
    const asked = call.context.req.query('config')
    if (asked && !infos[asked]) throw notFound()
    return reply(call, { dataset_info: asked ? infos[asked] : infos, ...done }, commit)
  }),
  viewerRoute(facts('/croissant', 'The release’s Croissant description', Of), async (call) => replyCroissant(call)),
  datasetRoute(
    { method: 'GET', path: '/api/datasets/:namespace/:name/croissant', summary: 'The release’s Croissant description', right: 'release' },
    async (call) => replyCroissant(call),
  ),
  datasetRoute(
    {
      method: 'GET',
      path: '/api/datasets/:namespace/:name/parquet',
      summary: 'Addresses of the Parquet files by configuration and split',
      right: 'release',
    },
    async (call) => {
      const { splits, commit } = await splitsOf(call)
      const urls: Record<string, Record<string, string[]>> = {}
      for (const { config, split, files } of splits) {
        const own = urls[config] ?? {}
        own[split] = files.map(
          (_, index) =>
            `${call.origin}/api/datasets/${call.dataset.fullName}/parquet/${encodeURIComponent(config)}/${split}/${index}.parquet`,
        )
        urls[config] = own
      }
      call.context.header('X-Revision', commit.id)
      return call.context.json(urls)
    },
  ),
  datasetRoute(
    {
      method: 'GET',
      path: '/api/datasets/:namespace/:name/parquet/:config/:split/:file{[0-9]+\\.parquet}',
      summary: 'One Parquet file by its number',
      right: 'release',
    },
    async (call) => {
      const { config, split, file = '' } = call.context.req.param()
      const { splits, commit } = await splitsOf(call)
      const found = splits.find((one) => one.config === config && one.split === split)?.files[Number.parseInt(file, 10)]
      if (!found) throw entryNotFound(call.dataset.fullName, `${config}/${split}/${file}`, commit.id)
      const { path, entry } = found
      return serveContent(call, {
        sha256: entry.sha256,
        sizeBytes: entry.sizeBytes,
        etag: entry.sha256,
        path,
        event: { actor: call.actor, action: 'file.downloaded', dataset: call.dataset.fullName, revision: commit.id, path },
      })
    },
  ),
  datasetRoute(
    {
      method: 'GET',
      path: '/api/datasets/:namespace/:name/sample',
      summary: 'The rows that the owner shows to everyone',
      right: 'listing',
    },
    async (call) => {
      const commit = await resolveRevision(call.hub.database, call.dataset, 'main')
      const [first] = await findSplits(call.hub, call.dataset, commit)
      const rows: { row_idx: number; row: JsonRow }[] = []
      for (const row_idx of first ? call.dataset.settings.sampleRows : []) {
        const [row] = first ? await readRows(call.hub, first, row_idx, 1) : []
        if (row) rows.push({ row_idx, row })
      }
      return call.context.json({ features: first && rows.length > 0 ? await readFeatures(call.hub, first) : [], rows })
    },
  ),
]

const Hits = z.array(z.object({ row_idx: z.number() }))
const Totals = z.array(z.object({ n: z.number() }))

async function splitsOf(call: DatasetCall): Promise<{ splits: Split[]; commit: Commit }> {
  const { hub, dataset, context } = call
  const commit = await resolveRevision(hub.database, dataset, context.req.query('revision') ?? 'main')
  const { config, split } = context.req.query()
  const splits = (await findSplits(hub, dataset, commit)).filter(
    (one) => one.files.length > 0 && (!config || one.config === config) && (!split || one.split === split),
  )
  for (const { path, entry } of splits.flatMap(({ files }) => files)) await refuseWithdrawn(call, commit, path, entry)
  return { splits, commit }
}

async function oneSplit(call: DatasetCall): Promise<{ split: Split; commit: Commit }> {
  required(call, 'config')
  required(call, 'split')
  const { splits, commit } = await splitsOf(call)
  const [split] = splits
  if (!split) throw notFound()
  return { split, commit }
}

async function refuseWithdrawn(call: DatasetCall, commit: Commit, path: string, entry: { sha256: string }): Promise<void> {
  const withdrawal = await findWithdrawal(call.hub, call.dataset, entry)
  if (withdrawal) throw entryWithdrawn(path, withdrawal.reason, commit.id)
}

function required(call: DatasetCall, name: string): string {
  const value = call.context.req.query(name)
  if (!value) throw new HubError(422, 'MissingRequiredParameter', `Parameter '${name}' is required`)
  return value
}

function pageOf({ context }: DatasetCall): { offset: number; length: number } {
  const offset = wholeNumber('offset', context.req.query('offset') ?? '0')
  const length = wholeNumber('length', context.req.query('length') ?? String(PAGE))
  if (length > PAGE) throw new HubError(422, 'InvalidParameter', `Parameter 'length' must not be greater than ${PAGE}`)
  return { offset, length }
}

function wholeNumber(name: string, text: string): number {
  if (!/^-?\d{1,12}$/.test(text)) throw new HubError(422, 'InvalidParameter', `Parameter '${name}' must be integer`)
  if (text.startsWith('-')) throw new HubError(422, 'InvalidParameter', `Parameter '${name}' must be positive`)
  return Number(text)
}

function parseRole({ context }: DatasetCall): 'any' | 'user' | 'assistant' {
  const role = z.enum(['any', 'user', 'assistant']).safeParse(context.req.query('role') ?? 'any')
  if (!role.success) throw new HubError(422, 'InvalidParameter', "Parameter 'role' must be any, user or assistant")
  return role.data
}

async function readHits(
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

async function sizeOf({ hub, dataset }: DatasetCall, split: Split) {
  let memory = 0
  for (const { entry } of split.files) {
    const { row_groups } = await readFooter(hub, entry)
    memory += row_groups.reduce((sum, group) => sum + Number(group.total_byte_size), 0)
  }
  return {
    dataset: dataset.fullName,
    config: split.config,
    split: split.split,
    num_bytes_parquet_files: split.files.reduce((sum, { entry }) => sum + entry.sizeBytes, 0),
    num_bytes_memory: memory,
    num_rows: await countRows(hub, split),
    num_columns: (await readFeatures(hub, split)).length,
    estimated_num_rows: null,
  }
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

async function replyRows(
  call: DatasetCall,
  commit: Commit,
  split: Split,
  rows: readonly { row_idx: number; row: JsonRow }[],
  total: number,
): Promise<Response> {
  const features = await readFeatures(call.hub, split)
  return reply(call, { features, rows, num_rows_total: total, num_rows_per_page: PAGE, partial: false }, commit)
}

async function replyCroissant(call: DatasetCall): Promise<Response> {
  const commit = await resolveRevision(call.hub.database, call.dataset, call.context.req.query('revision') ?? 'main')
  const entry = await findEntry(call.hub.database, commit.tree, 'croissant.json')
  const text = entry && (await readText(call.hub, call.dataset, commit, 'croissant.json'))
  if (!text) throw entryNotFound(call.dataset.fullName, 'croissant.json', commit.id)
  return reply(call, JSON.parse(text), commit)
}

/** Answers, and keeps in the ledger who was shown how much of what. The question itself is not kept: it may quote a conversation. */
async function reply(call: DatasetCall, body: unknown, commit?: Commit): Promise<Response> {
  const { context, dataset, hub, actor } = call
  const text = JSON.stringify(body)
  const action = `viewer.${new URL(context.req.url).pathname.split('/').at(-1)}`
  await hub.ledger.append({
    actor,
    action,
    dataset: dataset.fullName,
    bytes: Buffer.byteLength(text),
    ...(commit ? { revision: commit.id } : {}),
  })
  context.header('Content-Type', 'application/json; charset=utf-8')
  context.header('Cache-Control', 'private, max-age=120')
  context.header('Access-Control-Allow-Origin', '*')
  context.header('Access-Control-Expose-Headers', 'X-Error-Code, X-Revision')
  if (commit) context.header('X-Revision', headerText(commit.id))
  return context.body(text)
}

const notFound = () => new HubError(404, 'ResponseNotFound', 'Not found.')
