import { type DeskRow, deskApi } from '../../api.desk.ts'
import { Empty, Failed, Loading } from '../../components/State/State.tsx'
import { Tabs } from '../../components/Tabs/Tabs.tsx'
import { useLoad } from '../../load.ts'
import { Link } from '../../navigate.tsx'
import { type DatasetDeskPlace, type DeskTab, deskHref, deskTabs } from '../../route.desk.ts'
import { datasetHref } from '../../route.ts'
import { texts } from '../../texts.desk.ts'
import { DemandsDesk } from './DemandsDesk.tsx'
import { Grantees } from './Grantees.tsx'
import { LedgerView } from './LedgerView.tsx'
import { Notices } from './Notices.tsx'
import { RequestQueue } from './RequestQueue.tsx'
import { Rules } from './Rules.tsx'
import { SettingsDesk } from './SettingsDesk.tsx'
import { Tickets } from './Tickets.tsx'
import { UsesQueue } from './UsesQueue.tsx'

/** The desk of one dataset: who asks, who has access, what is promised, and what happened. */
export default function DatasetDeskPage({ place }: { place: DatasetDeskPlace }) {
  const { dataset, tab } = place
  const found = useLoad(`desk ${dataset} ${tab}`, deskApi.desk)
  if (found.state === 'error') return <Failed error={found.error} retry={found.retry} />
  const row = found.state === 'ready' ? found.value.find((one) => one.dataset.toLowerCase() === dataset.toLowerCase()) : undefined
  if (found.state === 'ready' && !row) return <Empty title={texts.desk.notStaff} />
  return (
    <>
      <h1>
        {texts.desk.title}: <Link href={datasetHref(dataset)}>{dataset}</Link>
      </h1>
      <Tabs
        label={texts.desk.title}
        tabs={deskTabs.map((one) => ({
          href: deskHref(dataset, one),
          name: texts.desk.tabs[one],
          isCurrent: one === tab,
          count: row ? countOf(row, one) : 0,
        }))}
      />
      {row ? <Tab place={place} row={row} /> : <Loading />}
    </>
  )
}

function countOf(row: DeskRow, tab: DeskTab): number {
  if (tab === 'requests') return row.pending + row.raw
  if (tab === 'deletions') return row.deletions
  if (tab === 'uses') return row.uses
  return tab === 'demands' ? row.overdue : 0
}

function Tab({ place, row }: { place: DatasetDeskPlace; row: DeskRow }) {
  const { dataset } = place
  const isOwner = row.role === 'owner'
  switch (place.tab) {
    case 'requests':
      return <RequestQueue key={`${place.level} ${place.status}`} place={place} isGated={row.gated !== 'false'} />
    case 'grantees':
      return <Grantees dataset={dataset} isGated={row.gated !== 'false'} />
    case 'rules':
      return <Rules key={place.level} dataset={dataset} level={place.level} />
    case 'deletions':
      return <Tickets dataset={dataset} />
    case 'demands':
      return <DemandsDesk dataset={dataset} />
    case 'uses':
      return <UsesQueue dataset={dataset} isOwner={isOwner} />
    case 'notices':
      return <Notices dataset={dataset} isOwner={isOwner} />
    case 'ledger':
      return (
        <LedgerView
          load={(given, signal) => deskApi.ledger(dataset, given, signal)}
          exportHref={`/api/datasets/${dataset}/ledger`}
          name={dataset}
        />
      )
    case 'settings':
      return <SettingsDesk dataset={dataset} isOwner={isOwner} />
  }
}
