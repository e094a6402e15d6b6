import { z } from 'zod'
import { contentName, writeContent } from '../../storage/blobs.ts'
import { takeAttempt } from '../accounts/attempts.ts'
import { sourceOf } from '../accounts/login.ts'
import { viewerName } from '../accounts/viewer.ts'
import { bodyOf, linesOf, parseInput, parseJson, readJson } from '../body.ts'
import { readCard } from '../datasets/card.ts'
import { findWithdrawal, sha256Of } from '../datasets/content.ts'
import { hashBlob, hashPointer } from '../datasets/git.ts'
import { checkPath, decodeSegments } from '../datasets/paths.ts'
import { resolveRevision } from '../datasets/revisions.ts'
import { type Dataset, findDataset } from '../datasets/store.ts'
import { ownContent } from '../datasets/stored.ts'
import { findEntry } from '../datasets/trees.ts'
import { badRequest, HubError, repoNotFound } from '../errors.ts'
import { demand } from '../gate/access.ts'
import type { Hub } from '../hub.ts'
import { rawPath } from '../protocol/info.ts'
import { type Call, datasetRoute, openRoute, type Route, signedRoute } from '../routes.ts'
import { type FileFacts, makeCommit } from './commit.ts'
import { checkUpload, signUpload } from './presign.ts'

/** Files from this size on are uploaded by themselves rather than inside the commit, as on the Hub. */
const LARGE_FROM = 10 * 1024 * 1024

/** Base64 of a file just below `LARGE_FROM`, and its JSON around it. */
const MAX_LINE = 15 * 1024 * 1024

/** Kinds of files that are stored large whatever their size. */
const largeKinds =
  /\.(parquet|arrow|feather|zst|gz|zip|bz2|xz|7z|tar|tgz|bin|npy|npz|h5|pkl|pickle|duckdb|db|png|jpg|jpeg|gif|webp|mp3|mp4|wav|pdf)$/i

const Preupload = z.object({ files: z.array(z.object({ path: z.string(), sample: z.string().optional(), size: z.number() })).max(10_000) })
const Batch = z.object({
  operation: z.string(),
  objects: z.array(z.object({ oid: z.string().regex(/^[0-9a-f]{64}$/), size: z.int().min(0) })).max(10_000),
  hash_algo: z.string().optional(),
})
const Verify = z.object({ oid: z.string().regex(/^[0-9a-f]{64}$/), size: z.int().min(0) })
const Yaml = z.object({ content: z.string().max(1_000_000), repoType: z.string().optional() })

const Line = z.discriminatedUnion('key', [
  z.object({
    key: z.literal('header'),
    value: z.object({
      summary: z.string().max(1000).default(''),
      description: z.string().max(65_536).nullish(),
      parentCommit: z.string().nullish(),
    }),
  }),
  z.object({
    key: z.literal('file'),
    value: z.object({ path: z.string(), content: z.string(), encoding: z.enum(['base64', 'utf-8']).default('utf-8') }),
  }),
  z.object({
    key: z.literal('lfsFile'),
    value: z.object({
      path: z.string(),
      algo: z.string().optional(),
      oid: z.string().regex(/^[0-9a-f]{64}$/),
      size: z.int().min(0).optional(),
    }),
  }),
  z.object({ key: z.literal('deletedFile'), value: z.object({ path: z.string() }) }),
  z.object({ key: z.literal('deletedFolder'), value: z.object({ path: z.string() }) }),
])

