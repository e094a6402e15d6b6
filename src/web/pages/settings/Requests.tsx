import { deskApi, type OwnRequest } from '../../api.desk.ts'
import { Sheet } from '../../components/Sheet/Sheet.tsx'
import { Empty, Failed, Loading } from '../../components/State/State.tsx'
import { formatDay } from '../../format.ts'
import { useLoad } from '../../load.ts'
import { Link } from '../../navigate.tsx'
import { askAccessHref } from '../../route.desk.ts'
import { datasetHref } from '../../route.ts'
import { texts } from '../../texts.desk.ts'

/** A person's requests for access: how each stands, why, until when, and whether its terms have changed since. */
export function Requests() {
  const found = useLoad('own requests', deskApi.requests)
  if (found.state === 'loading') return <Loading />
  if (found.state === 'error') return <Failed error={found.error} retry={found.retry} />
  if (found.value.length === 0)
    return (
      <Empty title={texts.settings.noRequests}>
        <Link href="/">{texts.settings.findDataset}</Link>
      </Empty>
    )
  const { heads } = texts.settings
  return (
    <Sheet label={texts.settings.tabs.requests} heads={[heads.dataset, heads.state, heads.asked, heads.ends, heads.terms]}>
      {found.value.map((request) => (
        <tr key={`${request.dataset} ${request.level}`}>
          <td>
            <Link href={datasetHref(request.dataset)}>{request.dataset}</Link>
            {request.level === 'raw' && <div className="quiet">{texts.raw}</div>}
          </td>
          <td>
            {stateOf(request)}
            {request.reason && (
              <div className="quiet">
                <bdi>{request.reason}</bdi>
              </div>
            )}
          </td>
          <td>{formatDay(request.requestedAt)}</td>
          <td>{request.expiresAt ? formatDay(request.expiresAt) : texts.settings.noEnd}</td>
          <td>
            {request.termsVersion < request.currentTermsVersion && request.status === 'accepted' ? (
              <>
                <div>{request.reconsentBy ? texts.settings.reconsentBy(formatDay(request.reconsentBy)) : texts.settings.termsChanged}</div>
                <Link href={askAccessHref(request.dataset, request.level)}>
                  {texts.settings.readTerms}
                  <span className="hidden"> of {request.dataset}</span>
                </Link>
              </>
            ) : (
              texts.settings.termsVersion(request.termsVersion)
            )}
          </td>
        </tr>
      ))}
    </Sheet>
  )
}

function stateOf({ status, expiresAt, reconsentBy }: OwnRequest): string {
  if (status !== 'accepted') return texts.status[status]
  const now = new Date().toISOString()
  if (expiresAt !== null && expiresAt <= now) return texts.settings.expired
  return reconsentBy !== null && reconsentBy <= now ? texts.settings.stopped : texts.status.accepted
}
