import { endOfDay, textOf, useAct } from '../../act.ts'
import { type DemandState, deskApi } from '../../api.desk.ts'
import { Box, Words } from '../../components/Box/Box.tsx'
import { Field, Form, Outcome } from '../../components/Form/Form.tsx'
import { Sheet } from '../../components/Sheet/Sheet.tsx'
import { Empty, Failed, Loading } from '../../components/State/State.tsx'
import { formatDay } from '../../format.ts'
import { useReload } from '../../reload.ts'
import { texts } from '../../texts.desk.ts'
import { toCsv } from './csv.ts'
import styles from './Desk.module.css'

/** Licence demands with who has confirmed and who is overdue, the form that issues one, and the day on which old agreements stop. */
export function DemandsDesk({ dataset }: { dataset: string }) {
  const [found, reload] = useReload(`demands ${dataset}`, (signal) => deskApi.demands(dataset, signal))
  return (
    <>
      {found.state === 'loading' && <Loading />}
      {found.state === 'error' && <Failed error={found.error} retry={found.retry} />}
      {found.state === 'ready' && found.value.length === 0 && <Empty title={texts.demands.none}>{texts.demands.noneHint}</Empty>}
      {found.state === 'ready' &&
        found.value
          .filter(({ id }, index) => found.value.findIndex((one) => one.id === id) === index)
          .map((first) => (
            <Demand key={first.id} dataset={dataset} first={first} people={found.value.filter(({ id }) => id === first.id)} />
          ))}
      <NewDemand dataset={dataset} issued={reload} />
      <Reconsent dataset={dataset} />
    </>
  )
}

function Demand({ dataset, first, people }: { dataset: string; first: DemandState; people: readonly DemandState[] }) {
  const done = people.filter(({ confirmedAt }) => confirmedAt !== null).length
  const late = people.filter(({ isOverdue }) => isOverdue).length
  const { heads } = texts.demands
  const act = useAct()
  const csv = toCsv(
    ['user', 'issued', 'due', 'confirmed', 'words'],
    people.map(({ user, issuedAt, dueAt, confirmedAt, words }) => [user, issuedAt, dueAt, confirmedAt ?? '', words ?? '']),
  )
  return (
    <Box label={first.text.slice(0, 80)}>
      <Words text={first.text} />
      <p>
        {texts.demands.progress(done, people.length)}
        {late > 0 && <strong> · {texts.demands.overdue(late)}</strong>}{' '}
        <span className="quiet">
          · {texts.settings.issued(formatDay(first.issuedAt))} {texts.tickets.by(first.issuedBy)} ·{' '}
          {texts.settings.due(formatDay(first.dueAt))}
        </span>{' '}
        <a href={`data:text/csv;charset=utf-8,${encodeURIComponent(csv)}`} download={`${dataset.replace('/', '-')}-${first.id}.csv`}>
          {texts.demands.export}
        </a>
      </p>
      <Sheet label={texts.demands.heads.state} heads={[heads.person, heads.state, heads.words]}>
        {people.map(({ user, confirmedAt, words, isOverdue }) => (
          <tr key={user}>
            <td>{user}</td>
            <td>
              {confirmedAt ? (
                texts.demands.confirmed(formatDay(confirmedAt))
              ) : isOverdue ? (
                <strong>{texts.demands.late}</strong>
              ) : (
                texts.demands.waiting
              )}
            </td>
            <td>
              <bdi>{words ?? ''}</bdi>
            </td>
          </tr>
        ))}
      </Sheet>
      {done < people.length && (
        <p>
          <button
            type="button"
            disabled={act.isBusy}
            onClick={() => void act.run(async () => texts.demands.reminded((await deskApi.remind(dataset, first.id)).reminded))}
          >
            {texts.demands.remind}
          </button>
        </p>
      )}
      <Outcome act={act} />
    </Box>
  )
}

function NewDemand({ dataset, issued }: { dataset: string; issued: () => void }) {
  const act = useAct()
  const submit = async (form: FormData) => {
    const { asked } = await deskApi.demand(dataset, { text: textOf(form, 'text'), dueAt: endOfDay(textOf(form, 'due')) ?? '' })
    issued()
    return texts.demands.issued(asked)
  }
  return (
    <section className={styles.part} aria-labelledby="new-demand">
      <h2 id="new-demand">{texts.demands.make}</h2>
      <Form act={act} submit={submit} action={texts.demands.issue}>
        <Field label={texts.demands.text} hint={texts.demands.textHint}>
          <textarea name="text" required minLength={10} maxLength={20_000} rows={4} />
        </Field>
        <Field label={texts.demands.due}>
          <input name="due" type="date" required />
        </Field>
      </Form>
    </section>
  )
}

function Reconsent({ dataset }: { dataset: string }) {
  const act = useAct()
  const submit = async (form: FormData) => {
    await deskApi.reconsent(dataset, 'release', endOfDay(textOf(form, 'day')) ?? null)
    return texts.demands.reconsentDone
  }
  return (
    <section className={styles.part} aria-labelledby="reconsent">
      <h2 id="reconsent">{texts.demands.reconsent}</h2>
      <Form act={act} submit={submit} action={texts.demands.reconsentAction} isQuiet={true}>
        <Field label={texts.demands.day} hint={texts.demands.reconsentHint}>
          <input name="day" type="date" />
        </Field>
      </Form>
    </section>
  )
}
