import { lazy, Suspense, useEffect } from 'react'
import { Header } from './components/Header/Header.tsx'
import { Empty, Loading } from './components/State/State.tsx'
import { usePlace } from './navigate.tsx'
import { HomePage } from './pages/Home.tsx'
import { chatPageOf } from './pages.chat.tsx'
import { texts } from './texts.ts'

const DatasetPage = lazy(() => import('./pages/Dataset.tsx'))
const ViewerPage = lazy(() => import('./pages/Viewer.tsx'))
const StatisticsPage = lazy(() => import('./pages/Statistics.tsx'))
const ComparePage = lazy(() => import('./pages/Compare.tsx'))
const DiffPage = lazy(() => import('./pages/Diff.tsx'))
const SqlPage = lazy(() => import('./pages/Sql.tsx'))
const SignPage = lazy(() => import('./pages/Sign.tsx'))
const ConfirmPage = lazy(() => import('./pages/Confirm.tsx'))
const SignMailPage = lazy(() => import('./pages/SignMail.tsx'))

/** The whole site: the page that the address names, under one header. */
export function App() {
  const place = usePlace()
  const title = 'dataset' in place && place.dataset ? `${place.dataset} · ${texts.product}` : texts.product
  useEffect(() => {
    document.title = title
  }, [title])
  return (
    <>
      <a className="skip" href="#content">
        {texts.skip}
      </a>
      <Header />
      <main id="content" tabIndex={-1}>
        <Suspense fallback={<Loading />}>{pageOf(place)}</Suspense>
      </main>
    </>
  )
}

function pageOf(place: ReturnType<typeof usePlace>) {
  switch (place.page) {
    case 'home':
      return <HomePage search={place.search} />
    case 'dataset':
      return <DatasetPage key={place.dataset} dataset={place.dataset} revision={place.revision} />
    case 'viewer':
      return <ViewerPage key={place.dataset} place={place} />
    case 'statistics':
      return <StatisticsPage key={place.dataset} place={place} />
    case 'compare':
      return <ComparePage key={place.dataset} place={place} />
    case 'diff':
      return <DiffPage key={place.dataset} place={place} />
    case 'sql':
      return <SqlPage dataset={place.dataset} />
    case 'sign-in':
      return <SignPage from={place.from} isSetup={false} />
    case 'setup':
      return <SignPage from="/" isSetup={true} />
    case 'chat':
    case 'shared':
    case 'arena':
    case 'leaderboard':
    case 'withdraw':
    case 'operator':
      return chatPageOf(place)
    case 'confirm':
      return <ConfirmPage />
    case 'mailed':
      return <SignMailPage kind={place.kind} />
    case 'unknown':
      return <Empty title="There is no page at this address.">Go to the list of datasets, or use the search there.</Empty>
  }
}
