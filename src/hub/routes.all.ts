import { loginRoutes } from './accounts/login.ts'
import { mailedRoutes } from './accounts/mailed.ts'
import { openidRoutes } from './accounts/openid.ts'
import { peopleRoutes } from './accounts/people.ts'
import { accountRoutes } from './accounts/routes.ts'
import { consoleRoutes } from './console/routes.ts'
import { rawRoutes } from './gate/raw.ts'
import { gateSettingsRoutes } from './gate/routes.settings.ts'
import { gateRoutes } from './gate/routes.ts'
import { settingsRoutes } from './gate/settings.ts'
import { ownRoutes } from './own/routes.ts'
import { searchRoutes } from './own/searches.ts'
import { deletionRoutes } from './promises/deletions.ts'
import { licenceRoutes } from './promises/licence.ts'
import { reportRoutes } from './promises/report.ts'
import { tombstoneRoutes } from './promises/tombstones.ts'
import { fileRoutes } from './protocol/files.ts'
import { historyRoutes } from './protocol/history.ts'
import { infoRoutes } from './protocol/info.ts'
import { repoRoutes } from './publish/repos.ts'
import { uploadRoutes } from './publish/upload.ts'
import { versionRoutes } from './publish/versions.ts'
import type { Route } from './routes.ts'
import { docsRoutes } from './system/docs.ts'
import { ledgerPageRoutes } from './system/ledger-page.ts'
import { systemRoutes } from './system/routes.ts'
import { downloadRoutes } from './uses/downloads.ts'
import { useRoutes } from './uses/routes.ts'
import { diffRoutes } from './viewer/diff.ts'
import { viewerRoutes } from './viewer/routes.ts'

/** Every route of the hub, in the order they are tried. */
export const allRoutes: readonly Route[] = [
  ...systemRoutes(() => allRoutes),
  ...docsRoutes,
  ...ledgerPageRoutes,
  ...loginRoutes,
  ...mailedRoutes,
  ...openidRoutes,
  ...peopleRoutes,
  ...accountRoutes,
  ...infoRoutes,
  ...fileRoutes,
  ...historyRoutes,
  ...gateRoutes,
  ...gateSettingsRoutes,
  ...settingsRoutes,
  ...rawRoutes,
  ...deletionRoutes,
  ...tombstoneRoutes,
  ...licenceRoutes,
  ...reportRoutes,
  ...ownRoutes,
  ...searchRoutes,
  ...useRoutes,
  ...downloadRoutes,
  ...repoRoutes,
  ...uploadRoutes,
  ...versionRoutes,
  ...viewerRoutes,
  ...diffRoutes,
  ...consoleRoutes,
]
