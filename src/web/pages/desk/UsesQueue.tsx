import { useAct } from '../../act.ts'
import { deskApi } from '../../api.desk.ts'
import { Confirm } from '../../components/Confirm/Confirm.tsx'
import { Outcome } from '../../components/Form/Form.tsx'
import { Sheet } from '../../components/Sheet/Sheet.tsx'
import { Empty, Failed, Loading } from '../../components/State/State.tsx'
import { formatDay } from '../../format.ts'
import { useReload } from '../../reload.ts'
import { texts } from '../../texts.desk.ts'
import styles from './Desk.module.css'

/** Models and papers that readers added: the waiting ones first, for an owner to approve or decline. */
export function UsesQueue({ dataset, isOwner }: { dataset: string; isOwner: boolean }) {
  const act = useAct()
  const [found, reload] = useReload(`uses ${dataset}`, (signal) => deskApi.uses(dataset, signal))
  if (found.state === 'loading') return <Loading />
  if (found.state === 'error') return <Failed error={found.error} retry={found.retry} />
  if (found.value.length === 0) return <Empty title={texts.uses.none}>{texts.uses.noneHint}</Empty>
  const change = (doing: () => Promise<unknown>) =>
    void act.run(async () => {
      await doing()
      reload()
      return texts.tickets.decided
    })
  const sorted = [...found.value].sort((a, b) => Number(b.status === 'pending') - Number(a.status === 'pending'))
  const { requests, dataset: words, tickets } = texts
  return (
    <>
      {!isOwner && <p className="quiet">{texts.uses.ownerDecides}</p>}
      <Outcome act={act} />
      <Sheet label={texts.desk.tabs.uses} heads={[words.useTitle, requests.heads.state, requests.heads.person, tickets.heads.decide]}>
        {sorted.map((use) => (
          <tr key={use.id}>
            <td>
              <span className="quiet">{words.useKinds[use.kind]}</span>{' '}
              <a href={use.url} rel="noopener noreferrer nofollow ugc" target="_blank">
                <bdi>{use.title}</bdi>
              </a>
              {use.note && (
                <div>
                  <bdi>{use.note}</bdi>
                </div>
              )}
            </td>
            <td>{use.status === 'approved' ? words.shown : use.status === 'pending' ? words.waiting : words.declined}</td>
            <td>
              {use.addedBy}
              <div className="quiet">{formatDay(use.addedAt)}</div>
            </td>
            <td>
              {isOwner && (
                <div className={styles.row}>
                  {use.status !== 'approved' && (
                    <button
                      type="button"
                      disabled={act.isBusy}
                      onClick={() => change(() => deskApi.decideUse(dataset, use.id, 'approved'))}
                    >
                      {words.approve}
                      <span className="hidden"> {use.title}</span>
                    </button>
                  )}
                  {use.status === 'pending' && (
                    <button
                      type="button"
                      disabled={act.isBusy}
                      onClick={() => change(() => deskApi.decideUse(dataset, use.id, 'declined'))}
                    >
                      {words.decline}
                      <span className="hidden"> {use.title}</span>
                    </button>
                  )}
                  <Confirm action={words.remove} of={use.title} act={() => change(() => deskApi.removeUse(dataset, use.id))} />
                </div>
              )}
            </td>
          </tr>
        ))}
      </Sheet>
    </>
  )
}
