import { lazy } from 'react'
import type { DeskPlace } from './route.desk.ts'

const SearchPage = lazy(() => import('./pages/Search.tsx'))
const SettingsPage = lazy(() => import('./pages/settings/Settings.tsx'))
const AskAccessPage = lazy(() => import('./pages/AskAccess.tsx'))
const AskDeletionPage = lazy(() => import('./pages/AskDeletion.tsx'))
const DeskPage = lazy(() => import('./pages/desk/Desk.tsx'))
const DatasetDeskPage = lazy(() => import('./pages/desk/DatasetDesk.tsx'))
const AdminPage = lazy(() => import('./pages/admin/Admin.tsx'))
const DocsPage = lazy(() => import('./pages/Docs.tsx'))

/** The page of an address for people, stewards and administrators; each is loaded when it is opened. */
export function deskPageOf(place: DeskPlace) {
  switch (place.page) {
    case 'search':
      return <SearchPage query={place.query} />
    case 'settings':
      return <SettingsPage tab={place.tab} />
    case 'ask-access':
      return <AskAccessPage key={`${place.dataset} ${place.level}`} dataset={place.dataset} level={place.level} />
    case 'ask-deletion':
      return <AskDeletionPage key={place.dataset} dataset={place.dataset} conversation={place.conversation} />
    case 'desk':
      return <DeskPage />
    case 'dataset-desk':
      return <DatasetDeskPage key={place.dataset} place={place} />
    case 'admin':
      return <AdminPage tab={place.tab} find={place.find} />
    case 'docs':
      return <DocsPage name={place.name} />
  }
}
