import { lazy, Suspense, useEffect } from 'react'
import { Header } from './components/Header/Header.tsx'
import { Empty, Loading } from './components/State/State.tsx'
import { Link, usePlace } from './navigate.tsx'
import { HomePage } from './pages/Home.tsx'
import { chatPageOf } from './pages.chat.tsx'
import { deskPageOf } from './pages.desk.tsx'
import { texts as desk } from './texts.desk.ts'
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
  const title = titleOf(place)
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

/** What the window is called: the dataset, or the page's name. */
function titleOf(place: ReturnType<typeof usePlace>): string {
  if ('dataset' in place && place.dataset) return `${place.dataset} · ${texts.product}`
  const names: Readonly<Record<string, string>> = desk.names
  const name = names[place.page]
  return name ? `${name} · ${texts.product}` : texts.product
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
    case 'search':
    case 'settings':
    case 'ask-access':
    case 'ask-deletion':
    case 'desk':
    case 'dataset-desk':
    case 'admin':
    case 'docs':
      return deskPageOf(place)
    case 'unknown':
      return (
        <>
          <h1>{desk.unknown.title}</h1>
          <Empty title={desk.unknown.hint}>
            <Link href="/">{desk.unknown.home}</Link>
          </Empty>
        </>
      )
  }
}
