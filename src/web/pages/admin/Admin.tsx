import { deskApi } from '../../api.desk.ts'
import { api } from '../../api.ts'
import { Empty, Loading } from '../../components/State/State.tsx'
import { Tabs } from '../../components/Tabs/Tabs.tsx'
import { useLoad } from '../../load.ts'
import { Link } from '../../navigate.tsx'
import { type AdminTab, adminHref, adminTabs } from '../../route.desk.ts'
import { texts } from '../../texts.desk.ts'
import { texts as common } from '../../texts.ts'
import DeskPage from '../desk/Desk.tsx'
import { LedgerView } from '../desk/LedgerView.tsx'
import { Accounts } from './Accounts.tsx'
import { ChainCheck } from './ChainCheck.tsx'
import { Health } from './Health.tsx'

/** The administrator's pages: accounts, all datasets, how the server is, and the whole ledger. */
export default function AdminPage({ tab, find }: { tab: AdminTab; find: string }) {
  const session = useLoad('session', api.session)
  const chat = useLoad('site', deskApi.hasChat)
  if (session.state === 'loading') return <Loading />
  if (session.state === 'error' || session.value?.role !== 'admin')
    return (
      <Empty title={texts.admin.notAdmin}>
        <Link href={`/sign-in?from=${encodeURIComponent(adminHref(tab))}`}>{common.sign.in}</Link>
      </Empty>
    )
  return (
    <>
      {tab !== 'datasets' && <h1>{texts.admin.title}</h1>}
      <Tabs
        label={texts.admin.title}
        tabs={[
          ...adminTabs.map((one) => ({ href: adminHref(one), name: texts.admin.tabs[one], isCurrent: one === tab })),
          // The operator's page is the collection site's, which not every hub has.
          ...(chat.state === 'ready' && chat.value ? [{ href: '/operator', name: texts.admin.operator, isCurrent: false }] : []),
        ]}
      />
      {tab === 'users' && <Accounts find={find} />}
      {tab === 'datasets' && <DeskPage />}
      {tab === 'health' && <Health />}
      {tab === 'ledger' && (
        <>
          <ChainCheck />
          <LedgerView load={deskApi.wholeLedger} exportHref="/api/admin/ledger" name="hub" />
        </>
      )}
    </>
  )
}
