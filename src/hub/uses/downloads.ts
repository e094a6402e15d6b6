import { z } from 'zod'
import { parseInput } from '../body.ts'
import { decide } from '../gate/access.ts'
import { datasetRoute, type Route } from '../routes.ts'

/** Counts below this are not told to strangers: one person's doings could be read from them. */
const FLOOR = 5

const Query = z.object({ by: z.enum(['day', 'month']).default('day') })
const Period = z.object({
  period: z.string(),
  /** Null: fewer than the floor. */
  downloads: z.number().nullable(),
  bytes: z.number().nullable(),
  people: z.number().nullable(),
})
const Row = z.object({ period: z.string(), downloads: z.number(), bytes: z.number(), people: z.number() })

/** Downloads over time, counted from the ledger: the last 400 days or all months. */
export const downloadRoutes: Route[] = [
  datasetRoute(
    {
      method: 'GET',
      path: '/api/datasets/:namespace/:name/downloads',
      summary: 'Files downloaded by day or month; small counts are null for strangers, bytes and people are for owners and stewards',
      right: 'listing',
      query: Query,
      reply: z.object({ by: z.string(), floor: z.number(), periods: z.array(Period) }),
    },
    async ({ hub, context, dataset, viewer }) => {
      const { by } = parseInput(context.req.query(), Query)
      const since = new Date(hub.now().getTime() - 400 * 86_400_000).toISOString()
      // Several ranges of one file by one person on one day are one download, since clients read Parquet in pieces.
      const sql = `select period, count(*) as downloads, coalesce(sum(bytes), 0)::bigint as bytes, count(distinct actor) as people from (
          select substr(at, 1, ${by === 'day' ? 10 : 7}) as period, actor, sum(bytes) as bytes
          from ledger where dataset = $1 and action = 'file.downloaded' and ($2 = 'month' or at >= $3)
          group by substr(at, 1, 10), substr(at, 1, ${by === 'day' ? 10 : 7}), actor, path, revision
        ) each_file group by period order by period`
      const found = await hub.database.select(Row, sql, [dataset.fullName, by, since])
      const isStaff = (await decide(hub, viewer, dataset, 'steward')).isAllowed
      const periods = found.map(({ period, downloads, bytes, people }) =>
        isStaff
          ? { period, downloads, bytes, people }
          : { period, downloads: downloads < FLOOR ? null : downloads, bytes: null, people: null },
      )
      return context.json({ by, floor: isStaff ? 0 : FLOOR, periods })
    },
  ),
]
