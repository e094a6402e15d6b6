import { z } from 'zod'
import { writeContent } from '../../storage/blobs.ts'
import { bodyOf, parseInput } from '../body.ts'
import { checkPath, decodeSegments } from '../datasets/paths.ts'
import { findRawFile, listRawFiles, setRawFile } from '../datasets/raw-files.ts'
import { queueErasure } from '../datasets/stored.ts'
import { HubError } from '../errors.ts'
import { appendEntries } from '../ledger.ts'
import { rawPath } from '../protocol/info.ts'
import { serveContent } from '../protocol/serve-content.ts'
import { type DatasetCall, datasetRoute, type Route } from '../routes.ts'

const base = '/api/datasets/:namespace/:name/raw'
const Announced = z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/), size: z.coerce.number().int().min(0) })

/** The raw data beside a release: files of their own behind a grant of their own. They are in no revision, no listing, no index. */
export const rawRoutes: Route[] = [
  datasetRoute({ method: 'GET', path: base, summary: 'The raw files', right: 'raw' }, async ({ hub, context, dataset }) => {
    const found = await listRawFiles(hub, dataset)
    return context.json(
      found.map(({ path, sha256, sizeBytes, withdrawnReason }) => ({ path, sha256, size: sizeBytes, withdrawn: withdrawnReason })),
    )
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
      const path = checkPath(pathOf(call))
      const { sha256, size } = parseInput(context.req.query(), Announced)
      const before = await findRawFile(hub, dataset, path)
      // The body is read and checked even where the store has these bytes: knowing a hash gives no right to them.
      await writeContent(hub.blobs, { sha256, sizeBytes: size }, bodyOf(context))
      await hub.database.transaction(async (queries) => {
        await setRawFile(hub, queries, dataset, { path, sha256, sizeBytes: size, at: hub.now() })
        if (before && before.sha256 !== sha256) await queueErasure(queries, before.sha256)
        await appendEntries(queries, [{ actor, action: 'raw.uploaded', dataset: dataset.fullName, path, bytes: size }], hub.now())
      })
      hub.wake('erasures')
      return context.json({ path, sha256, size })
    },
  ),
  datasetRoute(
    { method: 'DELETE', path: `${base}/:path{.+}`, summary: 'Remove a raw file and its bytes', right: 'write' },
    async (call) => {
      const { hub, context, dataset, actor } = call
      const { path, sha256 } = await rawFileOf(call)
      await hub.database.transaction(async (queries) => {
        await queries.change('delete from raw_files where dataset_id = $1 and path = $2', [dataset.id, path])
        await queueErasure(queries, sha256)
        await appendEntries(queries, [{ actor, action: 'raw.removed', dataset: dataset.fullName, path }], hub.now())
      })
      hub.wake('erasures')
      return context.json({})
    },
  ),
  datasetRoute({ method: 'GET', path: `${base}/:path{.+}`, summary: 'A raw file, whole or by range', right: 'raw' }, async (call) => {
    const { dataset, actor } = call
    const { path, sha256, sizeBytes, withdrawnReason } = await rawFileOf(call)
    if (withdrawnReason !== null) {
      throw new HubError(410, 'EntryWithdrawn', `'${path}' was withdrawn: ${withdrawnReason} Ask its owner for a new one.`)
    }
    const event = { actor, action: 'raw.downloaded', dataset: dataset.fullName, path }
    return serveContent(call, { sha256, sizeBytes, etag: sha256, path, event })
  }),
]

const pathOf = (call: DatasetCall) => decodeSegments(rawPath(call), 5).join('/')

async function rawFileOf(call: DatasetCall) {
  const path = pathOf(call)
  const file = await findRawFile(call.hub, call.dataset, path)
  if (!file) throw new HubError(404, 'EntryNotFound', `Dataset ${call.dataset.fullName} has no raw file '${path.slice(0, 200)}'.`)
  return file
}
