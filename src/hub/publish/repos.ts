import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { writeContent } from '../../storage/blobs.ts'
import { isUniqueViolation } from '../../storage/database.ts'
import { NamePattern, type User } from '../accounts/users.ts'
import type { Viewer } from '../accounts/viewer.ts'
import { readJson } from '../body.ts'
import { sha256Of } from '../datasets/content.ts'
import { hashBlob } from '../datasets/git.ts'
import { checkPath, decodeSegments } from '../datasets/paths.ts'
import { resolveRevision } from '../datasets/revisions.ts'
import { type Dataset, DatasetRow, findDataset } from '../datasets/store.ts'
import { ownContentIn, queueErasures } from '../datasets/stored.ts'
import { badRequest, conflict, HubError, notAllowed, repoNotFound } from '../errors.ts'
import { demand, staffRole } from '../gate/access.ts'
import type { Hub } from '../hub.ts'
import { appendEntries } from '../ledger.ts'
import { rawPath } from '../protocol/info.ts'
import { type AccountCall, accountRoute, datasetRoute, type Route } from '../routes.ts'
import { dropIndexes } from '../viewer/source.ts'
import { makeFirstCommit } from './commit.ts'

const NewRepo = z.object({
  name: z.string().max(200),
  organization: z.string().max(100).nullish(),
  type: z.string().optional(),
  private: z.boolean().nullish(),
  visibility: z.enum(['public', 'private']).nullish(),
})
const OldRepo = z.object({ name: z.string().max(200), organization: z.string().max(100).nullish(), type: z.string().optional() })
const Move = z.object({ fromRepo: z.string().max(200), toRepo: z.string().max(200), type: z.string().optional() })
const NewBranch = z.object({ startingPoint: z.string().max(200).nullish(), overwrite: z.boolean().optional() })
const NewTag = z.object({ tag: z.string().max(200), message: z.string().max(10_000).nullish() })

/** What git tools need to know to fetch large files; every dataset of the Hub begins with one. */
const gitAttributes = ['*.parquet', '*.arrow', '*.zst', '*.gz', '*.zip', '*.bin']
  .map((glob) => `${glob} filter=lfs diff=lfs merge=lfs -text\n`)
  .join('')

