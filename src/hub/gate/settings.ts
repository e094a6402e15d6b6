import { z } from 'zod'
import { DatasetSettings } from '../datasets/store.ts'
import { datasetRoute, type Route } from '../routes.ts'

/** What an owner has chosen; the route that changes it is the gate's. */
export const settingsRoutes: Route[] = [
  datasetRoute(
    {
      method: 'GET',
      path: '/api/datasets/:namespace/:name/settings',
      summary: 'Gate, visibility and other settings',
      right: 'write',
      reply: z.object({ gated: z.union([z.literal(false), z.string()]), visibility: z.string(), settings: DatasetSettings }),
    },
    ({ context, dataset }) =>
      context.json({
        gated: dataset.gated === 'false' ? false : dataset.gated,
        visibility: dataset.isPrivate ? 'private' : 'public',
        settings: dataset.settings,
      }),
  ),
]
