import { z } from 'zod'
import { readLedger, verifyLedger } from '../ledger.ts'
import { streamOf } from '../protocol/serve-content.ts'
import { adminRoute, datasetRoute, openRoute, type Route } from '../routes.ts'
import { printMetrics } from './metrics.ts'
import { describeRoutes } from './openapi.ts'

const Check = z.object({ entries: z.number(), head: z.string(), brokenAt: z.number().optional() })

/** Health, metrics, the description of all routes, and the ledger. `allRoutes` is asked for late, since it holds these, too. */
export function systemRoutes(allRoutes: () => readonly Route[]): Route[] {
  return [
    openRoute({ method: 'GET', path: '/api/health', summary: '200 when the database answers' }, async ({ hub, context }) => {
      await hub.database.select(z.object({}), 'select 1 as one')
      return context.json({ status: 'ok' })
    }),
    openRoute({ method: 'GET', path: '/api/metrics', summary: 'Counts and durations of requests, for Prometheus' }, ({ hub, context }) => {
      context.header('Content-Type', 'text/plain; version=0.0.4')
      return context.body(printMetrics(hub))
    }),
    openRoute({ method: 'GET', path: '/api/openapi.json', summary: 'This description' }, ({ context, origin }) =>
      context.json(describeRoutes(allRoutes(), origin)),
    ),
    adminRoute({ method: 'GET', path: '/api/admin/ledger', summary: 'The whole ledger as JSON lines' }, ({ hub, context }) => {
      context.header('Content-Type', 'application/jsonl')
      return context.body(streamOf(linesOf(readLedger(hub.database))))
    }),
    adminRoute(
      { method: 'GET', path: '/api/admin/ledger/check', summary: 'Check the whole chain', reply: Check },
      async ({ hub, context }) => context.json(await verifyLedger(hub.database)),
    ),
    datasetRoute(
      {
        method: 'GET',
        path: '/api/datasets/:namespace/:name/ledger',
        summary: 'The ledger’s entries of this dataset as JSON lines',
        right: 'steward',
      },
      ({ hub, context, dataset }) => {
        context.header('Content-Type', 'application/jsonl')
        return context.body(streamOf(linesOf(readLedger(hub.database, { dataset: dataset.fullName }))))
      },
    ),
    datasetRoute(
      {
        method: 'GET',
        path: '/api/datasets/:namespace/:name/usage',
        summary: 'What each person has read: times, bytes, first and last',
        right: 'steward',
      },
      async ({ hub, context, dataset }) => {
        const Use = z.object({
          actor: z.string(),
          action: z.string(),
          times: z.number(),
          bytes: z.number(),
          first: z.string(),
          last: z.string(),
        })
        const sql = `select actor, action, count(*) as times, coalesce(sum(bytes), 0)::bigint as bytes, min(at) as first, max(at) as last from ledger
          where dataset = $1 and bytes is not null group by actor, action order by actor, action`
        return context.json(await hub.database.select(Use, sql, [dataset.fullName]))
      },
    ),
  ]
}

async function* linesOf(pages: AsyncIterable<readonly unknown[]>): AsyncIterable<Uint8Array> {
  for await (const page of pages) yield Buffer.from(page.map((entry) => `${JSON.stringify(entry)}\n`).join(''))
}
