import { z } from 'zod'
import { readText } from '../datasets/content.ts'
import { resolveRevision } from '../datasets/revisions.ts'
import { findEntry } from '../datasets/trees.ts'
import { entryNotFound } from '../errors.ts'
import { serveContent } from '../protocol/serve-content.ts'
import { type DatasetCall, datasetRoute, type Route, viewerRoute } from '../routes.ts'
import { facts, Of, reply, splitsOf } from './call.ts'
import { findSplits } from './layout.ts'
import { readPage } from './pages.ts'
import { sourceOf } from './source.ts'

/** Files made for machines: the Croissant description, Parquet files by number; and the rows that the owner shows to everyone. */
export const fileRoutes: Route[] = [
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
      const source = first && sourceOf(call.hub, first)
      const rows: unknown[] = []
      for (const offset of source ? call.dataset.settings.sampleRows : []) {
        if (source) rows.push(...parseRows((await readPage(call, source, { offset, length: 1 })).rows))
      }
      return call.context.json({ features: source && rows.length > 0 ? (await call.hub.indexes.facts(source)).features : [], rows })
    },
  ),
]

async function replyCroissant(call: DatasetCall): Promise<Response> {
  const commit = await resolveRevision(call.hub.database, call.dataset, call.context.req.query('revision') ?? 'main')
  const entry = await findEntry(call.hub.database, commit.tree, 'croissant.json')
  const text = entry && (await readText(call.hub, call.dataset, commit, 'croissant.json'))
  if (!text) throw entryNotFound(call.dataset.fullName, 'croissant.json', commit.id)
  return reply(call, JSON.parse(text), commit)
}

const parseRows = (rows: Uint8Array) => z.array(z.unknown()).parse(JSON.parse(Buffer.from(rows).toString('utf8')))
