import { z } from 'zod'
import { knownRefs, knownWithdrawals } from '../datasets/known.ts'
import { type Commit, resolveRevision } from '../datasets/revisions.ts'
import type { Dataset } from '../datasets/store.ts'
import { entryWithdrawn, HubError } from '../errors.ts'
import type { Hub } from '../hub.ts'
import type { Source } from '../index/indexes.ts'
import type { SearchRole } from '../index/query.ts'
import type { Selection } from '../index/split-index.ts'
import { headerText } from '../reply.ts'
import type { DatasetCall } from '../routes.ts'
import { findSplits, type Split } from './layout.ts'
import { sourceOf } from './source.ts'

/** Most rows of one page. */
export const PAGE = 100

/** Parameters that name a dataset, a configuration and a split at a revision. */
export const Of = z.object({
  dataset: z.string(),
  config: z.string().optional(),
  split: z.string().optional(),
  revision: z.string().optional(),
})
/** Parameters that name one split. */
export const OfSplit = Of.extend({ config: z.string(), split: z.string() })
/** Parameters that choose rows of a split: a condition and words to search for. */
export const Choice = OfSplit.extend({
  where: z.string().optional(),
  query: z.string().optional(),
  role: z.enum(['any', 'user', 'assistant']).optional(),
})
/** Parameters of a page of rows. */
export const Page = { offset: z.number().optional(), length: z.number().optional() }

/** What a viewer route says of itself. */
export const facts = (path: string, summary: string, query: z.ZodObject) => ({
  method: 'GET' as const,
  path: `/api/viewer${path}`,
  summary,
  query,
  right: 'release' as const,
})

/** The splits that a call names, with files, none of them withdrawn. */
export async function splitsOf(call: DatasetCall): Promise<{ splits: Split[]; commit: Commit }> {
  const { hub, dataset, context } = call
  const commit = await resolveRevision(hub.database, dataset, context.req.query('revision') ?? 'main', knownRefs)
  const { config, split } = context.req.query()
  const splits = (await findSplits(hub, dataset, commit)).filter(
    (one) => one.files.length > 0 && (!config || one.config === config) && (!split || one.split === split),
  )
  const files = splits.flatMap((one) => one.files)
  await refuseWithdrawnFiles(hub, dataset, commit, files)
  if (splits.length === 0 && (config || split)) throw notFound()
  return { splits, commit }
}

/** @throws HubError 410 `EntryWithdrawn` where a file's bytes were withdrawn. */
export async function refuseWithdrawnFiles(hub: Hub, dataset: Dataset, commit: Commit, files: Split['files']): Promise<void> {
  const withdrawals = await knownWithdrawals(hub.database, dataset)
  if (withdrawals.size === 0) return
  for (const { path, entry } of files) {
    const reason = withdrawals.get(entry.sha256)
    if (reason !== undefined) throw entryWithdrawn(path, reason, commit.id)
  }
}

/** The one split that a call names. */
export async function oneSplit(call: DatasetCall): Promise<{ split: Split; source: Source; commit: Commit }> {
  required(call, 'config')
  required(call, 'split')
  const { splits, commit } = await splitsOf(call)
  const [split] = splits
  if (!split) throw notFound()
  return { split, source: sourceOf(call.hub, split), commit }
}

/** The rows that a call chooses. */
export function selectionOf(call: DatasetCall): Selection {
  const { where, query } = call.context.req.query()
  return { role: parseRole(call), ...(where ? { where } : {}), ...(query ? { query } : {}) }
}

/** A parameter that must be there. */
export function required(call: DatasetCall, name: string): string {
  const value = call.context.req.query(name)
  if (!value) throw new HubError(422, 'MissingRequiredParameter', `Parameter '${name}' is required`)
  return value
}

/** The page that a call asks for. */
export function pageOf({ context }: DatasetCall): { offset: number; length: number } {
  const offset = wholeNumber('offset', context.req.query('offset') ?? '0')
  const length = wholeNumber('length', context.req.query('length') ?? String(PAGE))
  if (length > PAGE) throw new HubError(422, 'InvalidParameter', `Parameter 'length' must not be greater than ${PAGE}`)
  return { offset, length }
}

/** A parameter that is a whole number from 0. */
export function wholeNumber(name: string, text: string): number {
  if (!/^-?\d{1,12}$/.test(text)) throw new HubError(422, 'InvalidParameter', `Parameter '${name}' must be integer`)
  if (text.startsWith('-')) throw new HubError(422, 'InvalidParameter', `Parameter '${name}' must be positive`)
  return Number(text)
}

function parseRole({ context }: DatasetCall): SearchRole {
  const role = z.enum(['any', 'user', 'assistant']).safeParse(context.req.query('role') ?? 'any')
  if (!role.success) throw new HubError(422, 'InvalidParameter', "Parameter 'role' must be any, user or assistant")
  return role.data
}

/** Answers with JSON. */
export async function reply(call: DatasetCall, body: unknown, commit?: Commit): Promise<Response> {
  return replyBytes(call, Buffer.from(JSON.stringify(body)), commit)
}

/** Answers with JSON text, and keeps in the ledger who was shown how much of what. The question itself is not kept: it may quote a conversation. */
export async function replyBytes(call: DatasetCall, bytes: Uint8Array<ArrayBuffer>, commit?: Commit): Promise<Response> {
  const { context, dataset, hub, actor } = call
  await hub.ledger.append({
    actor,
    action: `viewer.${context.req.path.split('/').at(-1)}`,
    dataset: dataset.fullName,
    bytes: bytes.length,
    ...(commit ? { revision: commit.id } : {}),
  })
  viewerHeaders(call, commit)
  context.header('Content-Type', 'application/json; charset=utf-8')
  return context.body(bytes)
}

/** Headers of the dataset-viewer API: how long the answer holds, and the revision. */
export function viewerHeaders({ context }: DatasetCall, commit: Commit | undefined): void {
  context.header('Cache-Control', 'private, max-age=120')
  if (commit) context.header('X-Revision', headerText(commit.id))
}

/** No such configuration or split. */
export const notFound = () => new HubError(404, 'ResponseNotFound', 'Not found.')
