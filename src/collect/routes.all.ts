import { arenaRoutes } from './arena/routes.ts'
import { feedbackRoutes } from './chat/feedback.ts'
import { chatRoutes } from './chat/routes.ts'
import { consentRoutes } from './consent/routes.ts'
import { keyRoutes } from './gateway/keys.ts'
import { gatewayRoutes } from './gateway/routes.ts'
import { reportRoutes } from './guards/reports.ts'
import { modelRoutes } from './models/routes.ts'
import { operatorRoutes } from './operator/routes.ts'
import type { SiteRoute } from './routes.ts'

/** Every route of the site. docs/collect.md lists the same ones; a test compares them. */
export const allSiteRoutes: readonly SiteRoute[] = [
  ...consentRoutes,
  ...modelRoutes,
  ...chatRoutes,
  ...feedbackRoutes,
  ...reportRoutes,
  ...arenaRoutes,
  ...operatorRoutes,
  ...keyRoutes,
  ...gatewayRoutes,
]