/** Making, moving and deleting datasets, branches and tags. */
export const repoRoutes: Route[] = [
  accountRoute(
    {
      method: 'POST',
      path: '/api/repos/create',
      summary: 'Make a dataset',
      needs: 'write',
      body: NewRepo,
      reply: z.object({ url: z.string() }),
    },
    async (call) => {
      const given = await readJson(call.context, NewRepo)
      if (given.type !== 'dataset') throw badRequest('This hub hosts datasets. Give type: \'dataset\' (repo_type="dataset").')
      const { namespace, name } = splitName(call.user, given.name, given.organization ?? undefined)
      const isPrivate = given.private === true || given.visibility === 'private'
      if (await findDataset(call.hub.database, namespace, name))
        throw conflict('RepoExists', `Dataset ${namespace}/${name} exists already.`)
      await mayOwn(call, namespace)
      const by = { userId: call.user.id, actor: call.user.name }
      const dataset = await createDataset(call.hub, { namespace, name, isPrivate, ...by })
      return call.context.json({ url: `${call.origin}/datasets/${dataset.fullName}`, name: dataset.fullName, id: dataset.id })
    },
  ),
  accountRoute(
    { method: 'DELETE', path: '/api/repos/delete', summary: 'Delete a dataset', needs: 'write', body: OldRepo },
    async (call) => {
      const { hub, context, user, viewer, origin } = call
      const given = await readJson(context, OldRepo)
      const { namespace, name } = splitName(user, given.name, given.organization ?? undefined)
      const dataset = await writableDataset(hub, viewer, `${namespace}/${name}`, origin)
      await dropIndexes(hub, dataset, () => true)
      await hub.database.transaction(async (queries) => {
        await queueErasures(queries, dataset)
        await queries.change('delete from datasets where id = $1', [dataset.id])
        await appendEntries(queries, [{ actor: user.name, action: 'dataset.deleted', dataset: dataset.fullName }], hub.now())
      })
      hub.wake('erasures')
      return context.json({})
    },
  ),
  accountRoute(
    { method: 'POST', path: '/api/repos/move', summary: 'Rename a dataset; the old name leads to the new', needs: 'write', body: Move },
    async (call) => {
      const { hub, context, user, viewer, origin } = call
      const given = await readJson(context, Move)
      const dataset = await writableDataset(hub, viewer, given.fromRepo, origin)
      const { namespace, name } = splitName(user, given.toRepo, undefined)
      await mayOwn(call, namespace)
      try {
        await hub.database.transaction(async (queries) => {
          await queries.change('delete from renames where namespace = $1 and name = $2', [namespace, name])
          await queries.change('update datasets set namespace = $2, name = $3 where id = $1', [dataset.id, namespace, name])
          await queries.change('insert into renames (namespace, name, dataset_id) values ($1, $2, $3) on conflict do nothing', [
            dataset.namespace,
            dataset.name,
            dataset.id,
          ])
          const detail = { from: dataset.fullName }
          await appendEntries(
            queries,
            [{ actor: user.name, action: 'dataset.renamed', dataset: `${namespace}/${name}`, detail }],
            hub.now(),
          )
        })
      } catch (error) {
        if (isUniqueViolation(error)) throw conflict('RepoExists', `Dataset ${namespace}/${name} exists already.`)
        throw error
      }
      return context.json({})
    },
  ),
  datasetRoute(
    {
      method: 'POST',
      path: '/api/datasets/:namespace/:name/branch/:branch{.+}',
      summary: 'Make a branch',
      right: 'write',
      body: NewBranch,
    },
    async (call) => {
      const { hub, context, dataset, actor } = call
      const name = checkRefName(decodeSegments(rawPath(call), 5).join('/'))
      const { startingPoint, overwrite } = await readJson(context, NewBranch)
      const commit = await resolveRevision(hub.database, dataset, startingPoint ?? 'main')
      await setRef(hub, dataset, { kind: 'branch', name, target: commit.id, mayReplace: overwrite === true, actor })
      return context.json({})
    },
  ),
  datasetRoute(
    { method: 'DELETE', path: '/api/datasets/:namespace/:name/branch/:branch{.+}', summary: 'Delete a branch', right: 'write' },
    async (call) => {
      const name = decodeSegments(rawPath(call), 5).join('/')
      if (name === 'main') throw badRequest("The branch 'main' cannot be deleted.")
      return removeRef(call.hub, call.dataset, { kind: 'branch', name, actor: call.actor })
    },
  ),
  datasetRoute(
    {
      method: 'POST',
      path: '/api/datasets/:namespace/:name/tag/:revision{.+}',
      summary: 'Make a tag at a revision',
      right: 'write',
      body: NewTag,
    },
    async (call) => {
      const { hub, context, dataset, actor } = call
      const commit = await resolveRevision(hub.database, dataset, decodeSegments(rawPath(call), 5).join('/'))
      const { tag } = await readJson(context, NewTag)
      await setRef(hub, dataset, { kind: 'tag', name: checkRefName(tag), target: commit.id, mayReplace: false, actor })
      return context.json({})
    },
  ),
  datasetRoute(
    { method: 'DELETE', path: '/api/datasets/:namespace/:name/tag/:tag{.+}', summary: 'Delete a tag', right: 'write' },
    async (call) => removeRef(call.hub, call.dataset, { kind: 'tag', name: decodeSegments(rawPath(call), 5).join('/'), actor: call.actor }),
  ),
]

/** A dataset to be made. `userId`: the account that makes it; null where the hub itself does. */
export interface NewDataset {
  namespace: string
  name: string
  isPrivate: boolean
  userId: string | null
  actor: string
}

/**
 * Makes a dataset with its first commit, in a namespace that is there. Whether the actor may is the caller's to ask.
 * @throws HubError 409 `RepoExists`.
 */
export async function createDataset(hub: Hub, { namespace, name, isPrivate, userId, actor }: NewDataset): Promise<Dataset> {
  const content = Buffer.from(gitAttributes)
  const file = { oid: hashBlob(content), sha256: sha256Of(content), sizeBytes: content.length, isLarge: false }
  await writeContent(hub.blobs, file, once(content))
  const at = hub.now()
  try {
    return await hub.database.transaction(async (queries) => {
      const [dataset] = await queries.select(
        DatasetRow,
        `insert into datasets (id, namespace, name, visibility, created_by, created_at, updated_at) values ($1, $2, $3, $4, $5, $6, $6) returning *`,
        [randomBytes(12).toString('hex'), namespace, name, isPrivate ? 'private' : 'public', userId, at],
      )
      if (!dataset) throw new Error('the new dataset was not returned')
      await queries.change('delete from renames where namespace = $1 and name = $2', [namespace, name])
      await ownContentIn(hub, queries, dataset.id, file)
      await appendEntries(queries, [{ actor, action: 'dataset.created', dataset: dataset.fullName, detail: { private: isPrivate } }], at)
      await makeFirstCommit(hub, queries, dataset, actor, new Map([['.gitattributes', file]]))
      return dataset
    })
  } catch (error) {
    if (isUniqueViolation(error)) throw conflict('RepoExists', `Dataset ${namespace}/${name} exists already.`)
    throw error
  }
}

