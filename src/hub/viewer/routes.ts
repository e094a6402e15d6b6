import type { Route } from '../routes.ts'
import { exploreRoutes } from './explore.ts'
import { exportRoutes } from './export.ts'
import { factRoutes } from './facts.ts'
import { fileRoutes } from './files.ts'
import { pageRoutes } from './pages.ts'
import { rebuildRoutes } from './rebuild.ts'

/** The dataset-viewer API and what the pages ask beside it. It is also reached on the host name `datasets-server.<host>`, without the prefix. */
export const viewerRoutes: Route[] = [...factRoutes, ...pageRoutes, ...exploreRoutes, ...exportRoutes, ...fileRoutes, ...rebuildRoutes]
