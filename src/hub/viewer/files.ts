import { z } from 'zod'
import { knownWithdrawals } from '../datasets/known.ts'
import { resolveRevision } from '../datasets/revisions.ts'
import { entryNotFound } from '../errors.ts'
import { serveContent } from '../protocol/serve-content.ts'
import { type DatasetCall, datasetRoute, type Route, viewerRoute } from '../routes.ts'
import { facts, notFound, Of, reply, splitsOf } from './call.ts'
import { croissantOf } from './croissant.ts'
import { findSplits } from './layout.ts'
import { readPage } from './pages.ts'
import { sourceOf } from './source.ts'

/** Files made for machines: the Croissant description, Parquet files by number; and the rows that the owner shows to everyone. */
export const fileRoutes: Route[] = [
  viewerRoute(facts('/croissant', 'The Croissant description: the release’s own, else one made of the Parquet files', Of), async (call) =>
    replyCroissant(call),
  ),
  datasetRoute(
    {
      method: 'GET',
      path: '/api/datasets/:namespace/:name/croissant',
      summary: 'The Croissant description: the release’s own, else one made of the Parquet files',
      right: 'release',
    },
    async (call) => replyCroissant(call),
  ),
  datasetRoute(
    {
      method: 'GET',
      path: '/api/datasets/:namespace/:name/parquet',
      summary: 'Addresses of the Parquet files by configuration and split',
      right: 'release',
    },
    async (call) => call.context.json(await parquetUrls(call)),
  ),
  datasetRoute(
    {
      method: 'GET',
      path: '/api/datasets/:namespace/:name/parquet/:config',
      summary: 'Addresses of a configuration’s Parquet files by split',
      right: 'release',
    },
    async (call) => call.context.json(named(await parquetUrls(call), call.context.req.param('config'))),
  ),
  datasetRoute(
    {
      method: 'GET',
      path: '/api/datasets/:namespace/:name/parquet/:config/:split',
      summary: 'Addresses of a split’s Parquet files',
      right: 'release',
    },
    async (call) => {
      const { config, split } = call.context.req.param()
      return call.context.json(named(named(await parquetUrls(call), config), split))
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
      const { sampleRows, sampleRevision = 'main' } = call.dataset.settings
      const commit = await resolveRevision(call.hub.database, call.dataset, sampleRevision)
      const [first] = await findSplits(call.hub, call.dataset, commit)
      const withdrawals = await knownWithdrawals(call.hub.database, call.dataset)
      const isWhole = first?.files.every(({ entry }) => !withdrawals.has(entry.sha256)) === true
      const source = first && isWhole ? sourceOf(call.hub, first) : undefined
      const rows: unknown[] = []
      for (const offset of source ? sampleRows : []) {
        if (source) rows.push(...parseRows((await readPage(call, source, { offset, length: 1 })).rows))
      }
      return call.context.json({ features: source && rows.length > 0 ? (await call.hub.indexes.facts(source)).features : [], rows })
    },
  ),
]

/** Addresses of the Parquet files that clients may keep: by number, at the main branch. */
async function parquetUrls(call: DatasetCall): Promise<Record<string, Record<string, string[]>>> {
  const { splits, commit } = await splitsOf(call)
  const urls: Record<string, Record<string, string[]>> = {}
  for (const { config, split, files } of splits) {
    const path = `/api/datasets/${call.dataset.fullName}/parquet/${encodeURIComponent(config)}/${split}`
    urls[config] = { ...urls[config], [split]: files.map((_, index) => `${call.origin}${path}/${index}.parquet`) }
  }
  call.context.header('X-Revision', commit.id)
  return urls
}

function named<T>(of: Record<string, T>, name = ''): T {
  const found = Object.hasOwn(of, name) ? of[name] : undefined
  if (found === undefined) throw notFound()
  return found
}

async function replyCroissant(call: DatasetCall): Promise<Response> {
  const { body, commit } = await croissantOf(call)
  return reply(call, body, commit)
}

const parseRows = (rows: Uint8Array) => z.array(z.unknown()).parse(JSON.parse(Buffer.from(rows).toString('utf8')))