/** Everyone owns the namespace of their name; members with the role owner their organization's. An administrator makes organizations by using them. */
async function mayOwn({ hub, user, viewer }: AccountCall, namespace: string): Promise<void> {
  const [known] = await hub.database.select(z.object({ name: z.string() }), 'select name from namespaces where lower(name) = lower($1)', [
    namespace,
  ])
  if (known && known.name !== namespace) throw badRequest(`The namespace is written '${known.name}'.`)
  if (known && (await staffRole(hub, viewer, { namespace })) === 'owner') return
  if (known || user.role !== 'admin')
    throw notAllowed(`You may not make datasets in the namespace '${namespace}'. Yours is '${user.name}'.`)
  await hub.database.transaction(async (queries) => {
    await queries.change('insert into namespaces (name) values ($1) on conflict do nothing', [namespace])
    await queries.change("insert into members (namespace, user_id, role) values ($1, $2, 'owner') on conflict do nothing", [
      namespace,
      user.id,
    ])
  })
}

async function writableDataset(hub: Hub, viewer: Viewer, fullName: string, origin: string): Promise<Dataset> {
  const [namespace = '', name = '', ...more] = fullName.split('/')
  const dataset = more.length > 0 ? undefined : await findDataset(hub.database, namespace, name)
  if (!dataset) throw repoNotFound(viewer.kind === 'user')
  await demand(hub, viewer, dataset, 'write', origin)
  return dataset
}

function splitName(user: User, given: string, organization: string | undefined): { namespace: string; name: string } {
  const [first = '', second, ...more] = given.split('/')
  const namespace = second === undefined ? (organization ?? user.name) : first
  const name = second ?? first
  if (more.length > 0 || !NamePattern.test(name) || !NamePattern.test(namespace) || name.endsWith('.git')) {
    throw badRequest(`'${given.slice(0, 200)}' is not the name of a dataset: letters, digits and single - . _ between them, at most 96.`)
  }
  return { namespace, name }
}

/** Names of branches and tags as git allows them, without those that look like commits. */
function checkRefName(name: string): string {
  checkPath(name)
  if (!/^[\w][\w./-]{0,120}$/.test(name) || /\.lock$|[./]$|^refs\/|^HEAD$/.test(name) || /^[0-9a-f]{40}$/.test(name)) {
    throw badRequest(`'${name.slice(0, 120)}' is not a name for a branch or tag.`)
  }
  return name
}

interface RefChange {
  kind: 'branch' | 'tag'
  name: string
  actor: string
}

async function setRef(hub: Hub, dataset: Dataset, given: RefChange & { target: string; mayReplace: boolean }): Promise<void> {
  const { kind, name, target, actor } = given
  await hub.database.transaction(async (queries) => {
    const replace = given.mayReplace && name !== 'main' ? 'do update set target = excluded.target' : 'do nothing'
    const changed = await queries.change(
      `insert into refs (dataset_id, kind, name, target) values ($1, $2, $3, $4) on conflict (dataset_id, kind, name) ${replace}`,
      [dataset.id, kind, name, target],
    )
    if (changed === 0) throw conflict('RefExists', `Dataset ${dataset.fullName} has the ${kind} '${name}' already.`)
    await appendEntries(
      queries,
      [{ actor, action: `${kind}.made`, dataset: dataset.fullName, revision: target, detail: { name } }],
      hub.now(),
    )
  })
}

async function removeRef(hub: Hub, dataset: Dataset, { kind, name, actor }: RefChange): Promise<Response> {
  await hub.database.transaction(async (queries) => {
    const removed = await queries.change('delete from refs where dataset_id = $1 and kind = $2 and name = $3', [dataset.id, kind, name])
    if (removed === 0) throw new HubError(404, 'RevisionNotFound', `Dataset ${dataset.fullName} has no ${kind} '${name}'.`)
    await appendEntries(queries, [{ actor, action: `${kind}.deleted`, dataset: dataset.fullName, detail: { name } }], hub.now())
  })
  return Response.json({})
}

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes
}
