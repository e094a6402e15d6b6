import { z } from 'zod'
import { parseInput, readJson } from '../body.ts'
import { conflict, HubError } from '../errors.ts'
import { accountRoute, type Route } from '../routes.ts'

const MAX_SEARCHES = 500

const Name = z.string().trim().min(1).max(80)
const Dataset = z.string().regex(/^[\w.-]{1,100}\/[\w.-]{1,100}$/)
/** The view of a dataset's own pages: no saved search leads elsewhere. */
const Saved = z
  .object({ dataset: Dataset, name: Name, href: z.string().max(8000) })
  .refine(({ dataset, href }) => href.startsWith(`/datasets/${dataset}/`) && !/[\p{Cc}\\]/u.test(href), {
    path: ['href'],
    message: 'a path below the dataset’s page',
  })
const Named = z.object({ dataset: Dataset, name: Name })
const SavedRow = z
  .object({ dataset: z.string(), name: z.string(), href: z.string(), saved_at: z.date() })
  .transform(({ saved_at, ...rest }) => ({ ...rest, savedAt: saved_at }))

/** Searches that a person gave a name. They are the person's alone: whoever opens one is asked by the gate like anybody. */
export const searchRoutes: Route[] = [
  accountRoute(
    {
      method: 'GET',
      path: '/api/settings/searches',
      summary: 'Your saved searches, newest first',
      reply: z.array(Saved.safeExtend({ savedAt: z.string() })),
    },
    async ({ hub, context, user }) => {
      const sql = 'select dataset, name, href, saved_at from saved_searches where user_id = $1 order by saved_at desc, dataset, name'
      return context.json(await hub.database.select(SavedRow, sql, [user.id]))
    },
  ),
  accountRoute(
    {
      method: 'PUT',
      path: '/api/settings/searches',
      summary: 'Save a search under a name, in place of the one of that name',
      needs: 'write',
      body: Saved,
    },
    async ({ hub, context, user }) => {
      const { dataset, name, href } = await readJson(context, Saved)
      const kept = await hub.database.change(
        `insert into saved_searches (user_id, dataset, name, href, saved_at)
         select $1, $2, $3, $4, $5 where (select count(*) from saved_searches where user_id = $1 and (dataset, name) <> ($2, $3)) < $6
         on conflict (user_id, dataset, name) do update set href = excluded.href, saved_at = excluded.saved_at`,
        [user.id, dataset, name, href, hub.now(), MAX_SEARCHES],
      )
      if (kept === 0) throw conflict('TooManySearches', `An account keeps ${MAX_SEARCHES} searches. Delete some of yours first.`)
      return context.json({ dataset, name, href })
    },
  ),
  accountRoute(
    { method: 'DELETE', path: '/api/settings/searches', summary: 'Delete a saved search', needs: 'write', query: Named },
    async ({ hub, context, user }) => {
      const { dataset, name } = parseInput(context.req.query(), Named)
      const gone = await hub.database.change('delete from saved_searches where user_id = $1 and dataset = $2 and name = $3', [
        user.id,
        dataset,
        name,
      ])
      if (gone === 0) throw new HubError(404, 'SearchNotFound', `You have no saved search '${name}' of ${dataset}.`)
      return context.json({ dataset, name })
    },
  ),
]