/** Uploading: what goes where, the large files by themselves, then the commit. */
export const uploadRoutes: Route[] = [
  openRoute({ method: 'POST', path: '/api/validate-yaml', summary: 'Check the YAML head of a card', body: Yaml }, async (call) => {
    const { hub, context, viewer } = call
    // Reading takes up to a second where the head is made for that.
    if (viewer.kind === 'anonymous') await takeAttempt(hub, [`yaml:${sourceOf(call)}`])
    const { content } = await readJson(context, Yaml)
    const card = readCard(content)
    const errors = card.errors.map((message) => ({ message }))
    return context.json({ errors, warnings: card.warnings.map((message) => ({ message })) }, errors.length > 0 ? 400 : 200)
  }),
  datasetRoute(
    {
      method: 'POST',
      path: '/api/datasets/:namespace/:name/preupload/:revision{.+}',
      summary: 'How each file is to be uploaded',
      right: 'write',
      body: Preupload,
    },
    async (call) => {
      const { hub, context, dataset } = call
      const commit = await resolveRevision(hub.database, dataset, decodeSegments(rawPath(call), 5).join('/'))
      const { files } = await readJson(context, Preupload)
      const answers = []
      for (const { path, size, sample } of files) {
        checkPath(path)
        const entry = await findEntry(hub.database, commit.tree, path)
        const isBinary = Buffer.from(sample ?? '', 'base64').includes(0)
        const uploadMode = size >= LARGE_FROM || largeKinds.test(path) || isBinary ? 'lfs' : 'regular'
        answers.push({
          path,
          uploadMode,
          shouldIgnore: false,
          oid: entry?.type === 'file' ? (entry.isLarge ? entry.sha256 : entry.oid) : null,
        })
      }
      return context.json({ files: answers, commitOid: commit.id })
    },
  ),
  openRoute(
    {
      method: 'GET',
      path: '/api/datasets/:namespace/:name/xet-write-token/:revision{.+}',
      summary: 'Not offered: says how to upload without Xet',
    },
    () => {
      throw new HubError(
        404,
        'XetNotSupported',
        'This hub stores files by LFS, not Xet. Set HF_HUB_DISABLE_XET=1 in the environment of the uploading program and run it again.',
      )
    },
  ),
  openRoute(
    {
      method: 'POST',
      path: '/api/datasets/:namespace/:name/super-squash/:branch{.+}',
      summary: 'Not offered: history stays, and says how content is withdrawn',
    },
    () => {
      throw new HubError(
        403,
        'HistoryKept',
        'This hub keeps every commit, since people cite them and the ledger names them. To take content away, withdraw its files or ask for a deletion.',
      )
    },
  ),
  signedLfsBatch(),
  signedRoute(
    {
      method: 'PUT',
      path: '/datasets/:namespace/:repo{[^/]+\\.git}/info/lfs/objects/:sha256{[0-9a-f]{64}}',
      summary: 'Upload one large file to the address that the batch gave',
    },
    async ({ hub, context }) => {
      const { namespace = '', repo = '', sha256 = '' } = context.req.param()
      const dataset = await findDataset(hub.database, namespace, repo.replace(/\.git$/, ''))
      const upload = checkUpload(hub, { dataset: dataset?.id ?? '', sha256, query: context.req.query() })
      await writeContent(hub.blobs, upload, bodyOf(context))
      await ownContent(hub, upload.dataset, upload)
      context.header('ETag', `"${sha256}"`)
      return context.body(null, 200)
    },
  ),
  datasetRoute(
    {
      method: 'POST',
      path: '/api/datasets/:namespace/:name/commit/:revision{.+}',
      summary: 'Commit changes, one JSON object a line',
      right: 'write',
    },
    async (call) => {
      const { hub, context, dataset, actor, origin } = call
      if (context.req.query('create_pr') === '1') throw badRequest('This hub has no pull requests. Commit without create_pr.')
      const branch = decodeSegments(rawPath(call), 5).join('/')
      const changes = await readChanges(hub, dataset, bodyOf(context))
      const [title = '', ...rest] = changes.summary.split('\n')
      const message = [rest.join('\n').trim(), changes.description].filter((part) => part !== '').join('\n\n')
      const commit = await makeCommit(hub, dataset, {
        ...changes,
        branch: branch.replace(/^refs\/heads\//, ''),
        title: title || 'Update',
        message,
        author: actor,
      })
      return context.json({
        success: true,
        commitOid: commit.id,
        commitUrl: `${origin}/datasets/${dataset.fullName}/commit/${commit.id}`,
        hookOutput: '',
      })
    },
  ),
]

/** Git's own form of the dataset's address has `.git` behind the name, so the dataset is looked up here and passes the same access function. */
function signedLfsBatch(): Route {
  const facts = {
    method: 'POST' as const,
    path: '/datasets/:namespace/:repo{[^/]+\\.git}/info/lfs/objects/:action{batch|verify}',
    summary: 'LFS batch: where to upload large files, and the check afterwards',
    body: z.union([Batch, Verify]),
  }
  const answer = async ({ hub, context, viewer, origin }: Call) => {
    const { namespace = '', repo = '', action } = context.req.param()
    const dataset = await findDataset(hub.database, namespace, repo.replace(/\.git$/, ''))
    if (!dataset) throw repoNotFound(viewer.kind === 'user')
    await demand(hub, viewer, dataset, 'write', origin)
    context.header('Content-Type', 'application/vnd.git-lfs+json')
    const lfs = `${origin}/datasets/${dataset.fullName}.git/info/lfs/objects`
    if (action === 'verify') {
      const { oid, size } = await readJson(context, Verify)
      if ((await ownedSize(hub, dataset.id, oid)) !== size)
        throw new HubError(404, 'LfsObjectMissing', `Object ${oid} has not been uploaded with ${size} bytes.`)
      return context.json({})
    }
    const batch = await readJson(context, Batch)
    if (batch.operation !== 'upload') throw badRequest('This address takes uploads. Download files at /resolve.')
    const objects = []
    for (const { oid, size } of batch.objects) {
      const withdrawal = await findWithdrawal(hub, dataset, { sha256: oid })
      if (withdrawal) {
        objects.push({ oid, size, error: { code: 410, message: withdrawnWords(withdrawal) } })
        continue
      }
      if ((await ownedSize(hub, dataset.id, oid)) === size) {
        objects.push({ oid, size, authenticated: true })
        continue
      }
      const query = signUpload(hub, { dataset: dataset.id, sha256: oid, sizeBytes: size, actor: viewerName(viewer) })
      objects.push({
        oid,
        size,
        authenticated: true,
        actions: { upload: { href: `${lfs}/${oid}?${query}` }, verify: { href: `${lfs}/verify` } },
      })
    }
    return context.json({ transfer: 'basic', objects, hash_algo: batch.hash_algo ?? 'sha256' })
  }
  return { ...facts, access: { kind: 'dataset', right: 'write', named: 'path' }, answer }
}

interface Changes {
  summary: string
  description: string
  expectedParent?: string
  set: Map<string, FileFacts>
  remove: Set<string>
}

async function readChanges(hub: Hub, dataset: Dataset, body: AsyncIterable<Uint8Array>): Promise<Changes> {
  const changes: Changes = { summary: '', description: '', set: new Map(), remove: new Set() }
  for await (const bytes of linesOf(body, MAX_LINE)) {
    const line = parseInput(parseJson(bytes), Line)
    if (line.key === 'header') {
      changes.summary = line.value.summary
      changes.description = line.value.description ?? ''
      if (line.value.parentCommit) changes.expectedParent = line.value.parentCommit
      continue
    }
    const path = checkPath(line.value.path.replace(/\/+$/, ''))
    if (line.key === 'deletedFile' || line.key === 'deletedFolder') changes.remove.add(path)
    else if (line.key === 'file')
      changes.set.set(path, await storeInline(hub, dataset, Buffer.from(line.value.content, line.value.encoding)))
    else changes.set.set(path, await largeFacts(hub, dataset, path, line.value.oid))
  }
  return changes
}

async function storeInline(hub: Hub, dataset: Dataset, content: Buffer): Promise<FileFacts> {
  const file = { sha256: sha256Of(content), sizeBytes: content.length }
  await refuseWithdrawn(hub, dataset, file)
  if ((await hub.blobs.size(contentName(file.sha256))) !== file.sizeBytes) {
    await writeContent(
      hub.blobs,
      file,
      (async function* () {
        yield content
      })(),
    )
  }
  await ownContent(hub, dataset.id, file)
  return { ...file, oid: hashBlob(content), isLarge: false }
}

async function largeFacts(hub: Hub, dataset: Dataset, path: string, sha256: string): Promise<FileFacts> {
  await refuseWithdrawn(hub, dataset, { sha256 })
  const sizeBytes = await ownedSize(hub, dataset.id, sha256)
  if (sizeBytes === undefined) throw badRequest(`'${path}' names content that has not been uploaded to this dataset. Upload it first.`)
  return { sha256, sizeBytes, oid: hashPointer(sha256, sizeBytes), isLarge: true }
}

async function ownedSize(hub: Hub, dataset: string, sha256: string): Promise<number | undefined> {
  const sql = 'select size_bytes from contents where dataset_id = $1 and sha256 = $2'
  return (await hub.database.select(z.object({ size_bytes: z.number() }), sql, [dataset, sha256]))[0]?.size_bytes
}

/** Bytes that were withdrawn are not taken again: every revision answers 410 for them. @throws HubError 422 `ContentWithdrawn`. */
async function refuseWithdrawn(hub: Hub, dataset: Dataset, file: { sha256: string }): Promise<void> {
  const withdrawal = await findWithdrawal(hub, dataset, file)
  if (withdrawal) throw new HubError(422, 'ContentWithdrawn', withdrawnWords(withdrawal))
}

const withdrawnWords = ({ reason }: { reason: string }) =>
  `This very file was withdrawn from the dataset: ${reason} Publish one without it.`
