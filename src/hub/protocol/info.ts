import { z } from 'zod'
import { parseInput } from '../body.ts'
import { cardTags } from '../datasets/card.ts'
import { cardOf } from '../datasets/content.ts'
import { pointerSize } from '../datasets/git.ts'
import { knownRefs } from '../datasets/known.ts'
import { decodeSegments } from '../datasets/paths.ts'
import { versionAt, versionUpTo } from '../datasets/releases.ts'
import { type Commit, resolveRevision, splitRevision } from '../datasets/revisions.ts'
import { type Dataset, DatasetRow } from '../datasets/store.ts'
import { listFiles } from '../datasets/trees.ts'
import type { Hub } from '../hub.ts'
import { nextLink } from '../reply.ts'
import { type DatasetCall, datasetRoute, openRoute, type Route } from '../routes.ts'

const Sibling = z.object({
  rfilename: z.string(),
  size: z.number().optional(),
  blobId: z.string().optional(),
  lfs: z.object({ size: z.number(), sha256: z.string(), pointerSize: z.number() }).optional(),
})

/** A dataset as the Hub's API describes it. */
export const DatasetInfo = z.object({
  _id: z.string(),
  id: z.string(),
  author: z.string(),
  sha: z.string(),
  /** Our own, beside the Hub's: the number of the release's version at this revision. */
  version: z.string().nullable(),
  /** Our own, too: where no version stands at this revision, the newest one before it. */
  sinceVersion: z.string().nullable(),
  createdAt: z.string(),
  lastModified: z.string(),
  private: z.boolean(),
  gated: z.union([z.literal(false), z.enum(['auto', 'manual'])]),
  disabled: z.boolean(),
  downloads: z.number(),
  downloadsAllTime: z.number(),
  likes: z.number(),
  tags: z.array(z.string()),
  cardData: z.record(z.string(), z.unknown()),
  siblings: z.array(Sibling).optional(),
  description: z.string(),
  citation: z.string().nullable(),
  paperswithcode_id: z.string().nullable(),
  usedStorage: z.number().optional(),
})
/** A dataset of the API. */
export type DatasetInfo = z.infer<typeof DatasetInfo>

const InfoQuery = z.object({ blobs: z.stringbool().optional(), full: z.stringbool().optional(), expand: z.string().optional() })

const ListQuery = z.object({
  search: z.string().optional(),
  author: z.string().optional(),
  filter: z.string().optional(),
  gated: z.stringbool().optional(),
  sort: z.enum(['createdAt', 'lastModified', 'downloads', 'likes', 'trendingScore', 'id']).optional(),
  direction: z.enum(['-1', '1']).optional(),
  // Who asks for more gets the most and a link to the rest, as on the Hub.
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .transform((limit) => Math.min(limit, 1000))
    .optional(),
  skip: z.coerce.number().int().min(0).optional(),
  full: z.stringbool().optional(),
})

