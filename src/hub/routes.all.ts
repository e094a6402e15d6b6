import { accountRoutes } from './accounts/routes.ts'
import { gateRoutes } from './gate/routes.ts'
import { fileRoutes } from './protocol/files.ts'
import { historyRoutes } from './protocol/history.ts'
import { infoRoutes } from './protocol/info.ts'
import { repoRoutes } from './publish/repos.ts'
import { uploadRoutes } from './publish/upload.ts'
import type { Route } from './routes.ts'
import { viewerRoutes } from './viewer/routes.ts'

/** Every route of the hub, in the order they are tried. */
export const allRoutes: readonly Route[] = [
  ...accountRoutes,
  ...infoRoutes,
  ...fileRoutes,
  ...historyRoutes,
  ...gateRoutes,
  ...repoRoutes,
  ...uploadRoutes,
  ...viewerRoutes,
]
