import { z } from 'zod'
import { readJson } from '../body.ts'
import { resolveRevision } from '../datasets/revisions.ts'
import { datasetRoute, type Route } from '../routes.ts'
import { findSplits } from './layout.ts'
import { sourceOf } from './source.ts'

const Which = z.object({ revision: z.string().max(200).default('main') })

/** The way out of an index that could not be built. */
export const rebuildRoutes: Route[] = [
  datasetRoute(
    {
      method: 'POST',
      path: '/api/datasets/:namespace/:name/index',
      summary: 'Build the search indexes of a revision again where that failed; tells how far each is',
      right: 'steward',
      body: Which,
    },
    async ({ hub, context, dataset }) => {
      const { revision } = await readJson(context, Which)
      const commit = await resolveRevision(hub.database, dataset, revision)
      const splits = (await findSplits(hub, dataset, commit)).filter(({ files }) => files.length > 0)
      return context.json({
        splits: splits.map((split) => ({ config: split.config, split: split.split, ...hub.indexes.retry(sourceOf(hub, split)) })),
      })
    },
  ),
]
