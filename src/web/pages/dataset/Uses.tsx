import { textOf, useAct } from '../../act.ts'
import { deskApi, type Use } from '../../api.desk.ts'
import { Confirm } from '../../components/Confirm/Confirm.tsx'
import { Field, Form, Outcome } from '../../components/Form/Form.tsx'
import { Failed, Loading } from '../../components/State/State.tsx'
import { useReload } from '../../reload.ts'
import { texts } from '../../texts.desk.ts'
import styles from '../Dataset.module.css'

/** Models and papers that use the dataset, and the form that adds one for those who have access. `user`: who is signed in. */
export function Uses({ dataset, isAllowed, user }: { dataset: string; isAllowed: boolean; user: string | undefined }) {
  const [found, reload] = useReload(`uses ${dataset} ${user ?? ''}`, (signal) => deskApi.uses(dataset, signal))
  const mayAdd = isAllowed && user !== undefined
  const shown = found.state === 'ready' ? found.value.filter((use) => use.status === 'approved' || use.addedBy === user) : []
  return (
    <section aria-labelledby="uses">
      <h2 id="uses">{texts.dataset.uses}</h2>
      {found.state === 'loading' && <Loading />}
      {found.state === 'error' && <Failed error={found.error} retry={found.retry} />}
      {found.state === 'ready' && shown.length === 0 && (
        <p className="quiet">
          {texts.dataset.noUses}. {mayAdd ? texts.dataset.noUsesHint : texts.dataset.noUsesSign}
        </p>
      )}
      {shown.length > 0 && (
        <ul className={styles.uses}>
          {shown.map((use) => (
            <Item key={use.id} dataset={dataset} use={use} isOwn={use.addedBy === user} removed={reload} />
          ))}
        </ul>
      )}
      {mayAdd && <Add dataset={dataset} added={reload} />}
    </section>
  )
}

function Item({ dataset, use, isOwn, removed }: { dataset: string; use: Use; isOwn: boolean; removed: () => void }) {
  const act = useAct()
  const remove = () =>
    act.run(async () => {
      await deskApi.removeUse(dataset, use.id)
      removed()
      return ''
    })
  return (
    <li>
      <span className={styles.kind}>{texts.dataset.useKinds[use.kind]}</span>{' '}
      <a href={use.url} rel="noopener noreferrer nofollow ugc" target="_blank">
        <bdi>{use.title}</bdi>
      </a>{' '}
      <span className="quiet">{hostOf(use.url)}</span>{' '}
      {use.status !== 'approved' && <em>{use.status === 'pending' ? texts.dataset.waiting : texts.dataset.declined}</em>}{' '}
      {isOwn && <Confirm action={texts.dataset.remove} of={use.title} act={() => void remove()} isDisabled={act.isBusy} />}
      {use.note && (
        <div className="quiet">
          <bdi>{use.note}</bdi>
        </div>
      )}
      <Outcome act={act} />
    </li>
  )
}

function Add({ dataset, added }: { dataset: string; added: () => void }) {
  const act = useAct()
  const submit = async (form: FormData) => {
    const { status } = await deskApi.addUse(dataset, {
      kind: textOf(form, 'kind'),
      title: textOf(form, 'title'),
      url: textOf(form, 'url'),
      note: textOf(form, 'note'),
    })
    added()
    return status === 'approved' ? texts.dataset.useAdded : texts.dataset.useWaits
  }
  return (
    <details className={styles.add}>
      <summary>{texts.dataset.addUse}</summary>
      <Form act={act} submit={submit} action={texts.dataset.addUse} isQuiet={true}>
        <Field label={texts.settings.heads.what}>
          <select name="kind">
            {(['model', 'paper', 'other'] as const).map((kind) => (
              <option key={kind} value={kind}>
                {texts.dataset.useKinds[kind]}
              </option>
            ))}
          </select>
        </Field>
        <Field label={texts.dataset.useTitle}>
          <input name="title" required minLength={3} maxLength={300} autoComplete="off" />
        </Field>
        <Field label={texts.dataset.useUrl} hint={texts.dataset.useUrlHint}>
          <input name="url" type="url" required maxLength={2000} pattern="https?://.+" autoComplete="off" />
        </Field>
        <Field label={texts.dataset.useNote} hint={texts.dataset.useNoteHint}>
          <input name="note" maxLength={1000} autoComplete="off" />
        </Field>
      </Form>
    </details>
  )
}

const hostOf = (url: string): string => URL.parse(url)?.host ?? ''
