import { deskApi } from '../../api.desk.ts'
import { Sheet } from '../../components/Sheet/Sheet.tsx'
import { Empty, Failed, Loading } from '../../components/State/State.tsx'
import { formatDay } from '../../format.ts'
import { useLoad } from '../../load.ts'
import { Link } from '../../navigate.tsx'
import { datasetHref } from '../../route.ts'
import { texts } from '../../texts.desk.ts'

/** What a person asked to be deleted, and where each request stands. */
export function Deletions() {
  const found = useLoad('own deletions', deskApi.ownDeletions)
  if (found.state === 'loading') return <Loading />
  if (found.state === 'error') return <Failed error={found.error} retry={found.retry} />
  if (found.value.length === 0) return <Empty title={texts.settings.noDeletions}>{texts.settings.noDeletionsHint}</Empty>
  const { heads } = texts.settings
  return (
    <Sheet label={texts.settings.tabs.deletions} heads={[heads.asked, heads.dataset, heads.what, heads.state, heads.answer]}>
      {found.value.map((one) => (
        <tr key={one.id}>
          <td>{formatDay(one.openedAt)}</td>
          <td>
            <Link href={datasetHref(one.dataset)}>{one.dataset}</Link>
          </td>
          <td>
            {texts.deletion.kinds[one.kind]}
            {one.reason && (
              <div className="quiet">
                <bdi>{one.reason}</bdi>
              </div>
            )}
          </td>
          <td>{texts.deletion.status[one.status]}</td>
          <td>
            <bdi>{one.note ?? ''}</bdi>
            {one.revision && (
              <div>
                <Link href={datasetHref(one.dataset, one.revision)}>{texts.deletion.revision(one.revision.slice(0, 7))}</Link>
              </div>
            )}
          </td>
        </tr>
      ))}
    </Sheet>
  )
}
