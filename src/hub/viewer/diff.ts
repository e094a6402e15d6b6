import { z } from 'zod'
import { parseInput } from '../body.ts'
import { type Commit, resolveRevision } from '../datasets/revisions.ts'
import { HubError } from '../errors.ts'
import type { Difference } from '../index/compare.ts'
import { type DatasetCall, datasetRoute, type Route } from '../routes.ts'
import { refuseWithdrawnFiles } from './call.ts'
import { findSplits, type Split } from './layout.ts'
import { sourceOf } from './source.ts'

const Query = z.object({
  base: z.string(),
  head: z.string().default('main'),
  config: z.string().default('default'),
  split: z.string().default('train'),
  kind: z.enum(['added', 'removed', 'changed']).optional(),
  offset: z.coerce.number().int().min(0).default(0),
  length: z.coerce.number().int().min(0).max(1000).default(100),
})

/** The last few comparisons: commits never change, so neither does what lies between them. */
const kept = new Map<string, Difference[]>()
const KEPT = 20

/** The difference of two versions, row by row, by conversation id. */
export const diffRoutes: Route[] = [
  datasetRoute(
    {
      method: 'GET',
      path: '/api/datasets/:namespace/:name/diff',
      summary: 'Conversations added, removed and changed (and in which columns) from one version to another; counts and a page',
      right: 'release',
      query: Query,
    },
    async (call) => {
      const { hub, context, dataset, actor } = call
      const query = parseInput(context.req.query(), Query)
      const base = await resolveRevision(hub.database, dataset, query.base)
      const head = await resolveRevision(hub.database, dataset, query.head)
      const all = await compare(call, base, head, query)
      const counts = { added: 0, removed: 0, changed: 0 }
      for (const { kind } of all) counts[kind] += 1
      const wanted = all.filter(({ kind }) => query.kind === undefined || kind === query.kind)
      await hub.ledger.append({
        actor,
        action: 'versions.compared',
        dataset: dataset.fullName,
        revision: head.id,
        detail: { base: base.id },
      })
      return context.json({
        base: base.id,
        head: head.id,
        counts,
        rows: wanted.slice(query.offset, query.offset + query.length),
        total: wanted.length,
      })
    },
  ),
]

async function compare(
  call: DatasetCall,
  base: Commit,
  head: Commit,
  { config, split }: { config: string; split: string },
): Promise<Difference[]> {
  const splits = { base: await splitAt(call, base, config, split), head: await splitAt(call, head, config, split) }
  const key = JSON.stringify([call.dataset.id, base.id, head.id, config, split])
  const known = kept.get(key)
  if (known) return known
  const folderOf = (one: Split) => call.hub.indexes.folder(sourceOf(call.hub, one))
  const folders = { base: await folderOf(splits.base), head: await folderOf(splits.head) }
  const all = await call.hub.indexes.comparers.ask('compare', folders)
  if (kept.size >= KEPT) for (const first of kept.keys()) if (kept.delete(first)) break
  kept.set(key, all)
  return all
}

/** A revision's split, none of its files withdrawn: what was deleted is not told by what it differs in. */
async function splitAt({ hub, dataset }: DatasetCall, commit: Commit, config: string, split: string): Promise<Split> {
  const found = (await findSplits(hub, dataset, commit)).find((one) => one.config === config && one.split === split)
  if (!found) throw new HubError(404, 'ResponseNotFound', `Revision ${commit.id} has no split '${split}' of '${config}'.`)
  await refuseWithdrawnFiles(hub, dataset, commit, found.files)
  return found
}
