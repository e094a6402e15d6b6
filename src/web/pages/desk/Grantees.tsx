import { type AccessRequest, deskApi, type Usage } from '../../api.desk.ts'
import { Sheet } from '../../components/Sheet/Sheet.tsx'
import { Empty, Failed, Loading } from '../../components/State/State.tsx'
import { formatBytes, formatCount, formatDay } from '../../format.ts'
import { useLoad } from '../../load.ts'
import { texts } from '../../texts.desk.ts'
import { Person } from './Person.tsx'

/** Everyone with a grant and what they have read, and others who have read the dataset. */
export function Grantees({ dataset, isGated }: { dataset: string; isGated: boolean }) {
  const found = useLoad(`grantees ${dataset} ${isGated}`, async (signal) => {
    const asked = isGated ? await deskApi.asked(dataset, 'accepted', 'release', signal) : []
    return { asked, usage: await deskApi.usage(dataset, signal) }
  })
  if (found.state === 'loading') return <Loading />
  if (found.state === 'error') return <Failed error={found.error} retry={found.retry} />
  const { asked, usage } = found.value
  const names = new Set(asked.map(({ user }) => user.user))
  const others = [...new Set(usage.map(({ actor }) => actor))].filter((name) => !names.has(name))
  return (
    <>
      {asked.length === 0 && <Empty title={texts.grantees.none}>{texts.grantees.noneHint}</Empty>}
      {asked.length > 0 && (
        <People label={texts.desk.tabs.grantees} rows={asked.map((request) => ({ name: request.user.user, request }))} usage={usage} />
      )}
      {others.length > 0 && (
        <section>
          <h2>{texts.grantees.others}</h2>
          <People label={texts.grantees.others} rows={others.map((name) => ({ name, request: undefined }))} usage={usage} />
        </section>
      )}
      <p>
        <a href={`/api/datasets/${dataset}/user-access-report`} download={`${dataset.replace('/', '-')}-requests.json`}>
          {texts.grantees.report}
        </a>
      </p>
    </>
  )
}

function People(given: { label: string; rows: readonly { name: string; request: AccessRequest | undefined }[]; usage: readonly Usage[] }) {
  const { heads, noEnd, never } = texts.grantees
  return (
    <Sheet label={given.label} heads={[heads.person, heads.since, heads.ends, heads.downloads, heads.rows, heads.bytes, heads.last]}>
      {given.rows.map(({ name, request }) => {
        const own = given.usage.filter(({ actor }) => actor === name)
        const files = own.filter(({ action }) => action.endsWith('.downloaded'))
        const times = (list: readonly Usage[]) => list.reduce((sum, one) => sum + one.times, 0)
        const last = own
          .map((one) => one.last)
          .sort()
          .at(-1)
        return (
          <tr key={name}>
            <td>
              <Person user={name} fullname={request?.user.fullname} />
            </td>
            <td>{request ? formatDay(request.timestamp) : ''}</td>
            <td>{request ? (request.expiresAt ? formatDay(request.expiresAt) : noEnd) : ''}</td>
            <td>{formatCount(times(files))}</td>
            <td>{formatCount(times(own) - times(files))}</td>
            <td>{formatBytes(own.reduce((sum, one) => sum + one.bytes, 0))}</td>
            <td>{last ? formatDay(last) : never}</td>
          </tr>
        )
      })}
    </Sheet>
  )
}
