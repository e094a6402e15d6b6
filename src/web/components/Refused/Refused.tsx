import { deskApi } from '../../api.desk.ts'
import type { ApiError } from '../../api.ts'
import { useLoad } from '../../load.ts'
import { Link } from '../../navigate.tsx'
import { askAccessHref } from '../../route.desk.ts'
import { datasetHref } from '../../route.ts'
import { texts } from '../../texts.desk.ts'
import { Empty, Failed, Loading } from '../State/State.tsx'

/**
 * What is shown where the rows of a dataset were refused. The dataset-viewer API says the same of what is not there and of what is closed; whoever may know of
 * the dataset is told which it is, and led to its gate.
 */
export function Refused({ dataset, error, retry }: { dataset: string; error: ApiError; retry: () => void }) {
  const mayBeClosed = [401, 403, 404].includes(error.status)
  const access = useLoad(`gate ${dataset} ${mayBeClosed}`, async (signal) =>
    mayBeClosed ? await deskApi.access(dataset, 'release', signal) : undefined,
  )
  if (access.state === 'loading') return <Loading />
  if (access.state === 'error' || !access.value || access.value.isAllowed || access.value.refusal === 'hidden')
    return <Failed error={error} retry={retry} />
  const { request } = access.value
  return (
    <Empty title={texts.ask.closed}>
      <p>{request?.status === 'pending' ? texts.ask.closedWaiting : texts.ask.closedHint}</p>
      <p>
        <Link className="button primary" href={askAccessHref(dataset)}>
          {request ? texts.ask.standing : texts.ask.action}
        </Link>{' '}
        <Link className="button" href={datasetHref(dataset)}>
          {texts.ask.toDataset}
        </Link>
      </p>
    </Empty>
  )
}
