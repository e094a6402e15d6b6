import { z } from 'zod'
import { parseInput } from '../body.ts'
import { parseEntries } from '../ledger.ts'
import { adminRoute, type Call, datasetRoute, type Route } from '../routes.ts'

const Query = z.object({
  /** Entries with a smaller number. */
  before: z.coerce.number().int().min(1).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  /** The beginning of an action, such as `access.` or `file.downloaded`. */
  action: z
    .string()
    .max(100)
    .regex(/^[a-z.-]*$/, 'small letters, dots and hyphens')
    .default(''),
  actor: z.string().max(100).default(''),
})

/** The ledger a page at a time, newest first, for reading; the exports beside it are for filing. */
export const ledgerPageRoutes: Route[] = [
  datasetRoute(
    {
      method: 'GET',
      path: '/api/datasets/:namespace/:name/ledger/page',
      summary: 'The ledger’s entries of this dataset, newest first, a page before a number; by actor or beginning of the action',
      right: 'steward',
      query: Query,
    },
    (call) => replyPage(call, call.dataset.fullName),
  ),
  adminRoute(
    {
      method: 'GET',
      path: '/api/admin/ledger/page',
      summary: 'The whole ledger, newest first, a page before a number; by actor or beginning of the action',
      query: Query,
    },
    (call) => replyPage(call, null),
  ),
]

async function replyPage({ hub, context }: Call, dataset: string | null): Promise<Response> {
  const { before, limit, action, actor } = parseInput(context.req.query(), Query)
  const sql = `select * from ledger where ($1::text is null or dataset = $1) and ($2::bigint is null or number < $2) and starts_with(action, $3)
    and ($4 = '' or actor = $4) order by number desc limit $5`
  const found = await parseEntries(hub.database, sql, [dataset, before ?? null, action, actor, limit + 1])
  const entries = found.slice(0, limit)
  return context.json({ entries, next: found.length > limit ? (entries.at(-1)?.number ?? null) : null })
}
