import { textOf, useAct } from '../../act.ts'
import { deskApi, type OwnDemand } from '../../api.desk.ts'
import { Box, Words } from '../../components/Box/Box.tsx'
import { Field, Form } from '../../components/Form/Form.tsx'
import { Empty, Failed, Loading } from '../../components/State/State.tsx'
import { formatDay } from '../../format.ts'
import { Link } from '../../navigate.tsx'
import { useReload } from '../../reload.ts'
import { datasetHref } from '../../route.ts'
import { texts } from '../../texts.desk.ts'

/** What is demanded of a person as a licensee, and the form that confirms it in writing. */
export function Demands() {
  const [found, reload] = useReload('own demands', deskApi.ownDemands)
  if (found.state === 'loading') return <Loading />
  if (found.state === 'error') return <Failed error={found.error} retry={found.retry} />
  if (found.value.length === 0) return <Empty title={texts.settings.noDemands}>{texts.settings.noDemandsHint}</Empty>
  return found.value.map((demand) => <Demand key={demand.id} demand={demand} changed={reload} />)
}

function Demand({ demand, changed }: { demand: OwnDemand; changed: () => void }) {
  const act = useAct()
  const submit = async (form: FormData) => {
    await deskApi.confirmDemand(demand.dataset, demand.id, textOf(form, 'words'))
    changed()
    return texts.settings.confirmed
  }
  const isLate = demand.confirmedAt === null && demand.dueAt <= new Date().toISOString()
  return (
    <Box label={texts.settings.demandOf(demand.dataset)}>
      <h2>
        <Link href={datasetHref(demand.dataset)}>{demand.dataset}</Link>
      </h2>
      <Words text={demand.text} />
      <p className="quiet">
        {texts.settings.issued(formatDay(demand.issuedAt))} · {texts.settings.due(formatDay(demand.dueAt))}
        {isLate && <strong> · {texts.settings.overdue}</strong>}
      </p>
      {demand.confirmedAt !== null ? (
        <p>
          {texts.settings.confirmedOn(formatDay(demand.confirmedAt))} <q>{demand.words}</q>
        </p>
      ) : (
        <Form act={act} submit={submit} action={texts.settings.confirm} label={texts.settings.demandOf(demand.dataset)}>
          <Field label={texts.settings.confirmWords} hint={texts.settings.confirmHint}>
            <textarea name="words" required minLength={3} maxLength={2000} rows={3} />
          </Field>
        </Form>
      )}
    </Box>
  )
}
