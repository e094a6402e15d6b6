import { z } from 'zod'
import { writeContent } from '../../storage/blobs.ts'
import { bodyOf, parseInput } from '../body.ts'
import { checkPath, decodeSegments } from '../datasets/paths.ts'
import { HubError } from '../errors.ts'
import { appendEntries } from '../ledger.ts'
import { rawPath } from '../protocol/info.ts'
import { serveContent } from '../protocol/serve-content.ts'
import { datasetRoute, type Route } from '../routes.ts'

const base = '/api/datasets/:namespace/:name/raw'
const RawFile = z.object({ path: z.string(), sha256: z.string(), size_bytes: z.number() })
const Announced = z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/), size: z.coerce.number().int().min(0) })

/** The raw data beside a release: files of their own behind a grant of their own. They are in no revision, no listing, no index. */
export const rawRoutes: Route[] = [
  datasetRoute({ method: 'GET', path: base, summary: 'The raw files', right: 'raw' }, async ({ hub, context, dataset }) => {
    const found = await hub.database.select(RawFile, 'select path, sha256, size_bytes from raw_files where dataset_id = $1 order by path', [
      dataset.id,
    ])
    return context.json(found.map(({ path, sha256, size_bytes }) => ({ path, sha256, size: size_bytes })))
  }),
  datasetRoute(
    {
      method: 'PUT',
      path: `${base}/:path{.+}`,
      summary: 'Upload a raw file; ?sha256= and ?size= announce it',
      right: 'write',
      query: Announced,
    },
    async (call) => {
      const { hub, context, dataset, actor } = call
      const path = checkPath(decodeSegments(rawPath(call), 5).join('/'))
      const { sha256, size } = parseInput(context.req.query(), Announced)
      // The body is read and checked even where the store has these bytes: knowing a hash gives no right to them.
      await writeContent(hub.blobs, { sha256, sizeBytes: size }, bodyOf(context))
      await hub.database.transaction(async (queries) => {
        await queries.change(
          `insert into raw_files (dataset_id, path, sha256, size_bytes, uploaded_at) values ($1, $2, $3, $4, $5)
           on conflict (dataset_id, path) do update set sha256 = excluded.sha256, size_bytes = excluded.size_bytes, uploaded_at = excluded.uploaded_at`,
          [dataset.id, path, sha256, size, hub.now()],
        )
        await appendEntries(queries, [{ actor, action: 'raw.uploaded', dataset: dataset.fullName, path, bytes: size }], hub.now())
      })
      return context.json({ path, sha256, size })
    },
  ),
  datasetRoute({ method: 'GET', path: `${base}/:path{.+}`, summary: 'A raw file, whole or by range', right: 'raw' }, async (call) => {
    const { hub, dataset, actor } = call
    const path = decodeSegments(rawPath(call), 5).join('/')
    const [file] = await hub.database.select(
      RawFile,
      'select path, sha256, size_bytes from raw_files where dataset_id = $1 and path = $2',
      [dataset.id, path],
    )
    if (!file) throw new HubError(404, 'EntryNotFound', `Dataset ${dataset.fullName} has no raw file '${path.slice(0, 200)}'.`)
    const event = { actor, action: 'raw.downloaded', dataset: dataset.fullName, path }
    return serveContent(call, { sha256: file.sha256, sizeBytes: file.size_bytes, etag: file.sha256, path, event })
  }),
]