/** Dataset description and list. The card's head and the names of files are for everyone who may know that the dataset exists. */
export const infoRoutes: Route[] = [
  openRoute(
    { method: 'GET', path: '/api/datasets', summary: 'Datasets that you may know of', query: ListQuery, reply: z.array(DatasetInfo) },
    async ({ hub, context, viewer, origin }) => {
      const query = parseInput(context.req.query(), ListQuery)
      const user = viewer.kind === 'user' && viewer.token?.role !== 'fineGrained' ? viewer.user : undefined
      const rows = await hub.database.select(
        DatasetRow,
        `select * from datasets where (visibility = 'public' or $1 or namespace = $2 or namespace in (select namespace from members where user_id = $3))
           and ($4::text is null or lower(namespace) = lower($4)) and ($5::text is null or position(lower($5) in lower(namespace || '/' || name)) > 0)
         order by updated_at desc, id`,
        [user?.role === 'admin', user?.name ?? '', user?.id ?? '', query.author ?? null, query.search ?? null],
      )
      const wanted = context.req.queries('filter') ?? []
      const infos: DatasetInfo[] = []
      for (const dataset of rows) {
        const info = await describe(
          hub,
          dataset,
          await resolveRevision(hub.database, dataset, 'main', knownRefs),
          query.full ? 'names' : 'none',
        )
        if (query.gated !== undefined && query.gated !== (info.gated !== false)) continue
        if (wanted.every((tag) => info.tags.includes(tag))) infos.push(info)
      }
      const sorted = sortInfos(infos, query.sort ?? 'lastModified', query.direction === '1' ? 1 : -1)
      const { skip = 0, limit = 100 } = query
      if (skip + limit < sorted.length) context.header('Link', nextLink(origin, context.req.url, { skip: String(skip + limit) }))
      return context.json(sorted.slice(skip, skip + limit))
    },
  ),
  datasetRoute(
    {
      method: 'GET',
      path: '/api/datasets/:namespace/:name',
      summary: 'One dataset at its main branch',
      right: 'listing',
      query: InfoQuery,
      reply: DatasetInfo,
    },
    async (call) => replyInfo(call, await resolveRevision(call.hub.database, call.dataset, 'main')),
  ),
  datasetRoute(
    {
      method: 'GET',
      path: '/api/datasets/:namespace/:name/revision/:revision{.+}',
      summary: 'One dataset at a revision',
      right: 'listing',
      query: InfoQuery,
      reply: DatasetInfo,
    },
    async (call) => {
      const segments = decodeSegments(rawPath(call), 5)
      const { revision, path } = await splitRevision(call.hub.database, call.dataset, segments)
      return replyInfo(call, await resolveRevision(call.hub.database, call.dataset, path === '' ? revision : segments.join('/')))
    },
  ),
]

/** The request's path as it was sent, still encoded. */
export const rawPath = ({ context }: { context: DatasetCall['context'] }): string => new URL(context.req.raw.url).pathname

/** What the API tells of a dataset at a commit; with the files' names, or also their sizes. */
export async function describe(hub: Hub, dataset: Dataset, commit: Commit, files: 'none' | 'names' | 'sizes'): Promise<DatasetInfo> {
  const card = await cardOf(hub, dataset, commit)
  const version = await versionAt(hub, dataset, commit)
  const entries = files === 'none' ? [] : [...(await listFiles(hub.database, commit.tree))]
  return {
    _id: dataset.id,
    id: dataset.fullName,
    author: dataset.namespace,
    sha: commit.id,
    version,
    sinceVersion: version === null ? await versionUpTo(hub.database, dataset, commit) : null,
    createdAt: dataset.createdAt.toISOString(),
    lastModified: commit.createdAt.toISOString(),
    private: dataset.isPrivate,
    gated: dataset.gated === 'false' ? false : dataset.gated,
    disabled: false,
    downloads: dataset.downloads,
    downloadsAllTime: dataset.downloads,
    likes: 0,
    tags: cardTags(card.data),
    cardData: card.data,
    description: typeof card.data.pretty_name === 'string' ? card.data.pretty_name : '',
    citation: null,
    paperswithcode_id: null,
    ...(files === 'none'
      ? {}
      : {
          siblings: entries.map(([rfilename, entry]) => ({
            rfilename,
            ...(files === 'names' ? {} : { size: entry.sizeBytes, blobId: entry.oid }),
            ...(files === 'sizes' && entry.isLarge
              ? { lfs: { size: entry.sizeBytes, sha256: entry.sha256, pointerSize: pointerSize(entry.sha256, entry.sizeBytes) } }
              : {}),
          })),
          usedStorage: entries.reduce((sum, [, entry]) => sum + entry.sizeBytes, 0),
        }),
  }
}

async function replyInfo(call: DatasetCall, commit: Commit): Promise<Response> {
  const hasSizes = parseInput(call.context.req.query(), InfoQuery).blobs === true
  call.context.header('X-Repo-Commit', commit.id)
  return call.context.json(await describe(call.hub, call.dataset, commit, hasSizes ? 'sizes' : 'names'))
}

function sortInfos(infos: readonly DatasetInfo[], by: NonNullable<z.infer<typeof ListQuery>['sort']>, direction: 1 | -1): DatasetInfo[] {
  const key = (info: DatasetInfo) => (by === 'trendingScore' ? info.downloads : info[by])
  return [...infos].sort((a, b) => (key(a) < key(b) ? -direction : key(a) > key(b) ? direction : a.id < b.id ? -1 : 1))
}
