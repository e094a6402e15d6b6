import { createHash } from 'node:crypto'
import { z } from 'zod'
import { parseInput } from '../body.ts'
import { type Commit, resolveRevision } from '../datasets/revisions.ts'
import { HubError } from '../errors.ts'
import { type DatasetCall, datasetRoute, type Route } from '../routes.ts'
import { findSplits } from './layout.ts'
import { countRows, type JsonRow, readRows } from './rows.ts'

const Query = z.object({
  base: z.string(),
  head: z.string().default('main'),
  config: z.string().default('default'),
  split: z.string().default('train'),
  kind: z.enum(['added', 'removed', 'changed']).optional(),
  offset: z.coerce.number().int().min(0).default(0),
  length: z.coerce.number().int().min(0).max(1000).default(100),
})

/** What became of one conversation between two versions; `columns` are those that changed. */
interface Difference {
  id: string
  kind: 'added' | 'removed' | 'changed'
  columns?: string[]
}

/** The last few comparisons: commits never change, so neither does what lies between them. */
const kept = new Map<string, Difference[]>()
const KEPT = 20
const PAGE = 1000

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
  const key = JSON.stringify([call.dataset.id, base.id, head.id, config, split])
  const known = kept.get(key)
  if (known) return known
  const before = await digestRows(call, base, config, split)
  const after = await digestRows(call, head, config, split)
  const all: Difference[] = []
  for (const [id, row] of after) {
    const old = before.get(id)
    if (!old) all.push({ id, kind: 'added' })
    else {
      const columns = [...new Set([...row.keys(), ...old.keys()])].filter((column) => row.get(column) !== old.get(column))
      if (columns.length > 0) all.push({ id, kind: 'changed', columns })
    }
  }
  for (const id of before.keys()) if (!after.has(id)) all.push({ id, kind: 'removed' })
  all.sort((a, b) => (a.id < b.id ? -1 : 1))
  if (kept.size >= KEPT) for (const first of kept.keys()) if (kept.delete(first)) break
  kept.set(key, all)
  return all
}

/** Of every row, by its id, a short hash of each column: versions are compared without holding their texts. */
async function digestRows(call: DatasetCall, commit: Commit, config: string, split: string): Promise<Map<string, Map<string, string>>> {
  const found = (await findSplits(call.hub, call.dataset, commit)).find((one) => one.config === config && one.split === split)
  if (!found) throw new HubError(404, 'ResponseNotFound', `Revision ${commit.id} has no split '${split}' of '${config}'.`)
  const digests = new Map<string, Map<string, string>>()
  const total = await countRows(call.hub, found)
  for (let offset = 0; offset < total; offset += PAGE) {
    for (const row of await readRows(call.hub, found, offset, PAGE))
      digests.set(idOf(row), new Map(Object.entries(row).map(([name, value]) => [name, digest(value)])))
  }
  return digests
}

function idOf(row: JsonRow): string {
  const id = row.conversation_id ?? row.id
  if (typeof id === 'string' || typeof id === 'number') return String(id)
  throw new HubError(422, 'NoConversationId', 'Versions are compared by conversation_id (or id); this split has neither.')
}

const digest = (value: unknown) =>
  createHash('sha1')
    .update(JSON.stringify(value) ?? '')
    .digest('base64')
    .slice(0, 12)
