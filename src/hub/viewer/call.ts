import { z } from 'zod'
import { findWithdrawal } from '../datasets/content.ts'
import { type Commit, resolveRevision } from '../datasets/revisions.ts'
import { entryWithdrawn, HubError } from '../errors.ts'
import { headerText } from '../reply.ts'
import type { DatasetCall } from '../routes.ts'
import { findSplits, type Split } from './layout.ts'
import type { SearchRole } from './query.ts'

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
  const commit = await resolveRevision(hub.database, dataset, context.req.query('revision') ?? 'main')
  const { config, split } = context.req.query()
  const splits = (await findSplits(hub, dataset, commit)).filter(
    (one) => one.files.length > 0 && (!config || one.config === config) && (!split || one.split === split),
  )
  for (const { path, entry } of splits.flatMap(({ files }) => files)) await refuseWithdrawn(call, commit, path, entry)
  return { splits, commit }
}

/** The one split that a call names. */
export async function oneSplit(call: DatasetCall): Promise<{ split: Split; commit: Commit }> {
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

/** Whose turns a search is held to. */
export function parseRole({ context }: DatasetCall): SearchRole {
  const role = z.enum(['any', 'user', 'assistant']).safeParse(context.req.query('role') ?? 'any')
  if (!role.success) throw new HubError(422, 'InvalidParameter', "Parameter 'role' must be any, user or assistant")
  return role.data
}

/** Answers, and keeps in the ledger who was shown how much of what. The question itself is not kept: it may quote a conversation. */
export async function reply(call: DatasetCall, body: unknown, commit?: Commit): Promise<Response> {
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

/** No such configuration or split. */
export const notFound = () => new HubError(404, 'ResponseNotFound', 'Not found.')
