import { useAct } from '../../act.ts'
import { deskApi } from '../../api.desk.ts'
import { Outcome } from '../../components/Form/Form.tsx'
import { Failed, Loading } from '../../components/State/State.tsx'
import { useReload } from '../../reload.ts'
import { texts } from '../../texts.desk.ts'

/** How far the search index of each split is, and the way out where one could not be built. */
export function IndexState({ dataset }: { dataset: string }) {
  const act = useAct()
  const [found, reload] = useReload(`index ${dataset}`, (signal) => deskApi.indexState(dataset, signal))
  if (found.state === 'loading') return <Loading />
  if (found.state === 'error') return <Failed error={found.error} retry={found.retry} />
  const rebuild = () =>
    act.run(async () => {
      await deskApi.rebuildIndex(dataset)
      reload()
      return texts.change.indexBegun
    })
  return (
    <>
      {found.value.length === 0 && <p className="quiet">{texts.change.indexNone}</p>}
      <ul>
        {found.value.map((one) => (
          <li key={`${one.config}/${one.split}`}>
            <bdi>
              {one.config}/{one.split}
            </bdi>
            : {one.state === 'failed' ? texts.change.indexFailed(one.nextTryAt) : texts.change.indexStates[one.state]}
          </li>
        ))}
      </ul>
      {found.value.some(({ state }) => state === 'failed') && (
        <button type="button" onClick={() => void rebuild()} disabled={act.isBusy}>
          {texts.change.indexAgain}
        </button>
      )}
      <Outcome act={act} />
    </>
  )
}
